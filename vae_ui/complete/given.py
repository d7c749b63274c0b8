"""The picture of which a part is hidden: a test image, or one that a person uploads."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.data.own.pictures.one_picture import read_picture
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.images import preparation, reading
from vae_ui.base import plain_text, state
from vae_ui.base.translation import t
from vae_ui.datasets import uploads
from vae_ui.widgets import choose_image, model_cache

KINDS = [suffix[1:] for suffix in sorted(reading.SUFFIXES)]


def test_image(name: str, model: Explorer) -> NDArray[np.generic]:
    """The chosen test image (C, H, W), with the widgets that choose it."""
    place = state.place(name)

    def pick(index: int) -> None:
        place.picked = index

    choose_image.test_image(model, "complete-image", place.picked or 0, pick)
    choose_image.tell_true_label(name, model)
    return np.asarray(model_cache.test_images(name)[place.picked or 0])


def upload(model: Explorer) -> NDArray[np.generic] | None:
    """A person's own picture as the model's input; None until there is one that can be read."""
    file = st.file_uploader(
        t("Your own picture, of any size"),
        KINDS,
        key="complete-file",
        max_upload_size=50,
        help=t("An image of any size, also a photograph from a phone."),
    )
    uploads.say_refusal()
    if file is None:
        return None
    try:
        picture, said = read_picture(file.getvalue(), file.name)
    except UserError as error:
        plain_text.refuse(error)
        return None
    if said:
        st.caption(t(said))
    made = preparation.prepare(picture, model.shape, dataset=model.info.run.data.dataset)
    if made.problem is not None:
        plain_text.warn(made.problem)
    return made.x
