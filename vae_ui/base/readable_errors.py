"""Errors that a person can act on, shown as one sentence at the place where they happened."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from vae_core.errors import UserError
from vae_ui.base import plain_text


@contextmanager
def readable_errors() -> Iterator[None]:
    """Show a UserError as one sentence at this place, and stop the page here."""
    try:
        yield
    except UserError as error:
        plain_text.refuse(error)
        st.stop()
