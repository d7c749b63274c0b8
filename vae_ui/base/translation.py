"""The words that a person sees, in the language of their session: `t` for a text, `ngettext` for one with a count.

English is written in the code and needs no catalogue. `vae_ui/locale` holds one .po file for each other language, read when
it is first needed; `make messages` brings these files up to date. Sessions are threads of one process, so the language is
kept in the session and never in the process.
"""

from collections.abc import Callable
from contextvars import ContextVar, copy_context
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

import streamlit as st

from vae_core.errors import UserError
from vae_core.messages import Message, fill
from vae_core.web.streamlit_internals import session_name
from vae_ui.base.row_words import ROWS
from vae_ui.base.row_words.browser import BROWSER

LANGUAGES = {"en": "English", "zh": "中文"}  # code in the address -> what its speakers call it
SOURCE = "en"
LANG = "lang"  # in the address
KIND = "words-kind"  # in the session
VARIANTS = {"row": ROWS}  # kind of data -> a sentence about images -> what is said instead
CHOSEN, ASKED = "language", "language-asked"  # in the session
_CARRIED: ContextVar[tuple[str, str] | None] = ContextVar("carried", default=None)  # language, kind of data
FOLDER = Path(__file__).parents[1] / "locale"


def t(text: object, /, **values: object) -> str:
    """A text in this session's language, each `{name}` replaced by its value.

    `text` is a literal string, a Message of the core with its own values, a UserError, or a title from a registry. What no
    catalogue knows stays as it is, so names from files pass unchanged.
    """
    message = text.message if isinstance(text, UserError) else text
    if isinstance(message, Message) and not values:
        return _translated(message)
    return fill(catalogue(language()).gettext(_suited(str(message))) if message else "", values)


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """`one` or `many` in this session's language, by `count`, which also fills `{count}`."""
    return fill(catalogue(language()).ngettext(one, many, count), {"count": count, **values})


class Later(str):
    """A text that is translated when it is shown, for what Streamlit reads once for all sessions, such as a cache's spinner."""

    def __str__(self) -> str:
        return t(str.__str__(self))


def language() -> str:
    """The code of this session's language: the one chosen, else the browser's, else English."""
    if carried := _CARRIED.get():
        return carried[0]
    if session_name() is None:
        return SOURCE
    return str(st.session_state.get(CHOSEN) or nearest(st.context.locale))


def nearest(locale: str | None) -> str:
    """The known language that a browser's locale, such as "zh-CN", asks for; English for any other."""
    code = (locale or "").replace("_", "-").partition("-")[0].lower()
    return code if code in LANGUAGES else SOURCE


def arrive() -> None:
    """Take the language from the page's address where it has changed there since the last time."""
    asked = st.query_params.get(LANG)
    if asked != st.session_state.get(ASKED):
        st.session_state[ASKED] = asked
        if asked in LANGUAGES:
            st.session_state[CHOSEN] = asked


def choose(code: str) -> None:
    """Make this the session's language; the address follows when the page has run."""
    st.session_state[CHOSEN] = code


def address() -> dict[str, str]:
    """What a link to another page must carry so that a chosen language stays."""
    chosen = st.session_state.get(CHOSEN)
    return {LANG: str(chosen)} if chosen else {}


def suit(kind: str) -> None:
    """Let this session's sentences suit a kind of data (ModelConfig.kind): of a table the pages speak of rows, not of images."""
    st.session_state[KIND] = kind


def kept(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """`make`, with this session's sentences wherever it is called: Streamlit makes a file outside of the session that asks."""
    carried = (language(), _kind())

    def made() -> bytes:
        context = copy_context()
        context.run(_CARRIED.set, carried)
        return context.run(make)

    return made


def _kind() -> str:
    if carried := _CARRIED.get():
        return carried[1]
    return "picture" if session_name() is None else str(st.session_state.get(KIND, "picture"))


def _suited(sentence: str) -> str:
    """The sentence, or the one that takes its place for this session's kind of data."""
    return VARIANTS.get(_kind(), {}).get(sentence, sentence)


def own_key(key: str) -> str:
    """A component's key in this session's language and for its kind of data: for others the browser builds its texts anew."""
    kind = "" if _kind() not in VARIANTS else f"-{_kind()}"
    return (key if language() == SOURCE else f"{key}-{language()}") + kind


def table() -> dict[str, str]:
    """The session's texts for JavaScript, by their English; empty for English and pictures."""
    others = {english: catalogue(language()).gettext(suited) for english, suited in BROWSER.items()}
    return _table(language()) | (others if _kind() == "row" else {})


@lru_cache
def catalogue(code: str) -> NullTranslations:
    """The texts of a language as gettext's own object; English gives every text back."""
    if code == SOURCE:
        return NullTranslations()
    from babel.messages.mofile import write_mo  # 60 ms and the only use: English does without
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with open(FOLDER / f"{code}.po", "rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


@lru_cache
def _table(code: str) -> dict[str, str]:
    if code == SOURCE:
        return {}
    from babel.messages.pofile import read_po

    with open(FOLDER / f"{code}.po", "rb") as file:
        found = read_po(file, locale=code)
    shown = (m for m in found if m.id and m.string and any(path.endswith(".js") for path, _ in m.locations))
    return {str(message.id): str(message.string) for message in shown}


def _translated(message: Message) -> str:
    """A core's message; its English where the catalogue does not know it or its values, read from a file, do not fit."""
    suited = _suited(message.template)
    text = catalogue(language()).gettext(suited) if message else ""
    if text == message.template:
        return str(message)
    values = {name: t(value) if isinstance(value, Message) else value for name, value in message.values.items()}
    try:
        return fill(text, values)
    except (LookupError, ValueError):
        return str(message)
