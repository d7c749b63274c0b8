"""Who the present person is, as the layers before Streamlit found out."""

import streamlit as st
from streamlit import runtime

from vae_core.runs.users import ADMIN, User
from vae_core.web.cookie import HEADER, user_from_header


def present() -> User:
    """The person whose browser asks; the machine itself where there is no server, as in a test of a page."""
    if not runtime.exists() or type(runtime.get_instance()) is not runtime.Runtime:
        return ADMIN
    return user_from_header(st.context.headers.get(HEADER, "")) or User()
