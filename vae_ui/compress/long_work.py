"""Work on a person's file that may take long: with a queue, its progress, and a button that stops it."""

from collections.abc import Callable, Hashable
from threading import Semaphore
from typing import TypeVar

import streamlit as st

from vae_core.compression.codec import Progress
from vae_ui.base.translation import t

Result = TypeVar("Result")
DONE, STOPPED = "compress.done", "compress.stopped"  # the last result by its key, and the key of what was stopped
AT_ONCE = Semaphore(2)  # of all sessions: the work keeps one core busy


def once(key: Hashable, title: str, work: Callable[[Progress], Result]) -> Result | None:
    """What `work` gives, kept in this session until another key comes; None where the person has stopped it.

    `work` calls its argument with the share done. A click on anything ends it there, since Streamlit then runs the page again.
    """
    done = st.session_state.setdefault(DONE, {})
    if key in done:
        return done[key]  # type: ignore[no-any-return]
    if st.session_state.get(STOPPED) == key:
        st.info(t("Stopped."))
        st.button(t("Start again"), key="compress-again", on_click=_set, args=(None,))
        return None
    place = st.empty()
    with place.container():
        bar = st.progress(0.0, t("Waiting for the files of others ..."))
        st.button(t("Stop"), icon=":material/stop:", key="compress-stop", on_click=_set, args=(key,))
    while not AT_ONCE.acquire(timeout=0.5):
        bar.progress(0.0, t("Waiting for the files of others ..."))
    try:
        bar.progress(0.0, title)
        result = work(lambda share: _say(bar, share, title))
    finally:
        AT_ONCE.release()
    place.empty()
    done.clear()
    done[key] = result
    return result


def _say(bar: st.delta_generator.DeltaGenerator, share: float, title: str) -> None:
    bar.progress(share, f"{title} {share:.0%}")


def _set(key: Hashable) -> None:
    st.session_state[STOPPED] = key
