"""Who the person of this session is, as the server's middleware found from the cookie."""

from contextvars import ContextVar

import streamlit as st

from vae_core.runs.users import ADMIN, User
from vae_core.web.middleware.cookie import HEADER, user_from_header
from vae_core.web.streamlit_internals import serves, session_name
from vae_ui.base.once_a_run import once_a_run

# Of a script's run; a file that is made outside of it runs in a copy of its context.
_FOUND: ContextVar[User | None] = ContextVar("found user", default=None)


def present() -> User:
    """The person whose browser this session belongs to; the machine itself where no server runs, as in a test of a page."""
    if not serves():
        return ADMIN
    if session_name() is None:
        return _FOUND.get() or User()
    found = _of_the_session()
    _FOUND.set(found)
    return found


@once_a_run
def _of_the_session() -> User:
    return user_from_header(st.context.headers.get(HEADER, "")) or User()
