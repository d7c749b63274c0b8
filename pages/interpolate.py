"""Interpolate: the way from one picture to another, in the latent space and in pixels."""

import streamlit as st

from vae_ui.base import pictures, state
from vae_ui.base.readable_errors import readable_errors
from vae_ui.interpolate import endpoints, path
from vae_ui.shell.frame import frame, live
from vae_ui.widgets import choose_image
from vae_ui.widgets.two_columns import two_columns

name, model = frame(
    "What lies between two pictures?",
    "Walk from A to B in the latent space and decode on the way; mixing the pixels instead gives two ghosts.",
)


def stage() -> None:
    controls, middle = two_columns("interpolate", 3.3)
    with controls, readable_errors():
        four = st.toggle("Four corners", **state.bound("interpolate-four", state.choices(), "four"))
        chosen = [endpoints.chooser(name, model, letter) for letter in ("ABCD" if four else "AB")]
        label = choose_image.label(name, model, "interpolate-label")
        kind = path.path()
        with st.expander("More"):
            count = path.steps()
    with middle, readable_errors():
        if four:
            square = path.corners(name, model, chosen, count, label)
            pictures.show(square, f"{count} x {count} pictures between A, B, C and D", "out", "A … B, C … D", 540)
            st.caption(
                "A and B are the upper corners, C and D the lower ones: all between is a mixture of the four codes."
            )
            return
        a, b = chosen
        way = path.journey(name, model, a, b, count, kind, label)
        path.strips(model, way, state.place(name).way)
        path.stage(name, model, a, b, way, kind, label)
        st.caption(path.caption(model, way))
        st.caption("Drag the place, or play it. A click on the map sets A, the next one B, on a dot or between them.")
    with controls:
        path.downloads(name, way)


live(stage)
