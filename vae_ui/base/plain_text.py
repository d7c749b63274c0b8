"""Escaping of names and sentences that come from files, so that a page shows their characters and interprets none of them.

A class, a run, a file or a data set may be called `<img src=...>`, `![](...)` or `{x}`. There is one function for each format a page
takes: Markdown, HTML and Plotly. A test reads the sources and finds names that no function escapes.
"""

import re
from html import escape

import streamlit as st

from vae_ui.base.translation import t

__all__ = ["attribute", "markdown", "plotly", "refuse", "warn"]

JOINER = "\u2060"  # word joiner: no width, invisible
# Characters with a meaning in GitHub's or Streamlit's Markdown; the colon only before a possible name of an icon or a colour.
_MARKS = re.compile(r"[\\`*_{}\[\]<>#~$|&]|:(?=[\w+-])|^\s|^[-+=]|^\d+[.)]")
# Patterns that Streamlit replaces even where characters are escaped: icons and emojis, addresses, and arrows.
_FOUND = re.compile(
    r":(?=[\w+-]+:)|:(?=//)|\bwww(?=\.)|@(?=\w)|(?:(?<=\s)|^)(?:<->|->|<-|--|>=|<=|~=)(?=\s|$)", re.IGNORECASE
)


def markdown(name: object) -> str:
    """The name as one line of Markdown that shows exactly these characters: for st.markdown, captions, alerts and labels."""
    text = " ".join(str(name).split())
    text = _FOUND.sub(
        lambda found: found[0][0] + JOINER + found[0][1:] if found[0][0] != "w" else found[0] + JOINER, text
    )
    return _MARKS.sub(lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", text)


def attribute(name: object) -> str:
    """The name escaped for HTML or SVG, between tags or inside a quoted attribute."""
    return escape(str(name))


def plotly(name: object) -> str:
    """The name escaped for a title, a label or a hover text of Plotly, which interprets some HTML."""
    return escape(str(name), quote=False)


def refuse(error: object) -> None:
    """Show an error, of a person's input or of a file, as one sentence in this session's language."""
    st.error(markdown(t(error)))


def warn(sentence: object) -> None:
    """Show what was left out or changed as one sentence in this session's language."""
    st.warning(markdown(t(sentence)))
