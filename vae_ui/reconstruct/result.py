"""The Reconstruct page: the live stage of one image, its error, samples of its posterior, and its nearest test images."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer, ImageAnalysis
from vae_core.explore.nearest_codes import nearest_codes
from vae_core.messages import Message
from vae_core.utils.arrays import Int64
from vae_ui.base import state
from vae_ui.base.translation import Later, language, ngettext, t
from vae_ui.reconstruct import inputs
from vae_ui.reconstruct.inputs import Given
from vae_ui.stage import Overlay, latent_map
from vae_ui.views import says, sentences, view_of
from vae_ui.widgets import choose_image, code_map, latent_units, model_cache, small_map
from vae_ui.widgets.decoded_traversals import server_words

NEIGHBOURS = 6
SAMPLES = 8
MAP = "reconstruct-map"
VERDICTS = (  # by the share of test images that the model explains better, from 0 up to this
    (0.75, Message("Usual")),
    (0.95, Message("Less usual")),
    (0.995, Message("Rare")),
    (1.0, Message("Very unusual: probably out of distribution, unlike all the training images")),
)


@dataclass(frozen=True)
class ForwardPass:
    """The forward pass of one image: the input, the outputs of the model, and the label that the model was given."""

    given: Given
    reading: ImageAnalysis
    label: int | None


def forward(model: Explorer, given: Given, label: int | None) -> ForwardPass:
    """Run the model on the input; its noise comes from the seed."""
    x = None if given.missing else given.x
    return ForwardPass(given, model.analyse(x, label, SAMPLES, state.seed(), words=given.said), label)


def show_all(name: str, model: Explorer, seen: ForwardPass, near: Int64) -> None:
    """Show what the model says of the input, below the stage."""
    if model.codebook is not None:
        choices(name, model, seen)
    left, centre, right = st.columns(3, gap="medium")
    with left:
        difference(model, seen)
    with centre:
        st.subheader(t("Nearest test images"), anchor=False)
        neighbours(name, model, near)
        st.caption(neighbour_caption(model))
    with right:
        st.subheader(t("How unusual is it?"), anchor=False)
        st.markdown(unusual(name, model, seen))
        st.button(
            t("Continue with its code"),
            on_click=keep,
            args=(name, seen),
            help=t("The pages Decode and Traverse start at this code."),
        )
    if seen.reading.rate is not None and model.codebook is None:
        st.subheader(t("Samples from q(z|x)"), anchor=False)
        samples(model, seen)
        st.caption(t("Decoded samples of q(z|x): what differs between these images is not fixed by the code."))


def difference(model: Explorer, seen: ForwardPass) -> None:
    """Show how the reconstruction differs from the input."""
    if seen.reading.error is None:
        st.subheader(t("The difference"), anchor=False)
        st.caption(t("The picture is missing, so there is nothing to compare x′ with."))
        return
    view_of(model).error(seen.given.x, seen.reading.reconstruction, seen.reading.error)


def caption(model: Explorer, name: str, given: Given) -> str:
    """The caption of the stage: what to do and what to look at."""
    parts = [t("Draw over x: the rest follows at once.")] if "draw" in view_of(model).sources else []
    if given.missing:
        parts = [
            t("The picture is missing: q(z) is that given the words alone, and the decoder draws the picture from it.")
        ]
    elif given.said is not None:
        parts.append(t("Both parts go in: q(z) is that given both."))
    elif model.info.caption is not None:
        parts.append(t("The words are missing: the decoder makes them of the code of the picture alone."))
    parts.append(
        ngettext(
            "What x′ lacks is not in the {count} number of the code.",
            "What x′ lacks is not in the {count} numbers of the code.",
            model.latent_dim,
        )
    )
    if given.x is not None and given.x is state.place(name).linked:
        parts.append(
            t("A link holds the code of your own picture, not the picture itself: x is what this code decodes to.")
        )
    if not model_cache.at_hand(name):
        parts.append(t("The data set is not on this computer: the test images are reconstructions."))
    return " ".join([*parts, *server_words(model), *_marks(model)])


def samples(model: Explorer, seen: ForwardPass) -> None:
    """Show images decoded from samples of q(z|x)."""
    made = seen.reading.samples
    alts = [t("Sample {number} from q(z|x)", number=i + 1) for i in range(len(made))]
    said = sentences(says(model, seen.reading.codes), len(made))
    st.html(view_of(model).gallery(made, alts, said, "out"))


def choices(name: str, model: Explorer, seen: ForwardPass) -> None:
    """Show the image, its code map and its reconstruction, for a quantised model."""
    x, out = (view_of(model).pictures(one[None]) for one in (seen.given.x, seen.reading.reconstruction))
    code_map.seen(name, model, x[0], seen.reading.mean, out[0])


def unusual(name: str, model: Explorer, seen: ForwardPass) -> str:
    """How unusual the image is: the share of test images that the model explains better."""
    if seen.given.said is not None:
        return t("This is known of pictures alone: choose “{part}” above.", part=t("Picture"))
    if not model_cache.at_hand(name):
        return t("This cannot be computed, since the test images are not on this computer.")
    reading = seen.reading
    share = float((_losses(*model_cache.key(name), name) < reading.distortion + (reading.rate or 0.0)).mean())
    verdict = f"**{t(next(words for limit, words in VERDICTS if share <= limit))}**"
    if reading.rate is None:
        return t("{verdict}. {share:.1%} of the test images have a lower distortion.", verdict=verdict, share=share)
    return t("{verdict}. {share:.1%} of the test images have a lower −ELBO.", verdict=verdict, share=share)


@st.cache_resource(max_entries=8, show_spinner=Later("Comparing with the test images ..."))
def _losses(folder: str, changed: int, name: str) -> NDArray[np.float32]:
    model = model_cache.explorer(name)
    return model.losses(model_cache.test_images(name), model.latents.labels if model.conditional else None)


def stage(name: str, model: Explorer, seen: ForwardPass, near: Int64) -> None:
    """The stage: x on the drawing pad, x', the terms of the bound, and the map with q(z|x); the browser computes all of it."""
    dots, block, index = small_map.payload(name), model_cache.browser_block(name), seen.given.index
    overlay = Overlay(
        label=seen.label or 0,
        pick=index if index is not None and index < small_map.MOST and not seen.given.missing else None,
        neighbours=[int(i) for i in near if i < small_map.MOST],
    )
    latent_map(
        dots,
        overlay=lambda: overlay,
        key=MAP,
        height=430,
        model=block,
        parts=("pad", "picture", "numbers"),
        layout="pad",
        options=options(model, seen.given),
        on_event=lambda event: inputs.take(name, model, event),
        common=True,
    )


def options(model: Explorer, given: Given) -> dict[str, object]:
    """The facts about the input and the model that the parts of the stage need."""
    elbo = model.info.figures.get("elbo")
    usual = None if elbo is None else -elbo
    told = inputs.options(model, given) | {"title": t("x′: what comes out"), "order": model.order()}
    if (words := model.info.caption) is None:
        return told | {"usual": usual}
    sentence = None if given.said is None else words.phrase(given.said, language())
    parts = {"picture": not given.missing, "said": given.said, "sentence": sentence}
    return told | {"usual": usual if given.said is None else None, "given": parts}


def nearest(model: Explorer, seen: ForwardPass) -> Int64:
    """Numbers of the test images with the nearest codes, without the image itself."""
    found = nearest_codes(model.latents.mean, seen.reading.mean, NEIGHBOURS + 1)
    return found[found != seen.given.index][:NEIGHBOURS]


def neighbours(name: str, model: Explorer, near: Int64) -> None:
    """Show the nearest test images, each with its class."""
    names, labels = choose_image.class_names(model), model.latents.labels
    words = [names[labels[i]] if model.info.classes else t("number {number}", number=i) for i in near]
    alts = [t("Test image {number}: {name}", number=i, name=word) for i, word in zip(near, words, strict=True)]
    st.html(view_of(model).gallery(model_cache.test_images(name)[near], alts, words))


def neighbour_caption(model: Explorer) -> str:
    """The caption of the nearest test images."""
    if model.conditional:
        return t(
            "The test images with the nearest codes. The model is given the class, so the code holds only the style, and the "
            "nearest images may be of any class."
        )
    return t("The test images with the nearest codes: for the model they are almost the same image.")


def _marks(model: Explorer) -> Iterator[str]:
    """Sentences on the marks of the map."""
    if model.latent_dim <= 2:
        yield t("On the map the blue ring is the code z.")
    else:
        yield t("On the map, a projection onto the first two principal components, the blue ring is the code z.")
    if not latent_units.is_plain(model) and model.codebook is None:
        yield t("The amber ellipses are q(z|x) at 1 and 2 standard deviations.")
    yield t("A click on a dot makes its image the input.")


def keep(name: str, seen: ForwardPass) -> None:
    """Make the code of this image the current z of the other pages."""
    state.place(name).z = np.asarray(seen.reading.mean)
