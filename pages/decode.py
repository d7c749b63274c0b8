"""Decode: a slider for each number of the code, and the decoded image follows; for a quantised code, an editor of its map."""

import streamlit as st

from vae_ui.base.translation import t
from vae_ui.decode import code_map_editor, sliders, slopes
from vae_ui.shell.frame import frame, live
from vae_ui.shell.page_list import link

name, model = frame(
    t("What does the decoder draw?"),
    t("Change the code $z$: the decoder draws the image at once."),
)


def stage() -> None:
    if model.codebook is not None:
        code_map_editor.stage(name, model)
        return
    sliders.stage(name, model)
    sliders.place_of(name, model)
    st.caption(sliders.caption(name, model))
    slopes.section(name, model)
    link("edits", t("Arithmetic with codes, and directions that edit a picture"))


live(stage)
