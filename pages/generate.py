"""Generate: new images, decoded from random codes."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.generate import samples
from vae_ui.shell import address
from vae_ui.shell.frame import frame
from vae_ui.widgets.two_columns import two_columns

name, model = frame(
    t("What does the model generate?"),
    t("The codes $z$ are random samples and the decoder draws them: no image goes in."),
)
controls, middle = two_columns("generate")
with controls:
    request = samples.controls(name, model)
with middle, readable_errors():  # the spinner for the fit of a sampler is shown here
    drawn = samples.generate(name, model, request)
with controls:
    samples.downloads(name, model, drawn, request)
with middle:
    samples.sheet(name, model, drawn, request)
    st.caption(samples.caption(model, request))
address.write()
