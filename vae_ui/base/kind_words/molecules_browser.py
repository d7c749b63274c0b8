"""Of the stage and the replay with a model of molecules, which run in the browser and are sent these."""

from vae_core.messages import Message

MOLECULES_BROWSER = {
    "Another picture": Message("Another molecule"),
    "Another test image goes in": Message("Another test molecule goes in"),
    "Pictures decoded from draws of q(z|x)": Message("Molecules decoded from draws of q(z|x)"),
    "This picture, with the true σ, not the exaggerated one: {distortion} nats.": Message(
        "This molecule, with the true σ, not the exaggerated one: {distortion} nats."
    ),
    "This picture, with this z: {distortion} nats.": Message("This molecule, with this z: {distortion} nats."),
    "This picture: {distortion} + {rate} = {sum} nats.": Message("This molecule: {distortion} + {rate} = {sum} nats."),
    "This picture: {rate} nats{shares}.": Message("This molecule: {rate} nats{shares}."),
    "This picture: {sum} nats.": Message("This molecule: {sum} nats."),
    "Training makes this sum small, averaged over all images. Its negative, the ELBO, is never above log p(x).": Message(
        "Training makes this sum small, averaged over all molecules. Its negative, the ELBO, is never above log p(x)."
    ),
    "True: σ = {sigma}. The pictures differ by what the code leaves open. Drag to exaggerate.": Message(
        "True: σ = {sigma}. The molecules differ by what the code leaves open. Drag to exaggerate."
    ),
    "True: σ = {sigma}. This model runs on the server, which draws one picture at a time.": Message(
        "True: σ = {sigma}. This model runs on the server, which writes one molecule at a time."
    ),
    "nats per picture": Message("nats per molecule"),
    "nats; test images: {nats}": Message("nats; test molecules: {nats}"),
    "Curves of distortion, rate and loss in nats per image over {seconds} seconds of training": Message(
        "Curves of distortion, rate and loss in nats per molecule over {seconds} seconds of training"
    ),
    "Mean of {n} test images": Message("{n} test molecules"),
    "Nats per picture, lower is better.": Message("Nats per molecule, lower is better."),
    "Nearest test images": Message("Nearest test molecules"),
    "Test image {index}, {name}": Message("Test molecule {index}, {name}"),
    "The picture that the decoder draws at {code}": Message("The molecule that the decoder writes at {code}"),
    "Where {n} held-out images lie in the latent space at step {step}": Message(
        "Where {n} held-out molecules lie in the latent space at step {step}"
    ),
    "test images: {nats}": Message("test molecules: {nats}"),
    "x goes in: {size} numbers, one for each pixel, from 0 to 1.": Message(
        "x goes in: {size} numbers, the ids of the tokens, then the end and padding."
    ),
}
