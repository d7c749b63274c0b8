"""Who the person of this session is, as the server's middleware found from the cookie."""

import streamlit as st

from vae_core.runs.users import ADMIN, User
from vae_core.web.middleware.cookie import HEADER, user_from_header
from vae_core.web.streamlit_internals import serves


def present() -> User:
    """The person whose browser this session belongs to; the machine itself where no server runs, as in a test of a page."""
    if not serves():
        return ADMIN
    return user_from_header(st.context.headers.get(HEADER, "")) or User()
