"""Interpolate: the way from one picture to another, in the latent space and in pixels."""

import streamlit as st

from vae_ui import choose, ends, interpolating, pictures
from vae_ui.frame import frame, readable_errors
from vae_ui.sides import sides

name, model = frame(
    "What lies between two pictures?",
    "Walk from A to B in the latent space and decode on the way; mixing the pixels instead gives two ghosts.",
)


@st.fragment
def stage() -> None:
    controls, middle = sides("interpolate", 3.3)
    with controls, readable_errors():
        four = st.toggle("Four corners", key="interpolate-four", persist_state="session")
        chosen = [ends.chooser(name, model, letter) for letter in ("ABCD" if four else "AB")]
        label = choose.label(name, model, "interpolate-label")
        kind = interpolating.path()
        with st.expander("More"):
            count = interpolating.steps()
    with middle, readable_errors():
        if four:
            square = interpolating.corners(name, model, chosen, count, label)
            pictures.show(square, f"{count} x {count} pictures between A, B, C and D", "out", "A … B, C … D", 540)
            st.caption(
                "A and B are the upper corners, C and D the lower ones: all between is a mixture of the four codes."
            )
            return
        a, b = chosen
        way = interpolating.journey(name, model, a, b, count, kind, label)
        strips = st.container()
        left, right = st.columns([1, 1.2], gap="medium")
        with right:
            at = interpolating.place_on_way(count)
            interpolating.large(way, at)
        with left:
            interpolating.chart(name, model, a, b, way, at)
            st.caption("Click: sets A, the next click sets B, on a dot or between them. The line is the path.")
        with strips:
            interpolating.strips(model, way, at)
            st.caption(interpolating.caption(model, way))
    with controls:
        interpolating.downloads(name, way)


stage()
