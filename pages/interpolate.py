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
        interpolating.strips(model, way, interpolating.share(name))
        interpolating.stage(name, model, a, b, way, kind, label)
        st.caption(interpolating.caption(model, way))
        st.caption("Drag the place, or play it. A click on the map sets A, the next one B, on a dot or between them.")
    with controls:
        interpolating.downloads(name, way)


stage()
