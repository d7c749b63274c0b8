"""Generate: pictures out of pure chance."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.generate import samples
from vae_ui.shell import address
from vae_ui.shell.frame import frame
from vae_ui.widgets.two_columns import two_columns

name, model = frame(
    "What does the model dream up?",
    "Chance alone chooses the codes $z$, the decoder draws them: no picture goes in.",
)
controls, middle = two_columns("generate")
with controls:
    wish = samples.controls(name, model)
with middle, readable_errors():  # where it is told that a sampler is being fitted
    dreamt = samples.generate(name, model, wish)
with controls:
    samples.downloads(name, model, dreamt, wish)
with middle:
    samples.sheet(model, dreamt, wish)
    st.caption(samples.caption(model, wish))
address.write()
