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
# Each place that hands the browser HTML, and why no name from a file is in it.
INNER_HTML = {
    "replay/replay.js": ("root.innerHTML = HTML;",),  # a constant
    "stage/pad.js": ('box.innerHTML = `<div class="title">x: what goes in</div>',),  # fixed words
    "stage/path.js": ('box.innerHTML = `<div class="mixed">',),  # fixed words
    "stage/file.js": ("parentElement.innerHTML = '<div class=\"stage\"></div>';",),  # a constant
    "stage/picture.js": ('box.innerHTML = `<div class="title"></div>',),  # empty boxes
    "stage/map.js": ("root.innerHTML = `<style>${STYLE}</style>",),  # the stage's own style
    "stage/sliders.js": ("head.innerHTML = `<b>z<sub>${dimension + 1}</sub></b><span>${rate}</span>",),  # numbers
    "stage/around.js": ('box.innerHTML = `<div class="near">',),  # fixed words
    "stage/layers.js": ("plane.innerHTML = `<canvas></canvas>",),  # empty canvases
    "stage/numbers.js": (  # the names of terms and columns, which the file itself holds
        'box.innerHTML = `<div class="buttons"></div>',
        'cell.innerHTML = `<span class="sign">',
        "this.table.innerHTML = `<caption>The code</caption>",
        "this.links.innerHTML = this.steps.map(",
    ),
}
OTHER_WAYS = (
    r"insertAdjacentHTML|outerHTML|document\.write|\beval\(|new Function|srcdoc|DOMParser|createContextualFragment"
)


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
    """In what goes to a widget, whatever an f-string takes in is a number with a format, plain code, or escaped."""
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
    assert [line.partition(": ")[2] for line in unescaped(ast.parse(source))] == ["row.title", "str(error)", "why"]


@pytest.mark.parametrize("path", [*UI, *PAGES], ids=label)
def test_no_page_lets_markdown_hold_html(path):
    assert "unsafe_allow_html" not in path.read_text()


def test_each_place_that_writes_html_in_the_browser_is_known():
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "vae_ui").rglob("*.js")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(OTHER_WAYS, text), path
        for line in (line.strip() for line in text.splitlines() if "innerHTML" in line):
            found.setdefault(str(path.relative_to(ROOT / "vae_ui")), []).append(line)
    assert found.keys() == INNER_HTML.keys()
    for name, lines in found.items():
        assert len(lines) == len(INNER_HTML[name])
        assert all(line.startswith(known) for line, known in zip(lines, INNER_HTML[name], strict=True)), (name, lines)


def test_text_is_escaped_in_its_own_room():
    """Who escapes Markdown or HTML by hand would do so a second way."""
    by_hand = [path for path in UI if re.search(r"html\.escape|xml\.sax|\.replace\([\"']<", Path(path).read_text())]
    assert [path.name for path in by_hand] == ["file.py"]  # JSON within a script tag: `<` becomes \u003c
