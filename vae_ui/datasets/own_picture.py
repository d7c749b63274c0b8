"""The upload of one picture of a person's own, prepared as the model's input."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core.data.own.pictures.one_picture import read_picture
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.images import preparation, reading
from vae_ui.base import plain_text
from vae_ui.base.translation import t
from vae_ui.datasets import uploads

KINDS = [suffix[1:] for suffix in sorted(reading.SUFFIXES)]


def upload(model: Explorer, key: str) -> NDArray[np.generic] | None:
    """A person's own picture as the model's input; None until there is one that can be read."""
    file = st.file_uploader(
        t("Your own picture, of any size"),
        KINDS,
        key=key,
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
