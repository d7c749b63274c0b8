"""Latent space: the map of a model's codes."""

import streamlit as st

from vae_ui import mapping
from vae_ui.frame import frame, readable_errors

name, model = frame(
    "Where do the {things} live?",
    "Each dot is one test image, placed by the encoder. Click anywhere: the decoder answers.",
)


@st.fragment
def stage() -> None:
    middle, right = st.columns([1.9, 1], gap="medium")
    with middle, readable_errors():
        view = mapping.choose_view(name, model)
        if view is None:
            mapping.wait_for_tsne(model)
            return
        done = mapping.draw_map(name, model, view)
        st.caption(mapping.caption(name, model, view))
    with right:
        if len(done.selection):
            mapping.selected(name, model, done.selection)
        else:
            mapping.reading(name, model)


stage()
