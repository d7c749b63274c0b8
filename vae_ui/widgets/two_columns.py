"""Controls left and stage right on a wide page; on a narrow one, as a phone or at 150 %, the controls are below the stage."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

# The stage comes first in the page, so that a phone shows it first; a wide page reverses the row.
TURNED = """<style>
@media (min-width: 901px) {
  [class*="st-key-sides-"] > [data-testid="stLayoutWrapper"] > [data-testid="stHorizontalBlock"] { flex-direction: row-reverse; }
}
@media (min-width: 641px) and (max-width: 900px) {
  [class*="st-key-sides-"] > [data-testid="stLayoutWrapper"] > div { flex-wrap: wrap; }
  [class*="st-key-sides-"] > [data-testid="stLayoutWrapper"] > div > [data-testid="stColumn"] { min-width: 100%; }
}
</style>"""


def two_columns(key: str, stage: float = 3.4) -> tuple[DeltaGenerator, DeltaGenerator]:
    """The containers of the controls and of the stage, which is `stage` times as wide."""
    st.html(TURNED)
    with st.container(key=f"sides-{key}"):
        right, left = st.columns([stage, 1], gap="medium")
    return left, right
