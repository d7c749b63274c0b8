"""A student's page while the teacher shows theirs to all, or has paused the class; afterwards each goes back to its own scene."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

import streamlit as st

from vae_core.room.classroom import classroom
from vae_ui.base import current_user, plain_text, scene
from vae_ui.base.scene import Scene
from vae_ui.base.translation import t

KEY = "room-following"  # in the session


@dataclass
class Following:
    """`own` is the scene to go back to, None while nothing is shown; `waiting` the one that the next page shall take over."""

    version: int = 0
    own: Scene | None = None
    waiting: Scene | None = None


def asked(page: str, own: Callable[[], Scene], go: Callable[[str], None]) -> Scene | None:
    """The scene that this page shall take over now, if any; where it is another page's, `go` leads there and does not return."""
    if current_user.present().is_admin:
        return None
    mine: Following = st.session_state.setdefault(KEY, Following())
    if mine.waiting is not None and mine.waiting.page == page:
        found, mine.waiting = mine.waiting, None
        return found
    target = _target(mine, page, own)
    if target is not None and target.page != page:
        mine.waiting = target
        go(target.page)
    return target


def _target(mine: Following, page: str, own: Callable[[], Scene]) -> Scene | None:
    """What to show: the teacher's scene where it is new or was left, one's own where it is released, None for no change."""
    shown = classroom().shown
    if shown.scene is None:
        target, mine.own = mine.own, None
        return target
    target = parsed(shown.scene)
    if mine.own is None:
        mine.own = own()
    elif mine.version == shown.version and page == target.page:
        return None
    mine.version = shown.version
    return target


def parsed(shown: str) -> Scene:
    """The scene of an address such as "decode?model=..."."""
    page, _, query = shown.partition("?")
    return scene.parse(dict(parse_qsl(query)), page)[0]


def draw() -> None:
    """What says that the teacher shows this page, and the cover of a pause."""
    if current_user.present().is_admin:
        return
    shown = classroom().shown
    if shown.paused:
        st.html(
            f"{STYLE}<div class='room-cover' role='alertdialog' aria-modal='true'><p>{_said(t('Look to the front.'))}</p></div>"
        )
    elif shown.scene is not None:
        st.html(f"{STYLE}<div class='room-note' role='status'>{_said(t('Your teacher shows this page to all.'))}</div>")


def _said(text: str) -> str:
    return plain_text.attribute(text)


STYLE = """<style>
.room-note { position: fixed; z-index: 96; left: 50%; bottom: .8rem; transform: translateX(-50%); padding: .35rem 1rem;
  border-radius: 999px; background: light-dark(#17202b, #e8edf3); color: light-dark(#fff, #11161d); font-size: .95rem;
  white-space: nowrap; pointer-events: none; }
.room-cover { position: fixed; z-index: 999999; inset: 0; display: grid; place-items: center;
  background: light-dark(#f3f6faee, #0d1117ee); backdrop-filter: blur(14px); }
.room-cover p { font-size: clamp(2rem, 6vw, 4rem); font-weight: 650; text-align: center; }
</style>"""
