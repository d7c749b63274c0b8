"""The parts of the page, one at a time: for a model of pictures a hidden part or noise, for a model of a table its empty cells."""

import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.messages import Message
from vae_ui.base import state
from vae_ui.base.translation import t
from vae_ui.complete import cells, hidden_part, noise

SECTIONS = {"hidden": (Message("A hidden part"), hidden_part.show), "noise": (Message("Noise"), noise.show)}


def show(name: str, model: Explorer) -> None:
    """The chosen section."""
    if model.info.run.model.kind == "row":
        return cells.show(name, model)
    controls = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
    with controls:
        chosen = st.segmented_control(
            t("What is missing"),
            SECTIONS,
            format_func=lambda one: t(SECTIONS[one][0]),
            required=True,
            label_visibility="collapsed",
            **state.bound("complete-section", state.choices(), "section", SECTIONS),
        )
    SECTIONS[chosen or "hidden"][1](name, model, controls)
