"""Errors as one sentence where they happened."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from vae_core.errors import UserError
from vae_ui.base import plain_text


@contextmanager
def readable_errors() -> Iterator[None]:
    """Show what a person can act on as one sentence where it happened, and stop the page there."""
    try:
        yield
    except UserError as error:
        plain_text.refuse(error)
        st.stop()
