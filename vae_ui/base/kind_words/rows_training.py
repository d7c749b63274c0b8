"""Of the pages Train and Data, and of the doctor: sentences about images, and what is said of rows instead."""

from vae_core.messages import Message

ROWS_TRAINING = {
    "Many samples of the prior lie where no image's code lies, so generated images are worse than "
    "reconstructions.": Message(
        "Many samples of the prior lie where no row's code lies, so generated rows are worse than reconstructions."
    ),
    "Measuring the model on the test images and saving it ...": Message(
        "Measuring the model on the test rows and saving it ..."
    ),
    "Overfitting: the model memorises its training images and gets worse on others.": Message(
        "Overfitting: the model memorises its training rows and gets worse on others."
    ),
    "Press Start: the codes of 1,000 images will appear here.": Message(
        "Press Start: the codes of up to 1,000 rows will appear here."
    ),
    "Start a training run, watch the codes of the images move, then replay it with the slider.": Message(
        "Start a training run, watch the codes of the rows move, then replay it with the slider."
    ),
    'Stop earlier with a "Patience" of 5, use narrower "Layers", or give more images.': Message(
        'Stop earlier with a "Patience" of 5, use narrower "Layers", or give more rows.'
    ),
    "The code carries no information: q(z|x) equals the prior for every image, and the decoder ignores z.": Message(
        "The code carries no information: q(z|x) equals the prior for every row, and the decoder ignores z."
    ),
    "The encoder gives an image a code that is far too large.": Message(
        "The encoder gives a row a code that is far too large."
    ),
    "The target of the rate at the end of training, in nats per image.": Message(
        "The target of the rate at the end of training, in nats per row."
    ),
    "The weight of the rate is so large that the code loses detail: images become blurred averages.": Message(
        "The weight of the rate is so large that the code loses detail: rows become averages."
    ),
    "Top: distortion with the rate stacked on it; their sum is −ELBO, in nats per image, lower is better; "
    "dashed: validation images. Below: the codes of up to 1,000 validation images, then reconstructions "
    "above the originals.": Message(
        "Top: distortion with the rate stacked on it; their sum is −ELBO, in nats per row, lower is "
        "better; dashed: validation rows. Below: the codes of up to 1,000 validation rows, then "
        "reconstructions above the originals."
    ),
    "Validation images choose between models, test images judge the chosen one; neither is trained on.": Message(
        "Validation rows choose between models, test rows judge the chosen one; neither is trained on."
    ),
    "Weight of the rate in the loss: a higher value brings the codes closer to the prior and makes the "
    "images less sharp; 1 is the ELBO.": Message(
        "Weight of the rate in the loss: a higher value brings the codes closer to the prior and makes "
        "the rows less exact; 1 is the ELBO."
    ),
    "Weight of the rate: a higher beta gives more independent dimensions and blurrier images.": Message(
        "Weight of the rate: a higher beta gives more independent dimensions and less exact rows."
    ),
    "beta {beta:g}, {used} of {total} dimensions in use, rate {rate:.2g} nats per image": Message(
        "beta {beta:g}, {used} of {total} dimensions in use, rate {rate:.2g} nats per row"
    ),
    "distortion {now:.4g} nats per image, after {first:.4g} at first": Message(
        "distortion {now:.4g} nats per row, after {first:.4g} at first"
    ),
    "images per second": Message("rows per second"),
    "nats per image": Message("nats per row"),
    "rate {rate:.2g} nats per image": Message("rate {rate:.2g} nats per row"),
    "validation loss {end_of:.1f}, {rise:.1f} nats per image above its best, of epoch {epoch}": Message(
        "validation loss {end_of:.1f}, {rise:.1f} nats per row above its best, of epoch {epoch}"
    ),
    "{before:.1f} nats per image on training images, {after:.1f} on unseen ones": Message(
        "{before:.1f} nats per row on training rows, {after:.1f} on unseen ones"
    ),
    "{dead} of {total} dimensions below {limit} nats per image": Message(
        "{dead} of {total} dimensions below {limit} nats per row"
    ),
    "{figure}, test images": Message("{figure}, test rows"),
}
