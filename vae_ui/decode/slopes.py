"""Which pixels, or columns, each number of the code moves: drawn here for what the browser does not draw, after each release."""

import streamlit as st

from vae_core.explore.explorer import Explorer
from vae_ui.base import state
from vae_ui.base.translation import t
from vae_ui.views import view_of

MOST = 8  # numbers of the code, those that carry most


def in_browser(model: Explorer) -> bool:
    """Whether the stage draws the slopes itself, while z moves: those of a picture whose decoder runs in the browser."""
    return model.info.run.model.kind == "picture" and model.runs_in_browser


def section(name: str, model: Explorer) -> None:
    """The slopes at the present z, where the stage does not draw them."""
    place = state.place(name)
    if in_browser(model) or place.z is None or not view_of(model).has_slopes:
        return
    dimensions = model.order()[:MOST]
    found = model.slopes(place.z, dimensions, place.label if model.conditional else None)
    names = [f"z{d + 1}" for d in dimensions]
    st.subheader(t("What each number moves"), anchor=False)
    st.html(view_of(model).slopes(found, names, [t("What z{n} moves", n=d + 1) for d in dimensions]))
    st.caption(words(model))


def words(model: Explorer) -> str:
    """What the slopes are, with their unit."""
    if model.info.run.model.kind == "row":
        return t(
            "The change of each column per unit of z at this code, in the table's own units; of a category, of its probability."
        )
    return t("The change of each number of x′ per unit of z at this code, all on one scale.")
