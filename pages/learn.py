"""Learn: the lessons, which go along over the other pages."""

import streamlit as st

from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.learn import cards
from vae_ui.shell import address
from vae_ui.shell.frame import head

head(
    t("What would you like to understand?"),
    t("Each lesson takes a few minutes on the real pages: you predict, the model computes the answer."),
)
with readable_errors():
    cards.draw()
    cards.answers()
    st.caption(t("Your progress is kept on this server for this browser."))
address.write()
