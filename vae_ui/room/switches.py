"""The teacher's switches in the sidebar of every page: show this page to all, and pause all others."""

import streamlit as st

from vae_core.room.classroom import classroom
from vae_core.web.streamlit_internals import session_name
from vae_ui.base import current_user
from vae_ui.base.translation import t

SHOWS = "room-shows"  # of the session: False once it shall be shown to all, True once it is
SHOW, PAUSE = "room-show", "room-pause"  # widgets
CLASS = "classroom"  # the page that is never shown to all


def teaches() -> bool:
    """Whether this person has the teacher's rights in a room that others can enter."""
    return classroom().room is not None and current_user.present().is_admin


def draw() -> None:
    """Both switches; they show what holds, whichever window of the teacher has set it."""
    if not teaches():
        return
    shown = classroom().shown
    if shown.scene is None and st.session_state.get(SHOWS):
        st.session_state.pop(SHOWS)  # another window has ended it
    st.session_state[SHOW] = shown.scene is not None or SHOWS in st.session_state
    st.session_state[PAUSE] = shown.paused
    st.toggle(
        t("Show my page to everyone"),
        key=SHOW,
        help=t(
            "All browsers show what this window shows, as you move, until you end it; then each goes back to its own page."
        ),
        on_change=_show,
    )
    st.toggle(
        t("Pause everyone"),
        key=PAUSE,
        help=t("Covers all pages but yours. Nothing is lost behind the cover, and trainings go on."),
        on_change=lambda: classroom().pause(st.session_state[PAUSE]),
    )


def _show() -> None:
    if st.session_state[SHOW]:
        st.session_state[SHOWS] = False  # the scene follows once the page is drawn
    else:
        st.session_state.pop(SHOWS, None)
        classroom().show(None)


def update(page: str, query: str) -> None:
    """The scene of this window, which all others follow where it is shown to them."""
    if SHOWS in st.session_state and page != CLASS and teaches():
        st.session_state[SHOWS] = True
        classroom().show(f"{page}?{query}", by=session_name() or "")
