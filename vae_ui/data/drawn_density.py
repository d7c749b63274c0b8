"""Points whose density is drawn by hand: the pad, and beside it the points that are sampled from it."""

import streamlit as st

from vae_core.config import DataConfig
from vae_ui.base import state
from vae_ui.base.translation import t
from vae_ui.data import contents, density_pad


def show(data: DataConfig) -> None:
    """The pad and, once something is drawn, the points with what the page says of any data."""
    st.markdown(t("**Draw a distribution.** Where strokes cross, there will be more points."))
    left, right = st.columns(2, gap="medium")
    with left:
        density_pad.draw(data.drawing, state.draw_density, "density")
    if data.drawing:
        contents.show(data, right)
