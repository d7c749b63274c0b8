"""Of the pages that explore and compare models: sentences about images, and what is said of rows instead."""

from vae_core.messages import Message

ROWS_EXPLORING = {
    "**A plain autoencoder has no distribution over codes:** the encoder gives one code z for each image, "
    "and the decoder draws the image again from z. Choose a VAE in the sidebar to see what the noise adds.": Message(
        "**A plain autoencoder has no distribution over codes:** the encoder gives one code z for each "
        "row, and the decoder gives the row again from z. Choose a VAE in the sidebar to see what the "
        "noise adds."
    ),
    "A click on a dot makes its image the input.": Message("A click on a dot makes its row the input."),
    "A plain autoencoder has no prior. These codes come from a normal with the mean and standard "
    "deviation of the test images' codes, so many lie where no image has its code: look for images of "
    "nothing.": Message(
        "A plain autoencoder has no prior. These codes come from a normal with the mean and standard "
        "deviation of the test rows' codes, so many lie where no row has its code: look for rows that "
        "cannot be."
    ),
    "Above temperature 1 codes fall where few images have theirs.": Message(
        "Above temperature 1 codes fall where few rows have theirs."
    ),
    "Amber ellipses: q(z|x) of the chosen image at 1 and 2 standard deviations.": Message(
        "Amber ellipses: q(z|x) of the chosen row at 1 and 2 standard deviations."
    ),
    "Change the code $z$: the decoder draws the image at once.": Message(
        "Change the code $z$: the decoder gives the row at once."
    ),
    "Change the numbers of the code z: the decoder draws the image at once.": Message(
        "Change the numbers of the code z: the decoder gives the row at once."
    ),
    "Comparing with the test images ...": Message("Comparing with the test rows ..."),
    "Decoded samples of q(z|x): what differs between these images is not fixed by the code.": Message(
        "Decoded samples of q(z|x): what differs between these rows is not fixed by the code."
    ),
    "Decoding the test images ...": Message("Decoding the test rows ..."),
    "Density of codes here: higher than at {share:.0%} of the test images.": Message(
        "Density of codes here: higher than at {share:.0%} of the test rows."
    ),
    "Draw": Message("Change a row"),
    "Draw on the left: the encoder turns the drawing into a code, and the decoder draws it again from "
    "this code alone.": Message(
        "The encoder turns the row on the left into a code, and the decoder gives it again from this code alone."
    ),
    "Each column is one test image. Which model keeps its slant and its class? The figures are means over "
    "these images, in nats per image, lower is better.": Message(
        "Each column is one test row. Which model keeps its values? The figures are means over these "
        "rows, in nats per row, lower is better."
    ),
    "Each dot is the code of one test image. Move the pointer over the map: the decoder draws the code "
    "under it.": Message(
        "Each dot is the code of one test row. Move the pointer over the map: the decoder gives the row "
        "of the code under it."
    ),
    "Each image has one code and no q(z|x), so there is no ellipse. Training matched all codes together "
    "to the prior: look how round the map is.": Message(
        "Each row has one code and no q(z|x), so there is no ellipse. Training matched all codes together "
        "to the prior: look how round the map is."
    ),
    "Each image is new: a sample of the prior, decoded. Look for images between two classes: nothing in "
    "training excluded them.": Message(
        "Each row is new: a sample of the prior is decoded, and the row is a sample of p(x|z). Look for "
        "values that cannot stand together: nothing in training excluded them."
    ),
    "Each model gets the same test images and the same codes.": Message(
        "Each model gets the same test rows and the same codes."
    ),
    "Each slider is one number of the code, in standard deviations of the prior. The figure beside it is "
    "its rate in nats per image: how much this number says about the image. Move one near 0 nats: nothing "
    "changes.": Message(
        "Each slider is one number of the code, in standard deviations of the prior. The figure beside it "
        "is its rate in nats per row: how much this number says about the row. Move one near 0 nats: "
        "nothing changes."
    ),
    "Each slider is one number of the code, over the range of the test images' codes. A plain autoencoder "
    "has no rate, so the figure beside a slider is the variance of these codes. Look for codes that give "
    "no real image.": Message(
        "Each slider is one number of the code, over the range of the test rows' codes. A plain "
        "autoencoder has no rate, so the figure beside a slider is the variance of these codes. Look for "
        "codes that give no real row."
    ),
    "Encode a test image": Message("Encode a test row"),
    "Factor on the standard deviation of the prior: below 1 the images are more typical, above 1 more varied.": Message(
        "Factor on the standard deviation of the prior: below 1 the rows are more typical, above 1 more varied."
    ),
    "How well does the code explain an image, and what does the code cost?": Message(
        "How well does the code explain a row, and what does the code cost?"
    ),
    "Image": Message("Row"),
    "Images": Message("Rows"),
    "Images in a row": Message("Steps"),
    "Images on the path": Message("Rows on the path"),
    "In pixels": Message("Column by column"),
    "Look along a row: what changes is what this number stands for, such as slant, width or class.": Message(
        "Look along a line: what changes is what this number stands for."
    ),
    "Mean of all {images:,} test images: distortion **{distortion:.1f}** nats per image, lower is better.": Message(
        "Mean of all {images:,} test rows: distortion **{distortion:.1f}** nats per row, lower is better."
    ),
    "Mean of all {images:,} test images: −ELBO **{loss:.1f}** = distortion **{distortion:.1f}** + rate "
    "**{rate:.1f}** nats per image, lower is better.": Message(
        "Mean of all {images:,} test rows: −ELBO **{loss:.1f}** = distortion **{distortion:.1f}** + rate "
        "**{rate:.1f}** nats per row, lower is better."
    ),
    "Nearest test images": Message("Nearest test rows"),
    "Other images": Message("Other rows"),
    "Preparing the pictures ...": Message("Preparing the rows ..."),
    "Samples with the same noise for each model, from the prior; for a plain autoencoder from a normal "
    "fitted to its codes. A sample in a gap between the codes gives an image of nothing.": Message(
        "Samples with the same noise for each model, from the prior; for a plain autoencoder from a "
        "normal fitted to its codes. A sample in a gap between the codes gives a row that cannot be."
    ),
    "Take other test images and other codes, with the next seed.": Message(
        "Take other test rows and other codes, with the next seed."
    ),
    "Test image": Message("Test row"),
    "Test image {number}": Message("Test row {number}"),
    "Test image {number}: {name}": Message("Test row {number}: {name}"),
    "Test images": Message("Test rows"),
    "The **encoder** maps the image x to a normal distribution q(z|x), the amber ellipse: a mean μ and a "
    "standard deviation σ for each number of the code. Random **noise** ε picks one code z from it, and "
    "the **decoder** draws x′ from z alone. The distortion is low when x′ is like x; the rate is low when "
    "q(z|x) is close to the prior p(z), the grey circles.": Message(
        "The **encoder** maps the row x to a normal distribution q(z|x), the amber ellipse: a mean μ and "
        "a standard deviation σ for each number of the code. Random **noise** ε picks one code z from it, "
        "and the **decoder** gives x′ from z alone. The bars are the columns: to the right above their "
        "mean, to the left below it. The distortion is low when x′ is like x; the rate is low when q(z|x) "
        "is close to the prior p(z), the grey circles."
    ),
    "The codes $z$ are random samples and the decoder draws them: no image goes in.": Message(
        "The codes $z$ are random samples and the decoder turns them into rows: no row goes in."
    ),
    "The codes come from a distribution that was fitted after training to the codes of the test images "
    "({paper}). Compare with the prior: its samples in the gaps between the codes give images of nothing.": Message(
        "The codes come from a distribution that was fitted after training to the codes of the test rows "
        "({paper}). Compare with the prior: its samples in the gaps between the codes give rows that "
        "cannot be."
    ),
    "The codes of the test images, coloured by class; dashed circles: the prior at 1, 2 and 3 standard "
    "deviations. Codes that fill the prior give good samples; codes that spread out keep more detail.": Message(
        "The codes of the test rows, coloured by class; dashed circles: the prior at 1, 2 and 3 standard "
        "deviations. Codes that fill the prior give good samples; codes that spread out keep more detail."
    ),
    "The data set is not on this computer: the first model's reconstructions are used in place of its "
    "test images.": Message(
        "The table is not on this computer: the first model's reconstructions are used in place of its test rows."
    ),
    "The data set is not on this computer: the images are reconstructions.": Message(
        "The table is not on this computer: the rows are reconstructions."
    ),
    "The data set is not on this computer: the test images are reconstructions.": Message(
        "The table is not on this computer: the test rows are reconstructions."
    ),
    "The distribution of the new codes: the prior, or one that is fitted to the codes of the test images.": Message(
        "The distribution of the new codes: the prior, or one that is fitted to the codes of the test rows."
    ),
    "The encoded image": Message("The encoded row"),
    "The encoder turns the image into the code $z$; the decoder draws it again from this code alone.": Message(
        "The encoder turns the row into the code $z$; the decoder gives it again from this code alone."
    ),
    "The image at the start": Message("The row at the start"),
    "The path from A to B in the latent space, decoded; below it the same path in pixels, which fades one "
    "image into the other.": Message(
        "The path from A to B in the latent space, decoded; below it each column goes straight from one "
        "row to the other."
    ),
    "The rate, in nats per image, says how much a number says about the image; near 0 it says nothing.": Message(
        "The rate, in nats per row, says how much a number says about the row; near 0 it says nothing."
    ),
    "The same seed gives the same images again. It is part of the address of this page.": Message(
        "The same seed gives the same rows again. It is part of the address of this page."
    ),
    "The test images with the nearest codes. The model is given the class, so the code holds only the "
    "style, and the nearest images may be of any class.": Message(
        "The test rows with the nearest codes. The model is given the class, so the code holds only the "
        "rest, and the nearest rows may be of any class."
    ),
    "The test images with the nearest codes: for the model they are almost the same image.": Message(
        "The test rows with the nearest codes: for the model they are almost the same row."
    ),
    "This cannot be computed, since the test images are not on this computer.": Message(
        "This cannot be computed, since the test rows are not on this computer."
    ),
    "This model is given the class of an image, so its code holds only the rest: the style.": Message(
        "This model is given the class of a row, so its code holds only the rest."
    ),
    "Very unusual: probably out of distribution, unlike all the training images": Message(
        "Very unusual: probably out of distribution, unlike all the training rows"
    ),
    "What does the decoder draw?": Message("What does the decoder give?"),
    "What does the model keep of your image?": Message("What does the model keep of your row?"),
    "What lies between two images?": Message("What lies between two rows?"),
    "distortion **{value:.1f}** nats per image, lower is better (no q(z|x), so no ELBO)": Message(
        "distortion **{value:.1f}** nats per row, lower is better (no q(z|x), so no ELBO)"
    ),
    "distortion, nats per image": Message("distortion, nats per row"),
    "images mixed": Message("values mixed"),
    "nats per image, one bar each": Message("nats per row, one bar each"),
    "rate, nats per image": Message("rate, nats per row"),
    "{method} keeps near codes near: clusters are meaningful, the distances between them are not. A place on "
    "this map has no code of its own, so there are no decoded images behind the dots, and a click takes "
    "the nearest dot.": Message(
        "{method} keeps near codes near: clusters are meaningful, the distances between them are not. A "
        "place on this map has no code of its own, so a click takes the nearest dot."
    ),
    "test image {number}": Message("test row {number}"),
    "test images": Message("test rows"),
    "z (N, {size}), float32, gives picture (N, {shape}): the mean of p(x|z).": Message(
        "z (N, {size}), float32, gives picture (N, {shape}), which here is a row: the mean of p(x|z)."
    ),
    "{count:,} test images": Message("{count:,} test rows"),
    "{count} images while z{number} goes from {low:g} to {high:g} standard deviations": Message(
        "{count} rows while z{number} goes from {low:g} to {high:g} standard deviations"
    ),
    "{name}, test image {number}": Message("{name}, test row {number}"),
    "{path}: {count} images from A to B": Message("{path}: {count} rows from A to B"),
    "{verdict}. {share:.1%} of the test images have a lower distortion.": Message(
        "{verdict}. {share:.1%} of the test rows have a lower distortion."
    ),
    "{verdict}. {share:.1%} of the test images have a lower −ELBO.": Message(
        "{verdict}. {share:.1%} of the test rows have a lower −ELBO."
    ),
    "±: half the width of the 95 % interval over test images.": Message(
        "±: half the width of the 95 % interval over test rows."
    ),
    "−ELBO **{value:.1f}** nats per image, lower is better": Message(
        "−ELBO **{value:.1f}** nats per row, lower is better"
    ),
}
