"""The model with its full weights, for what the server works out; kept for all sessions."""

from pathlib import Path

import streamlit as st

from vae_core import checkpoints
from vae_ui.base.translation import Later
from vae_ui.widgets import model_cache


def checkpoint(name: str) -> checkpoints.Checkpoint:
    """The checkpoint of that name; raises UserError."""
    return _checkpoint(*model_cache.key(name))


@st.cache_resource(max_entries=4, show_spinner=Later("Opening the model ..."))
def _checkpoint(folder: str, changed: int) -> checkpoints.Checkpoint:
    found = checkpoints.load(Path(folder))
    found.vae.eval()
    return found
