"""Complete: hidden parts of pictures, or empty cells of a table, filled in by a model."""

import streamlit as st

from vae_ui.base import plain_text
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.complete import hidden_part, suited
from vae_ui.shell import address
from vae_ui.shell.frame import frame

name, model = frame(
    t("What was there?"),
    t(
        "Hide a part of a picture: the model says what may have been there, several times over, and how likely the truth is."
    ),
)
with readable_errors():
    if reason := suited.why_not(model):
        st.info(plain_text.markdown(reason))
        address.write()
        st.stop()
    hidden_part.show(name, model)
address.write()
