"""Traverse: one row for each number of the code, from low to high."""

import streamlit as st

from vae_ui import choose, pictures, traversing
from vae_ui.frame import frame, readable_errors
from vae_ui.sides import sides

name, model = frame(
    "What does each number of the code do?",
    "Each row changes one number of the code $z$ and leaves the others alone.",
)


@st.fragment
def stage() -> None:
    controls, middle = sides("traverse")
    with controls, readable_errors():
        start = traversing.start(name, model)
        label = choose.label(name, model, "traverse-label")
        steps = st.slider("Pictures in a row", 5, 15, 9, 2, key="traverse-steps", persist_state="session")
        with st.expander("More"):
            span = st.slider("Reach, in deviations", 1.0, 5.0, 3.0, 0.5, key="traverse-span", persist_state="session")
    walks = traversing.walk(model, start, span, steps, label)
    with controls:
        pictures.show(traversing.base(model, start, label), "The picture at the start", "z", "Start", 110)
        traversing.downloads(name, walks)
    with middle:
        traversing.table(model, walks, start, span)
        st.caption(traversing.caption(model))
        traversing.together(model, span, steps, label)


stage()
