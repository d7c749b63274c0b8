"""Controls left and stage right on a wide page; on a phone the controls are below the stage."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

# The stage comes first in the page, so that a phone shows it first; a wide page reverses the row.
TURNED = """<style>
@media (min-width: 641px) {
  [class*="st-key-sides-"] > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] { flex-direction: row-reverse; }
}
</style>"""


def two_columns(key: str, stage: float = 3.4) -> tuple[DeltaGenerator, DeltaGenerator]:
    """The containers of the controls and of the stage, which is `stage` times as wide."""
    st.html(TURNED)
    with st.container(key=f"sides-{key}"):
        right, left = st.columns([stage, 1], gap="medium")
    return left, right
