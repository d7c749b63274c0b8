"""Every word on every page goes through `translation.t`: in a made-up language that puts each text in brackets, no word stands outside.

Names are excepted: titles of models, papers, data from files, and symbols.
"""

import base64
import json
import re
from collections.abc import Iterator
from gettext import NullTranslations
from html.parser import HTMLParser
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.pages.visit import turn_to, untrained, whole
from vae_core.compression.other_formats import FORMATS
from vae_core.explore.samplers_prior_mixture_flow import SAMPLERS
from vae_core.metrics.figures import FIGURES
from vae_core.presets.papers import PRESETS
from vae_core.translation import catalogues
from vae_ui.base import translation
from vae_ui.lessons import course
from vae_ui.shell.page_list import PAGES
from vae_ui.stage.payload import unpack
from vae_ui.widgets import model_cache

CODE = "pseudo"
BRACKETED = re.compile(r"⟦[^⟦⟧]*⟧")
NOT_WORDS = re.compile(
    r":material/\w+:|data:image/\S+|\\[a-zA-Z]+|\bz\d*\b|\b[xyzqp]\b|\bp\([xz]|\bq\(z|\bKL\b|&#?\w+;"
    r"|English|中文|\b(?:PNG|CSV|GIF|MB|PC|SNE|textcolor|mathbb|mathrm|log)\b|#[0-9a-f]{6}|\d[\d.,]*[kM%×]?"
)
WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
SHOWN = {"label", "help", "body", "placeholder", "options", "title", "caption", "text", "message", "summary"}
IN_JSON = {"title", "note", "unit", "invitation", "names", "text", "hovertext", "hovertemplate", "words"}


class Bracketed(NullTranslations):
    """A catalogue that knows every text."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    known = catalogues.catalogue
    monkeypatch.setitem(catalogues.LANGUAGES, CODE, "⟦made up⟧")
    monkeypatch.setattr(catalogues, "catalogue", lambda code: Bracketed() if code == CODE else known(code))
    monkeypatch.setattr(translation, "_table", lambda code: {})


def opened(page: str, model: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["model"], app.query_params["lang"] = model, CODE
    return whole(turn_to(app, page).run())


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("model", ["digits-vae-2d", "digits-ae-2d", "points-moons", "mnist-cvae-2d", "shapes-beta-10d"])
def test_no_word_bypasses_the_catalogue(page, model, home, pseudo):
    assert outside(opened(page, model)) == []


@pytest.mark.parametrize("page", ["decode", "reconstruct", "generate"])
def test_no_word_of_a_quantised_model_bypasses_the_catalogue(page, home, pseudo):
    assert outside(opened(page, untrained(home, "vq-vae"))) == []


def outside(app: AppTest) -> list[str]:
    """The texts of the page with words outside brackets, without the names."""
    known = {info.title for info in model_cache.models().values()} | {"Latent Explorer", *FORMATS}
    known |= {entry.paper for entry in (*PRESETS.values(), *SAMPLERS.values())} | {
        figure.source for figure in FIGURES.values()
    }
    lessons = [lesson for languages in course.lessons().by_id.values() for lesson in languages.values()]
    known |= {
        text for lesson in lessons for text in (lesson.title, lesson.about)
    }  # a lesson has a file for each language
    names = re.compile("|".join(re.escape(name) for name in sorted(known, key=len, reverse=True) if name))
    return sorted({text for text in texts(app) if WORD.search(NOT_WORDS.sub("", names.sub("", bare(text))))})


def bare(text: str) -> str:
    while (shorter := BRACKETED.sub("", text)) != text:
        text = shorter
    return text


def texts(app: AppTest) -> Iterator[str]:
    for block in (app.sidebar, app.main):
        for node in block:
            if proto := getattr(node, "proto", None):
                yield from in_proto(proto)


def in_proto(proto: Any, name: str = "") -> Iterator[str]:
    """All texts of a protobuf message that a person sees: those of its fields called as in SHOWN, JSON and HTML among them."""
    if isinstance(proto, str):
        yield from in_html(proto) if "<" in proto and ">" in proto else (proto,)
    elif isinstance(proto, bytes):
        yield from in_json(unpack(proto)[0])
    elif hasattr(proto, "ListFields"):
        for field, value in proto.ListFields():
            if field.name in ("spec", "json") and isinstance(value, str):
                yield from in_json(json.loads(value))
            elif field.name == "bytes" or field.name in SHOWN or not isinstance(value, str | bytes):
                yield from in_proto(value, field.name)
    elif not isinstance(proto, int | float) and name != "url":
        for value in proto:
            if not isinstance(value, str) or name in SHOWN:
                yield from in_proto(value, name)


def in_json(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, str):
        if name in IN_JSON:
            yield re.sub(r"<[^>]*>|%\{[^}]*\}", " ", value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from in_json(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from in_json(inner, name)


def in_html(text: str) -> list[str]:
    reader = Reader()
    reader.feed(text)
    return [" ".join(reader.text).replace("\u2011", "-"), *reader.attributes]


class Reader(HTMLParser):
    """The text between tags, that of attributes, and that of pictures in SVG; code is the same in each language."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.attributes: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent = tag in ("style", "code")
        for name, value in attrs:
            if name in ("alt", "title", "aria-label") and value:
                self.attributes.append(value)
            if name == "src" and value and value.startswith("data:image/svg+xml;base64,"):
                self.attributes += in_html(base64.b64decode(value.partition(",")[2]).decode())

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(data)


def test_the_rule_sees_a_breach():
    app = AppTest.from_string(
        "import streamlit as st\n"
        "st.caption('⟦fine ⟦nested⟧ text⟧ 12 %')\n"
        "st.button('Bypasses', help='⟦fine⟧')\n"
        "st.selectbox('⟦fine⟧', ['One too'])\n"
        "st.html('<style>no words</style><code>no_words = 1</code><b>⟦fine⟧</b><img alt=\"Hidden words\">')\n"
    ).run()
    assert outside(app) == ["Bypasses", "Hidden words", "One too"]
