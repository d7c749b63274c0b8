"""Of the pages Train and Data, and of the doctor: sentences about images, and what is said of molecules instead."""

from vae_core.messages import Message

MOLECULES_TRAINING = {
    "Arrows: {count} validation images, from their code before the step to that after it.": Message(
        "Arrows: {count} validation molecules, from their code before the step to that after it."
    ),
    "Arrows: {count} validation images, from their code before the step towards that after it, {factor:,.0f} times "
    "as long.": Message(
        "Arrows: {count} validation molecules, from their code before the step towards that after it, {factor:,.0f} "
        "times as long."
    ),
    "KL of {number} (nats per image)": Message("KL of {number} (nats per molecule)"),
    "Many samples of the prior lie where no image's code lies, so generated images are worse than reconstructions.": Message(
        "Many samples of the prior lie where no molecule's code lies, so generated molecules are worse than "
        "reconstructions."
    ),
    "Measuring the model on the test images and saving it ...": Message(
        "Measuring the model on the test molecules and saving it ..."
    ),
    "Overfitting: the model memorises its training images and gets worse on others.": Message(
        "Overfitting: the model memorises its training molecules and gets worse on others."
    ),
    "Press Start: the codes of 1,000 images will appear here.": Message(
        "Press Start: the codes of up to 1,000 molecules will appear here."
    ),
    "Start a training run, watch the codes of the images move, then replay it with the slider.": Message(
        "Start a training run, watch the codes of the molecules move, then replay it with the slider."
    ),
    "Step {step:,}, learning rate {lr:.2g}: the loss of its batch went from {before:.3f} to {after:.3f} nats per "
    "image.": Message(
        "Step {step:,}, learning rate {lr:.2g}: the loss of its batch went from {before:.3f} to {after:.3f} nats per "
        "molecule."
    ),
    'Stop earlier with a "Patience" of 5, use narrower "Layers", or give more images.': Message(
        'Stop earlier with a "Patience" of 5, use narrower "Layers", or give more molecules.'
    ),
    "The code carries no information: q(z|x) equals the prior for every image, and the decoder ignores z.": Message(
        "The code carries no information: q(z|x) equals the prior for every molecule, and the decoder ignores z."
    ),
    "The encoder gives an image a code that is far too large.": Message(
        "The encoder gives a molecule a code that is far too large."
    ),
    "The target of the rate at the end of training, in nats per image.": Message(
        "The target of the rate at the end of training, in nats per molecule."
    ),
    "The weight of the rate is so large that the code loses detail: images become blurred averages.": Message(
        "The weight of the rate is so large that the code loses detail: molecules become alike."
    ),
    "Top: distortion with the rate stacked on it; their sum is −ELBO, in nats per image, lower is better; dashed: "
    "validation images. Below: the codes of up to 1,000 validation images, then reconstructions above the originals.": Message(
        "Top: distortion with the rate stacked on it; their sum is −ELBO, in nats per molecule, lower is better; "
        "dashed: validation molecules. Below: the codes of up to 1,000 validation molecules, then reconstructions "
        "above the originals."
    ),
    "Validation images choose between models, test images judge the chosen one; neither is trained on.": Message(
        "Validation molecules choose between models, test molecules judge the chosen one; neither is trained on."
    ),
    "Weight of the rate in the loss: a higher value brings the codes closer to the prior and makes the images less "
    "sharp; 1 is the ELBO.": Message(
        "Weight of the rate in the loss: a higher value brings the codes closer to the prior and makes the molecules "
        "less exact; 1 is the ELBO."
    ),
    "Weight of the rate: a higher beta gives more independent dimensions and blurrier images.": Message(
        "Weight of the rate: a higher beta gives more independent dimensions and less exact molecules."
    ),
    "beta {beta:g}, {used} of {total} dimensions in use, rate {rate:.2g} nats per image": Message(
        "beta {beta:g}, {used} of {total} dimensions in use, rate {rate:.2g} nats per molecule"
    ),
    "distortion {now:.4g} nats per image, after {first:.4g} at first": Message(
        "distortion {now:.4g} nats per molecule, after {first:.4g} at first"
    ),
    "images of": Message("molecules of"),
    "images per second": Message("molecules per second"),
    "nats per image": Message("nats per molecule"),
    "rate {rate:.2g} nats per image": Message("rate {rate:.2g} nats per molecule"),
    "validation loss {end_of:.1f}, {rise:.1f} nats per image above its best, of epoch {epoch}": Message(
        "validation loss {end_of:.1f}, {rise:.1f} nats per molecule above its best, of epoch {epoch}"
    ),
    "{before:.1f} nats per image on training images, {after:.1f} on unseen ones": Message(
        "{before:.1f} nats per molecule on training molecules, {after:.1f} on unseen ones"
    ),
    "{dead} of {total} dimensions below {limit} nats per image": Message(
        "{dead} of {total} dimensions below {limit} nats per molecule"
    ),
    "{figure} (nats per image)": Message("{figure} (nats per molecule)"),
    "{figure}, test images": Message("{figure}, test molecules"),
}
