"""How much the pages show: a beginner sees what the first lesson needs, everybody else all of it. Pages ask `in_full`.

The level is the one that the page's address asks for, else the one that this person chose before (a cookie of their browser), else
USUAL. What no lesson and no part of an address names is hidden from a beginner, so that a link shows the same at either level.
"""

import streamlit as st

from vae_core.messages import Message
from vae_core.web.streamlit_internals import serves

LEVEL, COOKIE = "level", "latent_level"  # in the address, and in the browser
LEVELS = {"beginner": Message("Beginner"), "full": Message("Full")}
USUAL = "beginner"
FIRST_LESSON = "01-two-numbers"  # what a beginner's pages are made for
CHOSEN, ASKED, KEPT = "level", "level-asked", "level-kept"  # in the session
SPOKEN_OF = "level-spoken-of"  # whether a lesson that goes along needs all


def in_full() -> bool:
    """Whether to show what a beginner does not need: settings under "More", advanced figures, files for other programs.

    A beginner sees it too while a lesson goes along whose cards speak of it.
    """
    return level() == "full" or bool(st.session_state.get(SPOKEN_OF))


def while_in_lesson(id: str | None) -> None:
    """Tell which lesson goes along, if one does: all but the first speak of what a beginner's pages leave out."""
    st.session_state[SPOKEN_OF] = id not in (None, FIRST_LESSON)


def level() -> str:
    """The session's level."""
    return str(st.session_state.get(CHOSEN) or USUAL)


def arrive() -> None:
    """Take the level from the page's address where it has changed there since the last time, and at first from the cookie."""
    if ASKED not in st.session_state:
        st.session_state[CHOSEN] = _known(st.context.cookies.get(COOKIE)) if serves() else None
    asked = st.query_params.get(LEVEL)
    if asked != st.session_state.get(ASKED):
        st.session_state[CHOSEN] = _known(asked) or st.session_state.get(CHOSEN)
    st.session_state[ASKED] = asked


def choose(name: str) -> None:
    """Make this the level of the session and of this person's later ones; address and cookie follow when the page has run."""
    st.session_state[CHOSEN] = st.session_state[KEPT] = name


def to_keep() -> str:
    """The cookie for a level that this person has chosen on the page; "" where they have chosen none."""
    kept = st.session_state.get(KEPT)
    return f"{COOKIE}={kept}" if kept else ""


def address() -> dict[str, str]:
    """What a link must carry so that it shows as much."""
    return {} if level() == USUAL else {LEVEL: level()}


def _known(name: str | None) -> str | None:
    return name if name in LEVELS else None
