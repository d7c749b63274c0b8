"""Names are text: what escapes them leaves every character to be seen, and no page puts one there without."""

import ast
import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_architecture import PAGES, ROOT, UI, label
from vae_ui.base.plain_text import JOINER, attribute, markdown, plotly

# Everything that Streamlit reads as Markdown; `st.html` takes HTML, which is made in one place each.
WIDGETS = {
    "markdown",
    "caption",
    "error",
    "warning",
    "info",
    "success",
    "toast",
    "button",
    "download_button",
    "progress",
    "expander",
}
WIDGETS |= {
    "popover",
    "selectbox",
    "multiselect",
    "number_input",
    "slider",
    "select_slider",
    "toggle",
    "text_input",
    "title",
    "header",
}
WIDGETS |= {
    "subheader",
    "page_link",
    "file_uploader",
    "radio",
    "segmented_control",
    "write",
    "spinner",
    "latex",
    "metric",
}
HTML_FROM_TEXT = r"innerHTML|insertAdjacentHTML|outerHTML|document\.write|srcdoc|DOMParser|createContextualFragment"
HTML_FROM_TEXT += r"|\beval\(|new Function"


@given(st.text(max_size=60))
def test_markdown_gives_every_character_back(name):
    assert (
        unescape(markdown(name)).replace(JOINER, "") == " ".join(name.replace(JOINER, "").split())
        or JOINER in name
        or "&" in name
    )


@given(st.text(alphabet="<>[]()!`*_{}$:#~|\\&-+=1.) ahtps/w@", max_size=40))
def test_markdown_leaves_no_character_that_markdown_gives_a_meaning(name):
    said = re.sub(r"&#\d+;", " ", markdown(name))
    assert not re.search(r"[\\`*_{}\[\]<>#~$|&]", said), said
    assert not re.search(r":[\w+-]", said) and not re.match(r"[-+=]|\d+[.)]", markdown(name))
    assert not re.search(r"https?://|www\.|:[\w+-]+:", unescape(markdown(name)))


@given(st.text(max_size=60))
def test_html_and_plotly_give_every_character_back(name):
    assert unescape(attribute(name)) == name and not set(attribute(name)) & set("<>\"'")
    assert unescape(plotly(name)) == name and not set(plotly(name)) & set("<>")


@pytest.mark.parametrize("path", [*UI, *PAGES], ids=label)
def test_no_sentence_takes_in_a_name_unescaped(path):
    """In what goes to a widget, a value in an f-string or in `t` is a number with a format, plain code, or escaped."""
    assert not list(unescaped(ast.parse(path.read_text())))


def unescaped(tree: ast.AST) -> list[str]:
    found = []
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func.attr not in WIDGETS:
            continue
        arguments = [*call.args[:1], *(word.value for word in call.keywords if word.arg in ("label", "help", "body"))]
        for inner in (inner for argument in arguments for inner in ast.walk(argument)):
            if isinstance(inner, ast.FormattedValue) and inner.format_spec is None and names_something(inner.value):
                found.append(f"line {inner.lineno}: {ast.unparse(inner.value)}")
            if isinstance(inner, ast.Call) and ast.unparse(inner.func) in ("t", "ngettext"):
                values = [word.value for word in inner.keywords if names_something(word.value)]
                found += [f"line {inner.lineno}: {ast.unparse(value)}" for value in values]
            if isinstance(inner, ast.Call) and ast.unparse(inner.func) == "str":
                found.append(f"line {inner.lineno}: {ast.unparse(inner)}")
    return found


def names_something(value: ast.expr) -> bool:
    """Whether it may be a name from a file: an attribute or a variable called as such things are."""
    text = ast.unparse(value)
    return (
        "markdown(" not in text
        and re.search(r"title|words|message|error|reason|names|\.name\b|why|path|log\b", text) is not None
    )


def test_the_rule_sees_a_breach():
    source = 'st.error(f"no {row.title}"); st.caption(f"{text.markdown(row.title)} {n:,}"); st.toast(str(error)); box.button(f"{why}")'
    source += '; st.info(t("{a} {b}", a=row.title, b=text.markdown(row.title), n=3))'
    assert [line.partition(": ")[2] for line in unescaped(ast.parse(source))] == [
        "row.title",
        "str(error)",
        "why",
        "row.title",
    ]


@pytest.mark.parametrize("path", [*UI, *PAGES], ids=label)
def test_no_page_lets_markdown_hold_html(path):
    assert "unsafe_allow_html" not in path.read_text()


def test_no_text_becomes_html_in_the_browser():
    sources = sorted((ROOT / "vae_ui").rglob("*.js"))
    assert len(sources) > 40
    assert not [path for path in sources if re.search(HTML_FROM_TEXT, path.read_text(encoding="utf-8"))]


def test_text_is_escaped_in_its_own_room():
    """Who escapes Markdown or HTML by hand would do so a second way."""
    by_hand = [path for path in UI if re.search(r"html\.escape|xml\.sax|\.replace\([\"']<", Path(path).read_text())]
    assert [path.name for path in by_hand] == ["html_file.py"]  # JSON within a script tag: `<` becomes \u003c
