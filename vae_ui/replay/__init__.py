"""The replay: curves, latent cloud and reconstructions of one run, live and dragged back through, drawn in the browser.

The browser keeps every frame it was sent, so that a drag needs no server; a tick carries the curves and the newest frames. While a run
trains the browser hears of it on a websocket (vae_core/web/live_runs.py), and has the page drawn again only when its widgets change.
"""

from collections.abc import Callable
from math import isfinite

import streamlit as st

from vae_ui.base import translation
from vae_ui.bundles import loader
from vae_ui.replay.payload import Frame, frames_to_send, pack_news, pack_tick

__all__ = ["Frame", "answer", "frames_to_send", "held", "pack_news", "pack_tick", "replay", "wanted"]


def replay(blob: bytes, key: str, on_time: Callable[[float | None], None] = lambda seconds: None) -> None:
    """Show a tick made by `pack_tick`; `on_time` is called once for each time (seconds, None: the newest) that a person goes to."""
    _show(
        data=blob,
        key=translation.own_key(key),
        on_want_change=_nothing,
        on_again_change=_nothing,
        on_time_change=lambda: on_time(_seconds(key)),
    )


def wanted(key: str) -> list[int]:
    """The frames that the browser found missing and asked for, by index."""
    value = (st.session_state.get(translation.own_key(key)) or {}).get("want") or []
    return [int(index) for index in value][:400]


def held(key: str) -> tuple[str, int] | None:
    """The view (run and plane) and the newest frame that the browser holds, where it has asked for the page to be drawn again."""
    value = (st.session_state.get(translation.own_key(key)) or {}).get("again")
    return (str(value["view"]), int(value["step"])) if value else None


def answer(key: str) -> dict[str, object]:
    """What a tick says of the last time that a person went to: see the protocol in `stage.events`."""
    told = _time(key)
    visit, number = told.get("visit"), told.get("number")
    return {"visit": str(visit or "")[:32], "seen": number if type(number) is int else 0}


def _time(key: str) -> dict[str, object]:
    found = (st.session_state.get(translation.own_key(key)) or {}).get("time")
    return found if isinstance(found, dict) else {}


def _seconds(key: str) -> float | None:
    seconds = _time(key).get("seconds")
    return float(seconds) if isinstance(seconds, int | float) and isfinite(seconds) and seconds >= 0 else None


def _nothing() -> None:
    """Streamlit keeps a component's state only under names that have a callback."""


_show = st.components.v2.component("latent_replay", html='<div class="replay"></div>\n', js=loader("replay"))
