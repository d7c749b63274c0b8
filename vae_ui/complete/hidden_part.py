"""The stage on which a hand hides a part of a picture, and the browser completes it."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from vae_core.completion.code_posterior import FEW, MANY
from vae_core.completion.weighted_codes import COMPONENTS
from vae_core.explore.explorer import Explorer
from vae_core.utils.arrays import UInt8
from vae_ui.base import pictures
from vae_ui.base.translation import t
from vae_ui.complete import given
from vae_ui.datasets import own_picture
from vae_ui.stage import Overlay, latent_map
from vae_ui.widgets import choose_image, model_cache

EXAMPLES = 1000  # codes of the test split whose decoded mean stands in the hidden part when the encoder first looks


def show(name: str, model: Explorer, controls: DeltaGenerator) -> None:
    """The choice of the picture in `controls`, the stage, what it shows in words, and the upload."""
    with controls:
        x = given.test_image(name, model)
        label = choose_image.label(name, model, "complete-label", t("Class given to the model")) or 0
    stage, below = st.container(), st.container()
    with below:
        own = own_picture.upload(model, "complete-file")
    with stage:
        latent_map(
            None,
            overlay=lambda: Overlay(label=label),
            key="complete-stage",
            model=model_cache.browser_block(name),
            parts=("completion",),
            layout="completion",
            options={"x": pictures.sent(x if own is None else own), "fill": pictures.sent(_mean(name, label))},
        )
        st.caption(_caption())


def _caption() -> str:
    return t(
        "The visible pixels are kept. For the hidden ones q(z), a mixture of {parts} normal distributions, is fitted to the visible "
        "pixels alone, by {few} steps while you paint and {many} when you let go; the completions are decoded from draws of its parts "
        "in turn. Where they differ, the visible part leaves open what was there.",
        parts=COMPONENTS,
        few=FEW,
        many=MANY,
    )


def _mean(name: str, label: int) -> UInt8:
    """The mean of what the model decodes from the codes of the test split, of one class for a conditional model, (C, H, W)."""
    return _mean_picture(*model_cache.key(name), label, model_cache.explorer(name))


@st.cache_data(max_entries=64, show_spinner=False)
def _mean_picture(folder: str, changed: int, label: int, _model: Explorer) -> UInt8:
    codes = _model.latents.mean[:EXAMPLES]
    decoded: NDArray[np.float32] = _model.decode(codes, label if _model.conditional else None)
    return np.rint(255 * decoded.mean(0)).clip(0, 255).astype(np.uint8)
