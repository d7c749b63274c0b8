"""The glossary on every page: js/glossary underlines each term where it first stands, and opens its words, formula and live number.

The browser finds the terms by the pattern of vae_core.glossary.matching. A formula is drawn by Streamlit, out of sight, when it is
first asked for, and the browser copies it.
"""

from functools import lru_cache
from typing import Any

import streamlit as st

from vae_core.errors import UserError
from vae_core.glossary.live_numbers import live_sentence
from vae_core.glossary.reading import SOURCE, read_glossary
from vae_core.glossary.term import Glossary
from vae_ui.base import state, translation
from vae_ui.base.translation import t
from vae_ui.bundles import loader
from vae_ui.shell.sidebar import unique_titles
from vae_ui.widgets import model_cache

KEY = "terms"
HTML = """<div class="term-words" popover="manual" role="tooltip" id="term-words">
<div class="term-head"><strong></strong><span lang="en"></span></div><div class="term-plain"></div>
<div class="term-formula"></div><div class="term-live"></div></div>
"""
# It takes no place, neither itself nor what Streamlit shows until its code has come; an open popup is not cut off by this.
STYLE = """<style>.st-key-glossary { position: absolute; width: 0; height: 0; overflow: hidden; }
[class*="st-key-term-formula"] { display: none; }</style>"""


@st.fragment
def draw() -> None:
    """The component, and the formula that the browser asks for."""
    asked = (st.session_state.get(KEY) or {}).get("asked")
    known = glossary(translation.language())
    with st.container(key="glossary", gap=None):
        st.html(STYLE)
        _component(data=_payload(known), key=KEY, on_asked_change=_nothing)
        term = known.terms.get(asked) if isinstance(asked, str) else None
        if term is not None and term.formula:
            with st.container(key=f"term-formula-{term.id}"):
                st.latex(term.formula)


@lru_cache
def glossary(language: str) -> Glossary:
    """The glossary in a language; read once."""
    return read_glossary(language)


def _payload(known: Glossary) -> dict[str, Any]:
    english = glossary(SOURCE).terms
    terms = {
        id: [term.title, "" if known.language == SOURCE else english[id].title, term.plain, bool(term.formula)]
        for id, term in known.terms.items()
    }
    name = state.model()
    live = _live(*model_cache.key(name), known.language, name) if name in model_cache.models() else {}
    names = sorted(unique_titles(model_cache.offered().whole).values())
    matcher = known.matcher
    return {"pattern": matcher.pattern, "ids": matcher.keys, "terms": terms, "live": live, "names": names}


@st.cache_data(max_entries=64, show_spinner=False)
def _live(folder: str, changed: int, language: str, _name: str) -> dict[str, str]:
    """The live sentences for a model, without those of which it has no number."""
    try:
        model = model_cache.explorer(_name)
    except UserError:
        return {}
    found = {id: live_sentence(term.live, model, t) for id, term in glossary(language).terms.items()}
    return {id: sentence for id, sentence in found.items() if sentence}


def _nothing() -> None:
    """Streamlit keeps what a component tells only under names that have a callback."""


_component = st.components.v2.component("glossary", html=HTML, js=loader("glossary"), isolate_styles=False)
