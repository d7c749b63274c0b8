"""Interpolate: a path from one image to another, in the latent space and in pixels."""

import streamlit as st

from vae_ui.base import pictures, state
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.interpolate import endpoints, path
from vae_ui.shell.frame import frame, live
from vae_ui.widgets import choose_image
from vae_ui.widgets.two_columns import two_columns

name, model = frame(
    t("What lies between two images?"),
    t(
        "The path from A to B in the latent space, decoded; below it the same path in pixels, which fades one image into the other."
    ),
)


def stage() -> None:
    controls, middle = two_columns("interpolate", 3.3)
    with controls, readable_errors():
        four = endpoints.has_corners(model) and st.toggle(
            t("Four corners"), **state.bound("interpolate-four", state.choices(), "four")
        )
        chosen = [endpoints.chooser(name, model, letter) for letter in ("ABCD" if four else "AB")]
        label = choose_image.label(name, model, "interpolate-label")
        kind = path.path()
        count = path.steps()
    with middle, readable_errors():
        if four:
            square = path.corners(name, model, chosen, count, label)
            alt = t("{count} x {count} images between A, B, C and D", count=count)
            pictures.show(square, alt, "out", "A … B, C … D", 540)
            st.caption(
                t("A and B are the upper corners, C and D the lower ones; the images between them mix the four codes.")
            )
            return
        a, b = chosen
        way = path.journey(name, model, a, b, count, kind, label)
        path.strips(model, way, state.place(name).way)
        path.stage(name, model, a, b, way, kind, label)
        st.caption(path.caption(model, way))
        st.caption(
            t(
                "Drag the slider, or play the path. A click on the map sets A and the next one B, on a dot or between dots."
            )
        )
    with controls:
        path.downloads(name, model, way)


live(stage)
