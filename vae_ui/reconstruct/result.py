"""What the Reconstruct page shows of one picture: the live stage, and from Python the error, the samples and its place among others."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.codes import Codes, nearest_codes
from vae_core.explore.explorer import Explorer, ImageAnalysis
from vae_core.images import writing
from vae_core.utils.arrays import Int64, UInt8
from vae_ui.base import pictures, state
from vae_ui.base.palette import GROUND
from vae_ui.reconstruct import inputs
from vae_ui.reconstruct.inputs import Given
from vae_ui.stage import Overlay, latent_map
from vae_ui.widgets import choose_image, code_map, model_cache, small_map, walks

NEIGHBOURS = 6
SAMPLES = 8
MAP = "reconstruct-map"
VERDICTS = (  # the share of test images that the model explains better, up to
    (0.75, "Usual"),
    (0.95, "Less usual"),
    (0.995, "Rare"),
    (1.0, "Very unusual: probably nothing like it was in the data"),
)


@dataclass(frozen=True)
class ForwardPass:
    """One picture seen by the model: what went in, what the model says of it, and the label it was told."""

    given: Given
    reading: ImageAnalysis
    label: int | None


def forward(model: Explorer, given: Given, label: int | None) -> ForwardPass:
    """Everything that the model says of the input; chance comes from the seed."""
    return ForwardPass(given, model.analyse(given.x, label, SAMPLES, state.seed()), label)


def difference(model: Explorer, seen: ForwardPass) -> None:
    """What was lost and what was added, pixel by pixel, with its legend; for a point, the distance."""
    error = seen.reading.error
    if model.info.run.model.is_points:
        st.caption(f"The point comes back {np.sqrt(np.square(error).sum()):.3f} away from where it was.")
        return
    st.subheader("The difference", anchor=False)
    alt = f"The error, root mean square {np.sqrt(np.mean(np.square(error))):.3f} of full brightness"
    pictures.show(heat(error), alt, None, "")
    st.html(_legend())
    st.caption("Brightness that was lost on the way, and that the model added of its own: look at the edges.")


def caption(model: Explorer, name: str) -> str:
    """What to do and to look at on the stage, and whether the test images are the real ones."""
    words = "" if model.info.run.model.is_points else "Draw over x and watch the rest follow. "
    words += "What x′ lost did not fit through "
    words += "one number. " if model.latent_dim == 1 else f"{model.latent_dim} numbers. "
    if not model_cache.at_hand(name):
        words += "The data set is not on this machine, so the test images are themselves reconstructions. "
    return words + _place(model)


def heat(error: NDArray[np.float32]) -> UInt8:
    """The signed error (C, H, W) as colours: what was lost in the input's colour, what was added in the output's, on the ground."""
    value = error.mean(0)[..., None]
    strength = np.abs(value) ** 0.7  # small errors are seen too
    ends = np.where(value < 0, _rgb(pictures.tint("x")), _rgb(pictures.tint("out")))
    ground = _rgb(GROUND[dark()])
    return np.rint(ground + strength * (ends - ground)).clip(0, 255).astype(np.uint8)


def samples(seen: ForwardPass) -> None:
    """Pictures decoded from codes drawn from q(z given x)."""
    drawn = writing.pictures(seen.reading.samples)
    pictures.gallery([(p, f"Sample {i + 1} from q", "") for i, p in enumerate(drawn)], "out", 72)


def choices(name: str, model: Explorer, seen: ForwardPass) -> None:
    """The picture, its code map and its reconstruction, of a quantised model."""
    x, out = writing.pictures(np.stack([seen.given.x])), writing.pictures(seen.reading.reconstruction[None])
    code_map.seen(name, model, x[0], seen.reading.mean, out[0])


def unusual(name: str, model: Explorer, seen: ForwardPass) -> str:
    """How unusual the picture is: the share of test images that the model explains better."""
    if not model_cache.at_hand(name):
        return "How unusual it is cannot be said: the test images are not on this machine."
    reading = seen.reading
    share = float((_losses(*model_cache.key(name), name) < reading.distortion + (reading.rate or 0.0)).mean())
    term = "distortion" if reading.rate is None else "−ELBO"
    verdict = next(words for limit, words in VERDICTS if share <= limit)
    return f"**{verdict}**. {share:.1%} of the test images have a lower {term}."


@st.cache_resource(max_entries=8, show_spinner="Comparing with the test images ...")
def _losses(folder: str, changed: int, name: str) -> NDArray[np.float32]:
    model = model_cache.explorer(name)
    return model.losses(model_cache.test_images(name), model.latents.labels if model.conditional else None)


def stage(name: str, model: Explorer, seen: ForwardPass, near: Int64) -> None:
    """x on the pad, x', the terms, and the map on which the posterior walks: all of it worked out in the browser."""
    dots, block, index = small_map.payload(name), model_cache.browser_block(name), seen.given.index
    overlay = Overlay(
        label=seen.label or 0,
        pick=index if index is not None and index < small_map.MOST else None,
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
    )


def options(model: Explorer, given: Given) -> dict[str, object]:
    """What the pad, the picture and the numbers must know of the model: see `stage/js/parts`."""
    elbo = model.info.figures.get("elbo")
    usual = None if elbo is None else -elbo
    return inputs.options(model, given) | {"title": "x′: what comes out", "order": model.order(), "usual": usual}


def nearest(model: Explorer, seen: ForwardPass) -> Int64:
    """Numbers of the test images whose codes lie nearest, itself left out."""
    found = nearest_codes(model.latents.mean, seen.reading.mean, NEIGHBOURS + 1)
    return found[found != seen.given.index][:NEIGHBOURS]


def neighbours(name: str, model: Explorer, near: Int64) -> None:
    """The nearest test images, each with its class."""
    names, labels = choose_image.class_names(model), model.latents.labels
    shown = writing.pictures(model_cache.test_images(name)[near])
    words = [names[labels[i]] if model.info.classes else f"number {i}" for i in near]
    pictures.gallery([(p, f"Test image {i}: {w}", w) for p, i, w in zip(shown, near, words, strict=True)], None, 72)


def neighbour_caption(model: Explorer) -> str:
    """What it means to have a near code."""
    words = "The test images with the nearest codes: "
    if model.conditional:
        return (
            words
            + "the model is told the class, so the code holds the style alone, and neighbours may be of any class."
        )
    return words + "to the model these are almost the same picture."


def _place(model: Explorer) -> str:
    flat = "" if model.latent_dim <= 2 else ", seen along the two directions in which the codes vary most"
    words = f"On the map the blue ring is the code{flat}"
    ellipse = (
        "."
        if walks.is_plain(model) or model.codebook is not None
        else "; the amber ellipse is q(z|x), one and two deviations in the map's own scale."
    )
    return f"{words}{ellipse} Click a dot and its image goes in."


def keep(name: str, seen: ForwardPass) -> None:
    """Let the other pages go on from this picture's code."""
    state.place(name).z = np.asarray(seen.reading.mean)


def dark() -> bool:
    """Whether this browser shows the dark theme."""
    return bool(st.context.theme.type == "dark")


def _rgb(hex_colour: str) -> Codes:
    return np.array([int(hex_colour[i : i + 2], 16) for i in (1, 3, 5)], np.float32)


def _legend() -> str:
    ground = GROUND[dark()]
    return (
        f'<div style="max-width:230px;padding:0 5px;font-size:.8rem"><div style="height:10px;border-radius:3px;border:1px solid #8886;'
        f'background:linear-gradient(90deg,{pictures.tint("x")},{ground},{pictures.tint("out")})"></div>'
        '<div style="display:flex;justify-content:space-between"><span>lost</span><span>same</span><span>added</span></div></div>'
    )
