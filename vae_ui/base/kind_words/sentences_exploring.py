"""Of the pages that explore and compare models: sentences about images, and what is said of sentences of words instead."""

from vae_core.messages import Message

SENTENCES_EXPLORING = {
    "**A plain autoencoder has no distribution over codes:** the encoder gives one code z for each image, "
    "and the decoder draws the image again from z. Choose a VAE in the sidebar to see what the noise adds.": Message(
        "**A plain autoencoder has no distribution over codes:** the encoder gives one code z for each "
        "sentence, and the decoder writes the sentence again from z. Choose a VAE in the sidebar to see what the "
        "noise adds."
    ),
    "A click on a dot makes its image the input.": Message("A click on a dot makes its sentence the input."),
    "A plain autoencoder has no prior. These codes come from a normal with the mean and standard "
    "deviation of the test images' codes, so many lie where no image has its code: look for images of "
    "nothing.": Message(
        "A plain autoencoder has no prior. These codes come from a normal with the mean and standard "
        "deviation of the test sentences' codes, so many lie where no sentence has its code: look for sentences "
        "that make no sense."
    ),
    "Above temperature 1 codes fall where few images have theirs.": Message(
        "Above temperature 1 codes fall where few sentences have theirs."
    ),
    "Amber ellipses: q(z|x) of the chosen image at 1 and 2 standard deviations.": Message(
        "Amber ellipses: q(z|x) of the chosen sentence at 1 and 2 standard deviations."
    ),
    "A plain autoencoder has no rate, so the rows are ordered by the variance of the codes.": Message(
        "A plain autoencoder has no rate, so the numbers are ordered by the variance of the codes."
    ),
    "Arithmetic with codes, and directions that edit a picture": Message(
        "Arithmetic with codes, and directions that edit a sentence"
    ),
    "Change the code $z$: the decoder draws the image at once.": Message(
        "Change the code $z$: the decoder writes the sentence at once."
    ),
    "Change the numbers of the code z: the decoder draws the image at once.": Message(
        "Change the numbers of the code z: the decoder writes the sentence at once."
    ),
    "Comparing with the test images ...": Message("Comparing with the test sentences ..."),
    "Decoded samples of q(z|x): what differs between these images is not fixed by the code.": Message(
        "Decoded samples of q(z|x): what differs between these sentences is not fixed by the code."
    ),
    "Decoding the test images ...": Message("Decoding the test sentences ..."),
    "Density of codes here: higher than at {share:.0%} of the test images.": Message(
        "Density of codes here: higher than at {share:.0%} of the test sentences."
    ),
    "Distortion, by pixel": Message("Distortion, by word"),
    "Draw": Message("Reconstruct"),
    "Draw on the left: the encoder turns the drawing into a code, and the decoder draws it again from "
    "this code alone.": Message(
        "The encoder turns the sentence on the left into a code, and the decoder writes it again from this code alone."
    ),
    "Each column is one test image. Which model keeps its slant and its class? The figures are means over "
    "these images, in nats per image, lower is better.": Message(
        "Each line is one test sentence. Which model keeps its words? The figures are means over these "
        "sentences, in nats per sentence, lower is better."
    ),
    "Each dot is the code of one test image. Move the pointer over the map: the decoder draws the code "
    "under it.": Message(
        "Each dot is the code of one test sentence. Move the pointer over the map: the decoder writes the sentence "
        "of the code under it."
    ),
    "Each image has one code and no q(z|x), so there is no ellipse. Training matched all codes together "
    "to the prior: look how round the map is.": Message(
        "Each sentence has one code and no q(z|x), so there is no ellipse. Training matched all codes together "
        "to the prior: look how round the map is."
    ),
    "Each image is new: a sample of the prior, decoded. Look for images between two classes: nothing in "
    "training excluded them.": Message(
        "Each sentence is decoded from a sample of the prior. Look for sentences that mix two classes: nothing in "
        "training excluded them."
    ),
    "Each model gets the same test images and the same codes.": Message(
        "Each model gets the same test sentences and the same codes."
    ),
    "Each row changes one number of the code $z$ and keeps the others fixed.": Message(
        "Each list changes one number of the code $z$ and keeps the others fixed."
    ),
    "Each slider is one number of the code, in standard deviations of the prior. The figure beside it is "
    "its rate in nats per image: how much this number says about the image. Move one near 0 nats: nothing "
    "changes.": Message(
        "Each slider is one number of the code, in standard deviations of the prior. The figure beside it "
        "is its rate in nats per sentence: how much this number says about the sentence. Move one near 0 nats: "
        "nothing changes."
    ),
    "Each slider is one number of the code, over the range of the test images' codes. A plain autoencoder "
    "has no rate, so the figure beside a slider is the variance of these codes. Look for codes that give "
    "no real image.": Message(
        "Each slider is one number of the code, over the range of the test sentences' codes. A plain "
        "autoencoder has no rate, so the figure beside a slider is the variance of these codes. Look for "
        "codes that give no real sentence."
    ),
    "Encode a test image": Message("Encode a test sentence"),
    "Factor on the standard deviation of the prior: below 1 the images are more typical, above 1 more varied.": Message(
        "Factor on the standard deviation of the prior: below 1 the sentences are more typical, above 1 more varied."
    ),
    "From left to right one number goes through the standard deviations of its codes; the blue dot is the start.": Message(
        "From top to bottom one number goes through the standard deviations of its codes; the blue frame is the start."
    ),
    "From left to right one number goes through the standard deviations of the prior; the blue dot is the start.": Message(
        "From top to bottom one number goes through the standard deviations of the prior; the blue frame is the start."
    ),
    "How well does the code explain an image, and what does the code cost?": Message(
        "How well does the code explain a sentence, and what does the code cost?"
    ),
    "Image": Message("Sentence"),
    "Images": Message("Sentences"),
    "Images in a row": Message("Steps"),
    "Images on the path": Message("Sentences on the path"),
    "Labelled dots are ringed; a second click takes a label back. Point at a dot to see its picture.": Message(
        "Labelled dots are ringed; a second click takes a label back. Point at a dot to see its words as bars."
    ),
    "Look along a row: what changes is what this number stands for, such as slant, width or class.": Message(
        "Read from line to line: what changes is what this number stands for, such as a noun, the number or the tense."
    ),
    "Mean of all {images:,} test images: distortion **{distortion:.1f}** nats per image, lower is better.": Message(
        "Mean of all {images:,} test sentences: distortion **{distortion:.1f}** nats per sentence, lower is better."
    ),
    "Mean of all {images:,} test images: −ELBO **{loss:.1f}** = distortion **{distortion:.1f}** + rate "
    "**{rate:.1f}** nats per image, lower is better.": Message(
        "Mean of all {images:,} test sentences: −ELBO **{loss:.1f}** = distortion **{distortion:.1f}** + rate "
        "**{rate:.1f}** nats per sentence, lower is better."
    ),
    "Nats of each pixel, {total:.1f} together": Message("Nats of each word, {total:.1f} together"),
    "Nearest test images": Message("Nearest test sentences"),
    "Not like with like: these models were trained on different images.": Message(
        "Not like with like: these models were trained on different sentences."
    ),
    "Other images": Message("Other sentences"),
    "Preparing the pictures ...": Message("Preparing the sentences ..."),
    "Samples with the same noise for each model, from the prior; for a plain autoencoder from a normal "
    "fitted to its codes. A sample in a gap between the codes gives an image of nothing.": Message(
        "Samples with the same noise for each model, from the prior; for a plain autoencoder from a "
        "normal fitted to its codes. A sample in a gap between the codes gives a sentence that makes no sense."
    ),
    "Take other test images and other codes, with the next seed.": Message(
        "Take other test sentences and other codes, with the next seed."
    ),
    "Test image": Message("Test sentence"),
    "Test image {number}": Message("Test sentence {number}"),
    "Test image {number}: {name}": Message("Test sentence {number}: {name}"),
    "Test images": Message("Test sentences"),
    "The **encoder** maps the image x to a normal distribution q(z|x), the amber ellipse: a mean μ and a "
    "standard deviation σ for each number of the code. Random **noise** ε picks one code z from it, and "
    "the **decoder** draws x′ from z alone. The distortion is low when x′ is like x; the rate is low when "
    "q(z|x) is close to the prior p(z), the grey circles.": Message(
        "The **encoder** maps the sentence x to a normal distribution q(z|x), the amber ellipse: a mean μ and "
        "a standard deviation σ for each number of the code. Random **noise** ε picks one code z from it, "
        "and the **decoder** writes x′ from z alone, word by word. The distortion is low when the words of x are "
        "probable given z; the rate is low when q(z|x) is close to the prior p(z), the grey circles."
    ),
    "The codes $z$ are random samples and the decoder draws them: no image goes in.": Message(
        "The codes $z$ are random samples and the decoder turns them into sentences: no sentence goes in."
    ),
    "The codes come from a distribution that was fitted after training to the codes of the test images "
    "({paper}). Compare with the prior: its samples in the gaps between the codes give images of nothing.": Message(
        "The codes come from a distribution that was fitted after training to the codes of the test sentences "
        "({paper}). Compare with the prior: its samples in the gaps between the codes give sentences that "
        "make no sense."
    ),
    "The codes of the test images, coloured by class; dashed circles: the prior at 1, 2 and 3 standard "
    "deviations. Codes that fill the prior give good samples; codes that spread out keep more detail.": Message(
        "The codes of the test sentences, coloured by class; dashed circles: the prior at 1, 2 and 3 standard "
        "deviations. Codes that fill the prior give good samples; codes that spread out keep more detail."
    ),
    "The distribution of the new codes: the prior, or one that is fitted to the codes of the test images.": Message(
        "The distribution of the new codes: the prior, or one that is fitted to the codes of the test sentences."
    ),
    "The encoded image": Message("The encoded sentence"),
    "The encoder turns the image into the code $z$; the decoder draws it again from this code alone.": Message(
        "The encoder turns the sentence into the code $z$; the decoder writes it again from this code alone."
    ),
    "The image at the start": Message("The sentence at the start"),
    "The ledger of this image: where its nats come from": Message(
        "The ledger of this sentence: where its nats come from"
    ),
    "The path from A to B in the latent space, decoded; below it the same path in pixels, which fades one "
    "image into the other.": Message("The path from A to B in the latent space, decoded into sentences."),
    "The pixels add up to {total:.1f} nats, the distortion that the stage shows with “Mean only”.": Message(
        "The words and the end add up to {total:.1f} nats, the distortion that the stage shows with “Mean only”."
    ),
    "The rate, in nats per image, says how much a number says about the image; near 0 it says nothing.": Message(
        "The rate, in nats per sentence, says how much a number says about the sentence; near 0 it says nothing."
    ),
    "The same seed gives the same images again. It is part of the address of this page.": Message(
        "The same seed gives the same sentences again. It is part of the address of this page."
    ),
    "The table scrolls. Small type: the 95 % interval over other images and other samples, where it can be "
    "computed; that of a classifier's accuracy holds for this trained classifier.": Message(
        "The table scrolls. Small type: the 95 % interval over other sentences and other samples, where it can be "
        "computed; that of a classifier's accuracy holds for this trained classifier."
    ),
    "The test images with the nearest codes. The model is given the class, so the code holds only the "
    "style, and the nearest images may be of any class.": Message(
        "The test sentences with the nearest codes. The model is given the class, so the code holds only the "
        "rest, and the nearest sentences may be of any class."
    ),
    "The test images with the nearest codes: for the model they are almost the same image.": Message(
        "The test sentences with the nearest codes: for the model they are almost the same sentence."
    ),
    "Their training images differ too.": Message("Their training sentences differ too."),
    "This model is given the class of an image, so its code holds only the rest: the style.": Message(
        "This model is given the class of a sentence, so its code holds only the rest."
    ),
    "Very unusual: probably out of distribution, unlike all the training images": Message(
        "Very unusual: probably out of distribution, unlike all the training sentences"
    ),
    "What does the decoder draw?": Message("What does the decoder write?"),
    "What does the model keep of your image?": Message("What does the model keep of a sentence?"),
    "What tells A from B is added to C. Each image is decoded from a code: a mean, or the code of an image.": Message(
        "What tells A from B is added to C. Each sentence is decoded from a code: a mean, or the code of a sentence."
    ),
    "What lies between two images?": Message("What lies between two sentences?"),
    "column": Message("place in the sentence"),
    "distortion **{value:.1f}** nats per image, lower is better (no q(z|x), so no ELBO)": Message(
        "distortion **{value:.1f}** nats per sentence, lower is better (no q(z|x), so no ELBO)"
    ),
    "distortion, nats per image": Message("distortion, nats per sentence"),
    "image": Message("sentence"),
    "image {number}": Message("sentence {number}"),
    "nats per image, one bar each": Message("nats per sentence, one bar each"),
    "one test image": Message("one test sentence"),
    "rate (nats per image)": Message("rate (nats per sentence)"),
    "rate, nats per image": Message("rate, nats per sentence"),
    "test image {number}": Message("test sentence {number}"),
    "test images": Message("test sentences"),
    "the test image": Message("the test sentence"),
    "{count:,} test images": Message("{count:,} test sentences"),
    "{count} images while z{number} goes from {low:g} to {high:g} standard deviations": Message(
        "{count} sentences while z{number} goes from {low:g} to {high:g} standard deviations"
    ),
    "{method} keeps near codes near: clusters are meaningful, the distances between them are not. A place on "
    "this map has no code of its own, so there are no decoded images behind the dots, and a click takes "
    "the nearest dot.": Message(
        "{method} keeps near codes near: clusters are meaningful, the distances between them are not. A "
        "place on this map has no code of its own, so a click takes the nearest dot."
    ),
    "{name}, image {number}": Message("{name}, sentence {number}"),
    "{name}, test image {number}": Message("{name}, test sentence {number}"),
    "{path}: {count} images from A to B": Message("{path}: {count} sentences from A to B"),
    "{verdict}. {share:.1%} of the test images have a lower distortion.": Message(
        "{verdict}. {share:.1%} of the test sentences have a lower distortion."
    ),
    "{verdict}. {share:.1%} of the test images have a lower −ELBO.": Message(
        "{verdict}. {share:.1%} of the test sentences have a lower −ELBO."
    ),
    "±: half the width of the 95 % interval over test images.": Message(
        "±: half the width of the 95 % interval over test sentences."
    ),
    "−ELBO **{value:.1f}** nats per image, lower is better": Message(
        "−ELBO **{value:.1f}** nats per sentence, lower is better"
    ),
}
