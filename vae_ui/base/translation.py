"""The words that a person sees, in the language of their session: `t` for a text, `ngettext` for one with a count.

Sessions are threads of one process, so the language is kept in the session and never in the process. It is the one that the page's
address asks for, else the one that this person chose before (a cookie of their browser), else the first one of their browser that
there is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import lru_cache

import streamlit as st

from vae_core.messages import fill
from vae_core.translation import catalogues
from vae_core.translation.catalogues import SOURCE, known, nearest, preferred
from vae_core.web.middleware.content.index_page import LANGUAGE_COOKIE
from vae_core.web.streamlit_internals import run_memory, serves, session_name
from vae_ui.base.kind_words import BROWSER, VARIANTS

LANG = "lang"  # in the address
KIND = "words-kind"  # in the session
CHOSEN, ASKED, KEPT = "language", "language-asked", "language-kept"  # in the session
WORDS = "language and kind"  # in the memory of a run
_CARRIED: ContextVar[tuple[str, str] | None] = ContextVar("carried", default=None)  # language, kind of data


def t(text: object, /, **values: object) -> str:
    """A text in this session's language, each `{name}` replaced by its value.

    `text` is a literal string, a Message of the core with its own values, a UserError, or a title from a registry. What no
    catalogue knows stays as it is, so names from files pass unchanged.
    """
    return fill(catalogues.translated(text, language(), _suited), values)


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """`one` or `many` in this session's language, by `count`, which also fills `{count}`."""
    return fill(catalogues.catalogue(language()).ngettext(one, many, count), {"count": count, **values})


class Later(str):
    """A text that is translated when it is shown, for what Streamlit reads once for all sessions, such as a cache's spinner."""

    def __str__(self) -> str:
        return t(str.__str__(self))


def language() -> str:
    """The code of this session's language: the one chosen, else the browser's, else English."""
    return _words()[0]


def _words() -> tuple[str, str]:
    """The session's language and kind of data, looked up once a run: a page has hundreds of texts."""
    if carried := _CARRIED.get():
        return carried
    if session_name() is None:
        return SOURCE, "picture"
    memory = run_memory()
    if memory is not None and WORDS in memory:
        found: tuple[str, str] = memory[WORDS]
        return found
    state = st.session_state
    found = str(state.get(CHOSEN) or of_the_browser()), str(state.get(KIND, "picture"))
    if memory is not None:
        memory[WORDS] = found
    return found


def _look_again() -> None:
    """Language or kind of data have changed within this run."""
    if (memory := run_memory()) is not None:
        memory.pop(WORDS, None)


def of_the_browser() -> str:
    """The first language of the browser's own list that there is, else English; Safari sends its list with no web socket."""
    accepted = st.context.headers.get("Accept-Language", "") if serves() else ""
    return preferred(accepted) or nearest(st.context.locale)


def arrive() -> None:
    """Take the language from the page's address where it has changed there since the last time, and at first from the cookie."""
    if ASKED not in st.session_state:
        st.session_state[CHOSEN] = known(st.context.cookies.get(LANGUAGE_COOKIE)) if serves() else None
    asked = st.query_params.get(LANG)
    if asked != st.session_state.get(ASKED):
        st.session_state[CHOSEN] = known(asked) or st.session_state.get(CHOSEN)
    st.session_state[ASKED] = asked
    _look_again()


def choose(code: str) -> None:
    """Make this the language of the session and of this person's later ones; address and cookie follow when the page has run."""
    st.session_state[CHOSEN] = st.session_state[KEPT] = code
    _look_again()


def to_keep() -> str:
    """The cookie for a language that this person has chosen on the page; "" where they have chosen none."""
    kept = st.session_state.get(KEPT)
    return f"{LANGUAGE_COOKIE}={kept}" if kept else ""


def address() -> dict[str, str]:
    """What a link to another page must carry so that a chosen language stays."""
    chosen = st.session_state.get(CHOSEN)
    return {LANG: str(chosen)} if chosen else {}


def suit(kind: str) -> None:
    """Let this session's sentences suit a kind of data (RunConfig.kind): of a table the pages speak of rows, not of images."""
    st.session_state[KIND] = kind
    _look_again()


def kept(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """`make`, with this session's sentences and person wherever it is called: Streamlit makes a file outside of its session."""
    carried, context = (language(), _kind()), copy_context()

    def made() -> bytes:
        own = context.copy()  # two files may be made at the same time
        own.run(_CARRIED.set, carried)
        return own.run(make)

    return made


@contextmanager
def speaking(code: str, kind: str) -> Iterator[None]:
    """Texts in this language and for this kind of data, also outside of a session."""
    before = _CARRIED.set((code, kind))
    try:
        yield
    finally:
        _CARRIED.reset(before)


def _kind() -> str:
    return _words()[1]


def _suited(sentence: str) -> str:
    """The sentence, or the one that takes its place for this session's kind of data."""
    return VARIANTS.get(_kind(), {}).get(sentence, sentence)


def own_key(key: str) -> str:
    """A component's key in this session's language and for its kind of data: for others the browser builds its texts anew."""
    kind = "" if _kind() not in VARIANTS else f"-{_kind()}"
    return (key if language() == SOURCE else f"{key}-{language()}") + kind


def table() -> dict[str, str]:
    """The session's texts for JavaScript, by their English; empty for English and pictures."""
    suited = BROWSER.get(_kind(), {})
    return _table(language()) | {english: catalogues.translated(text, language()) for english, text in suited.items()}


@lru_cache
def _table(code: str) -> dict[str, str]:
    if code == SOURCE:
        return {}
    shown = (
        m
        for m in catalogues.entries(code)
        if m.id and m.string and any(path.endswith(".js") for path, _ in m.locations)
    )
    return {str(message.id): str(message.string) for message in shown}
