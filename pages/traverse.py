"""Traverse: one row of images for each number of the code, from low to high values."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.shell.frame import frame, live
from vae_ui.traverse import rows
from vae_ui.widgets import choose_image, decoded_traversals
from vae_ui.widgets.two_columns import two_columns

name, model = frame(
    t("What does each number of the code do?"),
    t("Each row changes one number of the code $z$ and keeps the others fixed."),
)


def stage() -> None:
    controls, middle = two_columns("traverse")
    with controls, readable_errors():
        start = rows.start(name, model)
        label = choose_image.label(name, model, "traverse-label")
        steps = st.slider(t("Images in a row"), 5, 15, 9, 2, key="traverse-steps", persist_state="session")
        span = rows.span()
    found = decoded_traversals.traversal(model, start, span, steps, label)
    with controls:
        rows.base(model, start, label)
        rows.downloads(name, model, found)
    with middle:
        rows.table(model, found, start, span)
        st.caption(rows.caption(model))
        rows.together(model, span, steps, label)


live(stage)
