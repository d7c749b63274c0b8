"""Latent space: the map of a model's codes."""

import streamlit as st

from vae_ui import mapping, take_home
from vae_ui.frame import frame, readable_errors

name, model = frame(
    "Where do the {things} live?",
    "Each dot is one test image, placed by the encoder. Move over the map: the decoder answers.",
)


@st.fragment
def stage() -> None:
    with readable_errors():
        view = mapping.choose_view(name, model)
        if view is None:
            mapping.wait_for_tsne(model)
            return
        mapping.draw_map(name, model, view)
        mapping.reading(name, model)
        st.caption(mapping.caption(name, model, view))
        take_home.draw(name, model, view)


stage()
