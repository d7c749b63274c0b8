"""Names and sentences that come from files, as text: whatever characters they hold, a page shows those and does nothing else.

A class, a run, a file or a data set may be called `<img src=...>`, `![](...)` or `{x}`. Each way onto a page has its function here,
and whoever puts a name on a page uses one; a test reads the sources for places that do not.
"""

import re
from html import escape

import streamlit as st

__all__ = ["attribute", "markdown", "plotly", "refuse", "warn"]

JOINER = "\u2060"  # takes no room and is not seen
# What Markdown, GitHub's and Streamlit's, gives a meaning; the colon only before what could be an icon's or a colour's name.
_MARKS = re.compile(r"[\\`*_{}\[\]<>#~$|&]|:(?=[\w+-])|^\s|^[-+=]|^\d+[.)]")
# What is found in the finished text, whether written out or not: icons and emojis, addresses, and arrows.
_FOUND = re.compile(
    r":(?=[\w+-]+:)|:(?=//)|\bwww(?=\.)|@(?=\w)|(?:(?<=\s)|^)(?:<->|->|<-|--|>=|<=|~=)(?=\s|$)", re.IGNORECASE
)


def markdown(name: object) -> str:
    """A name as Markdown that shows these very characters, in one line: for st.markdown, captions, alerts and labels."""
    text = " ".join(str(name).split())
    text = _FOUND.sub(
        lambda found: found[0][0] + JOINER + found[0][1:] if found[0][0] != "w" else found[0] + JOINER, text
    )
    return _MARKS.sub(lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", text)


def attribute(name: object) -> str:
    """A name inside HTML or SVG, between tags or between quotes."""
    return escape(str(name))


def plotly(name: object) -> str:
    """A name in a title, a label or a hover line of Plotly, which reads some HTML."""
    return escape(str(name), quote=False)


def refuse(error: object) -> None:
    """A person's mistake, or a file's, as one sentence on the page."""
    st.error(markdown(error))


def warn(sentence: object) -> None:
    """What was left out, or not used as given, as one sentence on the page."""
    st.warning(markdown(sentence))
