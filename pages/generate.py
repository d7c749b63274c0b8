"""Generate: pictures out of pure chance."""

import streamlit as st

from vae_ui import generating
from vae_ui.frame import frame, readable_errors
from vae_ui.sides import sides

name, model = frame(
    "What does the model dream up?",
    "Chance alone chooses the codes $z$, the decoder draws them: no picture goes in.",
)
controls, middle = sides("generate")
with controls:
    wish = generating.controls(name, model)
with middle, readable_errors():  # where it is told that a sampler is being fitted
    dreamt = generating.dream(name, model, wish)
with controls:
    generating.downloads(name, model, dreamt, wish)
with middle:
    generating.sheet(model, dreamt, wish)
    st.caption(generating.caption(model, wish))
