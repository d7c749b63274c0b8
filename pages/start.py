"""Start: what a variational autoencoder is, in one live diagram."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.shell.frame import frame, live
from vae_ui.start import diagram, doors, explanation

name, model = frame(t("What is a VAE?"), explanation.sentence())


def stage() -> None:
    with readable_errors():
        diagram.draw(name, model)


live(stage)
doors.draw()
st.markdown(explanation.explanation(model))
st.caption(explanation.averages(model) + " " + explanation.source(name))
