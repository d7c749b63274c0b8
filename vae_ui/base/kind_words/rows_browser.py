"""Of the stage and the replay, which run in the browser and are sent these."""

from vae_core.messages import Message

ROWS_BROWSER = {
    "Another picture": Message("Another row"),
    "Another test image goes in": Message("Another test row goes in"),
    "Pictures decoded from draws of q(z|x)": Message("Rows decoded from draws of q(z|x)"),
    "This picture, with the true σ, not the exaggerated one: {distortion} nats.": Message(
        "This row, with the true σ, not the exaggerated one: {distortion} nats."
    ),
    "This picture, with this z: {distortion} nats.": Message("This row, with this z: {distortion} nats."),
    "This picture: {distortion} + {rate} = {sum} nats.": Message("This row: {distortion} + {rate} = {sum} nats."),
    "This picture: {rate} nats{shares}.": Message("This row: {rate} nats{shares}."),
    "This picture: {sum} nats.": Message("This row: {sum} nats."),
    "Training makes this sum small, averaged over all images. Its negative, the ELBO, is never above log p(x).": Message(
        "Training makes this sum small, averaged over all rows. Its negative, the ELBO, is never above log p(x)."
    ),
    "True: σ = {sigma}. The pictures differ by what the code leaves open. Drag to exaggerate.": Message(
        "True: σ = {sigma}. The rows differ by what the code leaves open. Drag to exaggerate."
    ),
    "True: σ = {sigma}. This model runs on the server, which draws one picture at a time.": Message(
        "True: σ = {sigma}. This model runs on the server, which makes one row at a time."
    ),
    "nats per picture": Message("nats per row"),
    "nats; test images: {nats}": Message("nats; test rows: {nats}"),
    "Curves of distortion, rate and loss in nats per image over {seconds} seconds of training": Message(
        "Curves of distortion, rate and loss in nats per row over {seconds} seconds of training"
    ),
    "Mean of {n} test images": Message("{n} test rows"),
    "Nats per picture, lower is better.": Message("Nats per row, lower is better."),
    "Nearest test images": Message("Nearest test rows"),
    "Pixels mixed": Message("Values mixed"),
    "Test image {index}, {name}": Message("Test row {index}, {name}"),
    "The picture that the decoder draws at {code}": Message("The row that the decoder gives at {code}"),
    "The pixels of A and B mixed, {share}": Message("The values of A and B mixed, {share}"),
    "Where {n} held-out images lie in the latent space at step {step}": Message(
        "Where {n} held-out rows lie in the latent space at step {step}"
    ),
    "test images: {nats}": Message("test rows: {nats}"),
    "x goes in: {size} numbers, one for each pixel, from 0 to 1.": Message(
        "x goes in: {size} numbers, one for each column and each value of a category."
    ),
}
