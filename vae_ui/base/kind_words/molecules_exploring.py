"""Of the pages that explore and compare models: sentences about images, and what is said of molecules instead."""

from vae_core.messages import Message

MOLECULES_EXPLORING = {
    "**A plain autoencoder has no distribution over codes:** the encoder gives one code z for each image, and the "
    "decoder draws the image again from z. Choose a VAE in the sidebar to see what the noise adds.": Message(
        "**A plain autoencoder has no distribution over codes:** the encoder gives one code z for each molecule, and "
        "the decoder writes the molecule again from z. Choose a VAE in the sidebar to see what the noise adds."
    ),
    "A click on a dot makes its image the input.": Message("A click on a dot makes its molecule the input."),
    "A plain autoencoder has no prior. These codes come from a normal with the mean and standard deviation of the "
    "test images' codes, so many lie where no image has its code: look for images of nothing.": Message(
        "A plain autoencoder has no prior. These codes come from a normal with the mean and standard deviation of "
        "the test molecules' codes, so many lie where no molecule has its code: look for molecules that make little "
        "sense."
    ),
    "Above temperature 1 codes fall where few images have theirs.": Message(
        "Above temperature 1 codes fall where few molecules have theirs."
    ),
    "Amber ellipses: q(z|x) of the chosen image at 1 and 2 standard deviations.": Message(
        "Amber ellipses: q(z|x) of the chosen molecule at 1 and 2 standard deviations."
    ),
    "A plain autoencoder has no rate, so the rows are ordered by the variance of the codes.": Message(
        "A plain autoencoder has no rate, so the numbers are ordered by the variance of the codes."
    ),
    "Arithmetic with codes, and directions that edit a picture": Message(
        "Arithmetic with codes, and directions that edit a molecule"
    ),
    "Change the code $z$: the decoder draws the image at once.": Message(
        "Change the code $z$: the decoder writes the molecule at once."
    ),
    "Change the numbers of the code z: the decoder draws the image at once.": Message(
        "Change the numbers of the code z: the decoder writes the molecule at once."
    ),
    "Comparing with the test images ...": Message("Comparing with the test molecules ..."),
    "Decoded samples of q(z|x): what differs between these images is not fixed by the code.": Message(
        "Decoded samples of q(z|x): what differs between these molecules is not fixed by the code."
    ),
    "Decoding the test images ...": Message("Decoding the test molecules ..."),
    "Density of codes here: higher than at {share:.0%} of the test images.": Message(
        "Density of codes here: higher than at {share:.0%} of the test molecules."
    ),
    "Distortion, by pixel": Message("Distortion, by token"),
    "Draw": Message("Reconstruct"),
    "Draw on the left: the encoder turns the drawing into a code, and the decoder draws it again from this code "
    "alone.": Message(
        "The encoder turns the molecule on the left into a code, and the decoder writes it again from this code alone."
    ),
    "Each column is one test image. Which model keeps its slant and its class? The figures are means over these "
    "images, in nats per image, lower is better.": Message(
        "Each column is one test molecule. Which model keeps its rings and its atoms? The figures are means over "
        "these molecules, in nats per molecule, lower is better."
    ),
    "Each dot is the code of one test image. Move the pointer over the map: the decoder draws the code under it.": Message(
        "Each dot is the code of one test molecule. Move the pointer over the map: the decoder writes the molecule "
        "of the code under it."
    ),
    "Each image has one code and no q(z|x), so there is no ellipse. Training matched all codes together to the "
    "prior: look how round the map is.": Message(
        "Each molecule has one code and no q(z|x), so there is no ellipse. Training matched all codes together to "
        "the prior: look how round the map is."
    ),
    "Each image is new: a sample of the prior, decoded. Look for images between two classes: nothing in training "
    "excluded them.": Message(
        "Each molecule is decoded from a sample of the prior. Look for molecules that mix two classes: nothing in "
        "training excluded them."
    ),
    "Each model gets the same test images and the same codes.": Message(
        "Each model gets the same test molecules and the same codes."
    ),
    "Each row changes one number of the code $z$ and keeps the others fixed.": Message(
        "Each row of molecules changes one number of the code $z$ and keeps the others fixed."
    ),
    "Each slider is one number of the code, in standard deviations of the prior. The figure beside it is its rate in "
    "nats per image: how much this number says about the image. Move one near 0 nats: nothing changes.": Message(
        "Each slider is one number of the code, in standard deviations of the prior. The figure beside it is its "
        "rate in nats per molecule: how much this number says about the molecule. Move one near 0 nats: nothing "
        "changes."
    ),
    "Each slider is one number of the code, over the range of the test images' codes. A plain autoencoder has no "
    "rate, so the figure beside a slider is the variance of these codes. Look for codes that give no real image.": Message(
        "Each slider is one number of the code, over the range of the test molecules' codes. A plain autoencoder has "
        "no rate, so the figure beside a slider is the variance of these codes. Look for codes that give no real "
        "molecule."
    ),
    "Encode a test image": Message("Encode a test molecule"),
    "Factor on the standard deviation of the prior: below 1 the images are more typical, above 1 more varied.": Message(
        "Factor on the standard deviation of the prior: below 1 the molecules are more typical, above 1 more varied."
    ),
    "From left to right one number goes through the standard deviations of its codes; the blue dot is the start.": Message(
        "From left to right one number goes through the standard deviations of its codes; the blue frame is the start."
    ),
    "From left to right one number goes through the standard deviations of the prior; the blue dot is the start.": Message(
        "From left to right one number goes through the standard deviations of the prior; the blue frame is the start."
    ),
    "How well does the code explain an image, and what does the code cost?": Message(
        "How well does the code explain a molecule, and what does the code cost?"
    ),
    "Image": Message("Molecule"),
    "Images": Message("Molecules"),
    "Images in a row": Message("Molecules in a row"),
    "Images on the path": Message("Molecules on the path"),
    "Labelled dots are ringed; a second click takes a label back. Point at a dot to see its picture.": Message(
        "Labelled dots are ringed; a second click takes a label back. Point at a dot to see its structure."
    ),
    "Look along a row: what changes is what this number stands for, such as slant, width or class.": Message(
        "Look along a row: what changes is what this number stands for, such as rings, a chain or an atom."
    ),
    "Mean of all {images:,} test images: distortion **{distortion:.1f}** nats per image, lower is better.": Message(
        "Mean of all {images:,} test molecules: distortion **{distortion:.1f}** nats per molecule, lower is better."
    ),
    "Mean of all {images:,} test images: −ELBO **{loss:.1f}** = distortion **{distortion:.1f}** + rate "
    "**{rate:.1f}** nats per image, lower is better.": Message(
        "Mean of all {images:,} test molecules: −ELBO **{loss:.1f}** = distortion **{distortion:.1f}** + rate "
        "**{rate:.1f}** nats per molecule, lower is better."
    ),
    "Nats of each pixel, {total:.1f} together": Message("Nats of each token, {total:.1f} together"),
    "Nearest test images": Message("Nearest test molecules"),
    "Not like with like: these models were trained on different images.": Message(
        "Not like with like: these models were trained on different molecules."
    ),
    "Other images": Message("Other molecules"),
    "Preparing the pictures ...": Message("Preparing the molecules ..."),
    "Samples with the same noise for each model, from the prior; for a plain autoencoder from a normal fitted to its "
    "codes. A sample in a gap between the codes gives an image of nothing.": Message(
        "Samples with the same noise for each model, from the prior; for a plain autoencoder from a normal fitted to "
        "its codes. A sample in a gap between the codes gives a molecule that makes little sense."
    ),
    "Take other test images and other codes, with the next seed.": Message(
        "Take other test molecules and other codes, with the next seed."
    ),
    "Test image": Message("Test molecule"),
    "Test image {number}": Message("Test molecule {number}"),
    "Test image {number}: {name}": Message("Test molecule {number}: {name}"),
    "Test images": Message("Test molecules"),
    "The **encoder** maps the image x to a normal distribution q(z|x), the amber ellipse: a mean μ and a standard "
    "deviation σ for each number of the code. Random **noise** ε picks one code z from it, and the **decoder** draws "
    "x′ from z alone. The distortion is low when x′ is like x; the rate is low when q(z|x) is close to the prior "
    "p(z), the grey circles.": Message(
        "The **encoder** maps the molecule x to a normal distribution q(z|x), the amber ellipse: a mean μ and a "
        "standard deviation σ for each number of the code. Random **noise** ε picks one code z from it, and the "
        "**decoder** writes x′ from z alone, token by token. The distortion is low when the tokens of x are probable "
        "given z; the rate is low when q(z|x) is close to the prior p(z), the grey circles."
    ),
    "The codes $z$ are random samples and the decoder draws them: no image goes in.": Message(
        "The codes $z$ are random samples and the decoder turns them into molecules: no molecule goes in."
    ),
    "The codes come from a distribution that was fitted after training to the codes of the test images ({paper}). "
    "Compare with the prior: its samples in the gaps between the codes give images of nothing.": Message(
        "The codes come from a distribution that was fitted after training to the codes of the test molecules "
        "({paper}). Compare with the prior: its samples in the gaps between the codes give molecules that make "
        "little sense."
    ),
    "The codes of the test images, coloured by class; dashed circles: the prior at 1, 2 and 3 standard deviations. "
    "Codes that fill the prior give good samples; codes that spread out keep more detail.": Message(
        "The codes of the test molecules, coloured by class; dashed circles: the prior at 1, 2 and 3 standard "
        "deviations. Codes that fill the prior give good samples; codes that spread out keep more detail."
    ),
    "The distribution of the new codes: the prior, or one that is fitted to the codes of the test images.": Message(
        "The distribution of the new codes: the prior, or one that is fitted to the codes of the test molecules."
    ),
    "The encoded image": Message("The encoded molecule"),
    "The encoder turns the image into the code $z$; the decoder draws it again from this code alone.": Message(
        "The encoder turns the molecule into the code $z$; the decoder writes it again from this code alone."
    ),
    "The image at the start": Message("The molecule at the start"),
    "The ledger of this image: where its nats come from": Message(
        "The ledger of this molecule: where its nats come from"
    ),
    "The path from A to B in the latent space, decoded; below it the same path in pixels, which fades one image into "
    "the other.": Message("The path from A to B in the latent space, decoded into molecules."),
    "The pixels add up to {total:.1f} nats, the distortion that the stage shows with “Mean only”.": Message(
        "The tokens and the end add up to {total:.1f} nats, the distortion that the stage shows with “Mean only”."
    ),
    "The rate, in nats per image, says how much a number says about the image; near 0 it says nothing.": Message(
        "The rate, in nats per molecule, says how much a number says about the molecule; near 0 it says nothing."
    ),
    "The same seed gives the same images again. It is part of the address of this page.": Message(
        "The same seed gives the same molecules again. It is part of the address of this page."
    ),
    "The table scrolls. Small type: the 95 % interval over other images and other samples, where it can be computed; "
    "that of a classifier's accuracy holds for this trained classifier.": Message(
        "The table scrolls. Small type: the 95 % interval over other molecules and other samples, where it can be "
        "computed; that of a classifier's accuracy holds for this trained classifier."
    ),
    "The test images with the nearest codes. The model is given the class, so the code holds only the style, and the "
    "nearest images may be of any class.": Message(
        "The test molecules with the nearest codes. The model is given the class, so the code holds only the rest, "
        "and the nearest molecules may be of any class."
    ),
    "The test images with the nearest codes: for the model they are almost the same image.": Message(
        "The test molecules with the nearest codes: for the model they are almost the same molecule."
    ),
    "Their training images differ too.": Message("Their training molecules differ too."),
    "This model is given the class of an image, so its code holds only the rest: the style.": Message(
        "This model is given the class of a molecule, so its code holds only the rest."
    ),
    "Very unusual: probably out of distribution, unlike all the training images": Message(
        "Very unusual: probably out of distribution, unlike all the training molecules"
    ),
    "What does the decoder draw?": Message("What does the decoder write?"),
    "What does the model keep of your image?": Message("What does the model keep of a molecule?"),
    "What tells A from B is added to C. Each image is decoded from a code: a mean, or the code of an image.": Message(
        "What tells A from B is added to C. Each molecule is decoded from a code: a mean, or the code of a molecule."
    ),
    "What lies between two images?": Message("What lies between two molecules?"),
    "column": Message("place in the molecule"),
    "distortion **{value:.1f}** nats per image, lower is better (no q(z|x), so no ELBO)": Message(
        "distortion **{value:.1f}** nats per molecule, lower is better (no q(z|x), so no ELBO)"
    ),
    "distortion, nats per image": Message("distortion, nats per molecule"),
    "image": Message("molecule"),
    "image {number}": Message("molecule {number}"),
    "nats per image, one bar each": Message("nats per molecule, one bar each"),
    "one test image": Message("one test molecule"),
    "rate (nats per image)": Message("rate (nats per molecule)"),
    "rate, nats per image": Message("rate, nats per molecule"),
    "test image {number}": Message("test molecule {number}"),
    "test images": Message("test molecules"),
    "the test image": Message("the test molecule"),
    "{count:,} test images": Message("{count:,} test molecules"),
    "{count} images while z{number} goes from {low:g} to {high:g} standard deviations": Message(
        "{count} molecules while z{number} goes from {low:g} to {high:g} standard deviations"
    ),
    "{method} keeps near codes near: clusters are meaningful, the distances between them are not. A place on this "
    "map has no code of its own, so there are no decoded images behind the dots, and a click takes the nearest dot.": Message(
        "{method} keeps near codes near: clusters are meaningful, the distances between them are not. A place on "
        "this map has no code of its own, so a click takes the nearest dot."
    ),
    "{name}, image {number}": Message("{name}, molecule {number}"),
    "{name}, test image {number}": Message("{name}, test molecule {number}"),
    "{path}: {count} images from A to B": Message("{path}: {count} molecules from A to B"),
    "{verdict}. {share:.1%} of the test images have a lower distortion.": Message(
        "{verdict}. {share:.1%} of the test molecules have a lower distortion."
    ),
    "{verdict}. {share:.1%} of the test images have a lower −ELBO.": Message(
        "{verdict}. {share:.1%} of the test molecules have a lower −ELBO."
    ),
    "±: half the width of the 95 % interval over test images.": Message(
        "±: half the width of the 95 % interval over test molecules."
    ),
    "−ELBO **{value:.1f}** nats per image, lower is better": Message(
        "−ELBO **{value:.1f}** nats per molecule, lower is better"
    ),
    "Your sentence": Message("Your molecule"),
    "Until then the input is a test sentence.": Message("Until then the input is a test molecule."),
}
