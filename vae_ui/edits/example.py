"""The example whose code is edited: a test example, or a picture of the person's own."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_ui.base import state
from vae_ui.base.state import Place
from vae_ui.base.translation import t
from vae_ui.datasets import own_picture
from vae_ui.widgets import choose_image, model_cache


def choose(name: str, model: Explorer) -> None:
    """The widgets for the test example whose code is edited, and for the class that a conditional model is told."""
    place = state.place(name)
    choose_image.classes(
        model, f"edits-image-{name}", place.picked, lambda index: pick(place, model, index), t("Test image")
    )
    with st.container(width=180):
        choose_image.label(name, model, "edits-label", t("Class given to the model"))


def pick(place: Place, model: Explorer, index: int) -> None:
    """Edit the code of a test example."""
    place.picked, place.z = index, np.array(model.latents.mean[index])
    if model.conditional:
        place.label = int(model.latents.labels[index])


def given(name: str, model: Explorer, own: NDArray[np.generic] | None) -> NDArray[np.generic] | None:
    """The input (*shape) whose code is edited: a test example or the person's own picture; None for a code of another origin."""
    place = state.place(name)
    assert place.z is not None
    if place.picked is not None and np.array_equal(place.z, model.latents.mean[place.picked]):
        return np.asarray(model_cache.test_images(name)[place.picked])
    return own if own is not None and np.array_equal(place.z, encoded(model, place, own)) else None


def upload(name: str, model: Explorer) -> NDArray[np.generic] | None:
    """The uploader for a person's own picture, whose code is edited from then on; None for models of other data."""
    if model.info.run.model.kind != "picture":
        return None
    place, own = state.place(name), own_picture.upload(model, f"edits-file-{name}")
    mark = "" if own is None else str(hash(own.tobytes()))
    if own is not None and place.files.get("edit") != mark:
        place.z, place.picked = encoded(model, place, own), None
    place.files["edit"] = mark
    return own


def encoded(model: Explorer, place: Place, own: NDArray[np.generic]) -> Codes:
    """The code of a person's own picture (L,)."""
    return model.encode(own[None], place.label if model.conditional else None)[0][0]
