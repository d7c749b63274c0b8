"""Of the stage and the replay, which run in the browser and are sent these."""

from vae_core.messages import Message

BROWSER = {
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
