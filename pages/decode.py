"""Decode: a slider for each number of the code, and the picture follows while it moves; of a quantised code its map."""

import streamlit as st

from vae_ui import code_map, decoding
from vae_ui.frame import frame

name, model = frame(
    "What does the decoder draw?",
    "Change the code $z$: the decoder draws along.",
)


@st.fragment
def stage() -> None:
    if model.codebook is not None:
        code_map.stage(name, model)
        return
    decoding.stage(name, model)
    decoding.place_of(name, model)
    st.caption(decoding.caption(name, model))


stage()
