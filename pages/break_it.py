"""Break it: one switch for each classic mistake; the program with the mistake is trained beside the right one."""

import streamlit as st

from vae_core.mistakes.catalogue import MISTAKES
from vae_ui.base import plain_text, translation
from vae_ui.base.readable_errors import readable_errors
from vae_ui.base.translation import t
from vae_ui.break_it import code_lines, outcome, switch
from vae_ui.shell.frame import head, live

translation.suit("picture")  # both programs are of digits, whichever model the sidebar has
head(
    t("What does a mistake look like?"),
    t("Choose a mistake: one line of a VAE changes, and both programs are trained on the same digits."),
)


def stage() -> None:
    left, right = st.columns([1, 3], gap="medium")
    with left:
        id = switch.choose()
    with right, readable_errors():
        mistake = MISTAKES[id]
        st.markdown(plain_text.markdown(t(mistake.symptom)))
        st.html(code_lines.both(mistake))
        pair = switch.result(id)
        if pair is not None:
            outcome.show(mistake, pair)
        st.html(code_lines.program(mistake))


live(stage)
