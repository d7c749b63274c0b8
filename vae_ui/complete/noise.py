"""A picture with noise, restored by the model and by filters, with the error of each against the clean picture."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from vae_core.completion.denoising import ENCODER, FITTED, NOISY, Denoised, denoise
from vae_core.explore.explorer import Explorer
from vae_core.images import writing
from vae_core.messages import Message
from vae_ui.base import pictures, state
from vae_ui.base.scene import STRONGEST
from vae_ui.base.translation import Later, t
from vae_ui.complete import given, opened
from vae_ui.datasets import own_picture
from vae_ui.widgets import choose_image, model_cache

KINDS = {"salt": Message("Salt and pepper"), "gaussian": Message("Gaussian noise"), "blur": Message("Blur")}
NAMES = {
    FITTED: Message("q(z) fitted to the noise"),
    ENCODER: Message("encoder and decoder"),
    "median filter": Message("median filter"),
    "Gaussian filter": Message("Gaussian filter"),
}
WIDTH = 135


def show(name: str, model: Explorer, controls: DeltaGenerator) -> None:
    """The choice of the picture in `controls`, noise and strength; the pictures side by side, each with its error; the upload."""
    with controls:
        x = given.test_image(name, model)
        label = choose_image.label(name, model, "complete-label", t("Class given to the model")) or 0
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        kind = st.segmented_control(
            t("Noise"),
            KINDS,
            format_func=lambda one: t(KINDS[one]),
            required=True,
            **state.bound("complete-noise", state.choices(), "corruption"),
        )
        strength = st.slider(
            t("Strength"), 0.0, STRONGEST, step=0.05, **state.bound("complete-severity", state.choices(), "severity")
        )
    result = st.container()
    own = own_picture.upload(model, "complete-file")
    picture = x if own is None else own
    found = _denoised(*model_cache.key(name), name, picture, str(kind or "salt"), strength, label, state.seed())
    result.html(_gallery(found))
    result.caption(_caption(found))


def _gallery(found: Denoised) -> str:
    items = [(found.clean, t("clean")), (found.noisy, t("noisy: error {error:.3f}", error=found.errors[NOISY]))]
    items += [
        (picture, t("{method}: error {error:.3f}", method=t(NAMES[method]), error=found.errors[method]))
        for method, picture in found.restored.items()
    ]
    shown = [(writing.pictures(picture[None])[0], text, text) for picture, text in items]
    return pictures.gallery(shown, None, WIDTH)


def _caption(found: Denoised) -> str:
    best = min(found.restored, key=lambda method: found.errors[method])
    words = t(
        "Errors are root mean squares against the clean picture, in full pixels; lower is better. Least here: {method}.",
        method=t(NAMES[best]),
    )
    return f"{words} " + t(
        "The model knows the kind and the strength of the noise and fits q(z) to the noisy picture; the encoder alone takes it for a "
        "clean one."
    )


@st.cache_data(max_entries=256, show_spinner=Later("Restoring the picture ..."))
def _denoised(
    folder: str,
    changed: int,
    _name: str,
    x: NDArray[np.generic],
    kind: str,
    strength: float,
    label: int,
    seed: int,
) -> Denoised:
    return denoise(opened.checkpoint(_name).vae, x, kind, strength, label, seed)
