"""Decode: a slider for each number of the code, and the picture follows while it moves."""

import streamlit as st

from vae_ui import decoding
from vae_ui.frame import frame

name, model = frame(
    "What does the decoder draw?",
    "Move the numbers of the code $z$: the decoder draws along.",
)


@st.fragment
def stage() -> None:
    decoding.stage(name, model)
    decoding.place_of(name, model)
    st.caption(decoding.caption(name, model))


stage()
