"""Who the person of this session is, as the server's middleware found from the cookie."""

from contextvars import ContextVar

import streamlit as st

from vae_core.runs.users import ADMIN, User
from vae_core.web.middleware.cookie import HEADER, user_from_header
from vae_core.web.streamlit_internals import serves, session_name

_CARRIED: ContextVar[User | None] = ContextVar("carried user", default=None)


def carry(user: User) -> None:
    """Make this the person in the present context: a file is made outside of the session that asks for it."""
    _CARRIED.set(user)


def present() -> User:
    """The person whose browser this session belongs to; the machine itself where no server runs, as in a test of a page."""
    if (carried := _CARRIED.get()) is not None:
        return carried
    if not serves():
        return ADMIN
    if session_name() is None:
        return User()
    return user_from_header(st.context.headers.get(HEADER, "")) or User()
