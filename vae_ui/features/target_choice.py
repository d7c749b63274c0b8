"""What is to be predicted: the class, a factor of the sprites, or a column of the table."""

import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_core.features.targets import LABEL, Target, targets_of
from vae_core.messages import Message
from vae_ui.base import state
from vae_ui.base.translation import t

WORDS = {
    LABEL: Message("the class"),
    "scale": Message("the scale"),
    "rotation": Message("the rotation"),
    "x": Message("the place across"),
    "y": Message("the place down"),
}


def choose(model: Explorer) -> Target | None:
    """Draw the choice; None where these data have nothing to be predicted."""
    known = targets_of(model.info)
    if not known:
        st.info(t("These data have no classes, factors or columns that could be predicted: choose another model."))
        return None
    own = bool(model.info.columns)
    name = st.selectbox(
        t("Predict"),
        list(known),
        format_func=lambda one: one if own and one != LABEL else t(WORDS[one]),
        key=f"features-target-{state.model()}",
        persist_state="session",
        width=320,
    )
    return known[str(name)]
