"""The view for a projector: no sidebar, larger words, the scene alone; of a lesson the answer waits until it is revealed.

`present=1` in the address, the switch in the sidebar or the key P begins it; Escape leaves it. Arrow keys go through a lesson.
"""

import streamlit as st

from vae_core.lessons.lesson import Lesson
from vae_core.room.classroom import classroom
from vae_ui.base import current_user, state
from vae_ui.base.translation import t

REVEALED = "lesson-revealed"  # in the session: the lesson and the step whose answer is shown
BODY = 20  # pixels of a letter, and of a rem
STYLE = """<style>
html { font-size: BODYpx !important; }
:is([data-testid="stSidebar"], [data-testid="stExpandSidebarButton"], [data-testid="stHeader"]) { display: none !important; }
[data-testid="stMainBlockContainer"] { padding: .5rem 1.4rem 0; max-width: none; }
[data-testid="stMainBlockContainer"] [data-testid="stHeading"] h1 { font-size: 1.55rem !important; padding-right: 7rem; }
[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"] { gap: .5rem; }
[class*="st-key-copy-link"], [data-testid="stMain"] [data-testid="stCaptionContainer"], [data-testid="stPageLink"] { display: none; }
.st-key-present-leave { position: fixed; z-index: 95; top: .4rem; right: .8rem; width: auto; }
.st-key-interpolate-map { max-width: 860px; }
.st-key-lesson-card { top: 2.6rem; }
</style>""".replace("BODY", str(BODY))


def switch() -> None:
    """The button that begins the view, and ends it."""
    on = state.choices().present
    st.button(t("Present"), key="present", icon=":material/slideshow:", shortcut="P", on_click=_show, args=(not on,))


def draw() -> None:
    """How the page looks in this view, and the way out."""
    st.html(STYLE)
    label = t("Leave the view")
    st.button(
        label,
        key="present-leave",
        icon=":material/close:",
        type="tertiary",
        shortcut="Esc",
        on_click=_show,
        args=(False,),
    )


def _show(on: bool) -> None:
    state.choices().present = on


def waits(lesson: Lesson, number: int) -> bool:
    """Whether the answer of this step is still hidden: from those who look at the projector, or from a class whose teacher keeps it."""
    hidden = state.choices().present and st.session_state.get(REVEALED) != (lesson.id, number)
    return (hidden and lesson.steps[number - 1].kind == "reveal") or kept_back(lesson, number)


def kept_back(lesson: Lesson, number: int) -> bool:
    """Whether the teacher keeps this answer back from this person."""
    held = lesson.steps[number - 1].kind == "reveal" and classroom().shown.hides((lesson.id, number))
    return held and not current_user.present().is_admin


def reveal(lesson: Lesson, number: int) -> None:
    """Show the answer of this step; where the teacher reveals it, the class sees it too."""
    st.session_state[REVEALED] = (lesson.id, number)
    if classroom().shown.held and current_user.present().is_admin:
        classroom().reveal((lesson.id, number))
