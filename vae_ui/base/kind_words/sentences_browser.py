"""Of the stage and the replay with a model of sentences, which run in the browser and are sent these."""

from vae_core.messages import Message

SENTENCES_BROWSER = {
    "Another picture": Message("Another sentence"),
    "Another test image goes in": Message("Another test sentence goes in"),
    "Pictures decoded from draws of q(z|x)": Message("Sentences decoded from draws of q(z|x)"),
    "This picture, with the true σ, not the exaggerated one: {distortion} nats.": Message(
        "This sentence, with the true σ, not the exaggerated one: {distortion} nats."
    ),
    "This picture, with this z: {distortion} nats.": Message("This sentence, with this z: {distortion} nats."),
    "This picture: {distortion} + {rate} = {sum} nats.": Message("This sentence: {distortion} + {rate} = {sum} nats."),
    "This picture: {rate} nats{shares}.": Message("This sentence: {rate} nats{shares}."),
    "This picture: {sum} nats.": Message("This sentence: {sum} nats."),
    "Training makes this sum small, averaged over all images. Its negative, the ELBO, is never above log p(x).": Message(
        "Training makes this sum small, averaged over all sentences. Its negative, the ELBO, is never above log p(x)."
    ),
    "True: σ = {sigma}. The pictures differ by what the code leaves open. Drag to exaggerate.": Message(
        "True: σ = {sigma}. The sentences differ by what the code leaves open. Drag to exaggerate."
    ),
    "True: σ = {sigma}. This model runs on the server, which draws one picture at a time.": Message(
        "True: σ = {sigma}. This model runs on the server, which writes one sentence at a time."
    ),
    "nats per picture": Message("nats per sentence"),
    "nats; test images: {nats}": Message("nats; test sentences: {nats}"),
    "Curves of distortion, rate and loss in nats per image over {seconds} seconds of training": Message(
        "Curves of distortion, rate and loss in nats per sentence over {seconds} seconds of training"
    ),
    "Mean of {n} test images": Message("{n} test sentences"),
    "Nats per picture, lower is better.": Message("Nats per sentence, lower is better."),
    "Nearest test images": Message("Nearest test sentences"),
    "Test image {index}, {name}": Message("Test sentence {index}, {name}"),
    "The picture that the decoder draws at {code}": Message("The sentence that the decoder writes at {code}"),
    "Where {n} held-out images lie in the latent space at step {step}": Message(
        "Where {n} held-out sentences lie in the latent space at step {step}"
    ),
    "test images: {nats}": Message("test sentences: {nats}"),
    "x goes in: {size} numbers, one for each pixel, from 0 to 1.": Message(
        "x goes in: {size} numbers, the ids of the words, then the end and padding."
    ),
}
