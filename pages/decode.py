"""Decode: a slider for each number of the code, and the picture follows."""

import streamlit as st

from vae_ui import choose, decoding
from vae_ui.frame import frame

name, model = frame(
    "What does the decoder draw?",
    "Set the numbers of the code $z$; the decoder turns them into a picture.",
)


@st.fragment
def stage() -> None:
    decoding.settle(name, model)
    with st.container(key="controls-below"):
        left, middle = st.columns([1.15, 1.5], gap="large")
    with left:
        decoding.buttons(name, model)
        choose.label(name, model, "decode-label")
        decoding.sliders(name, model)
    with middle:
        decoding.stage(name, model)
        st.caption(decoding.caption(name, model))


stage()
