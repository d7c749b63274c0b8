"""Complete: hidden parts of pictures filled in and noisy ones restored, or empty cells of a table, by a model."""

import streamlit as st

from vae_ui.base import plain_text
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.complete import sections, suited
from vae_ui.shell import address
from vae_ui.shell.frame import frame

name, model = frame(
    t("What was there?"),
    t("The model fills in what is hidden, takes noise away, and says how likely the truth is."),
)
with readable_errors():
    if reason := suited.why_not(model):
        st.info(plain_text.markdown(reason))
    else:
        sections.show(name, model)
address.write()
