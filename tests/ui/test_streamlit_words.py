"""The table of Streamlit's own words names those that this version of it has; what stays English is listed in docs/languages.md."""

import re
from pathlib import Path

import pytest
import streamlit

from tests.conftest import ROOT
from vae_core.translation.catalogues import translated
from vae_ui.shell.streamlit_words import WORDS

STATIC = Path(streamlit.__file__).parent / "static"
# The widgets and the frame around them; libraries for charts and diagrams, of megabytes, have no words that the app shows.
PROGRAM = [path for path in (STATIC / "static" / "js").glob("*.js") if path.stat().st_size < 600_000]
# Words that Streamlit puts together.
PARTS = {
    "Press Enter to apply": ("Press Enter to ", "apply"),
    "Press Enter to submit form": ("Press Enter to ", "submit form"),
    "{size} per file • {kinds}": (" per file", " • "),
}


@pytest.fixture(scope="module")
def program() -> str:
    return "\n".join(path.read_text(encoding="utf-8", errors="ignore") for path in PROGRAM)


def test_each_word_is_one_of_streamlit(program):
    gone = [
        word
        for word in map(str, WORDS)
        if not all(part in program for part in PARTS.get(word) or re.split(r"\{\w+\}|^(?:Error)?: ", word))
    ]
    assert gone == []


def test_each_word_has_its_chinese():
    assert [word for word in WORDS if translated(word, "zh") == word] == []


def test_what_stays_english_is_listed(program):
    text = (ROOT / "docs" / "languages.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([^`]+)` \|", text, re.M)
    whole = program + (STATIC / "index.html").read_text(encoding="utf-8")
    assert listed and [word for word in listed if word not in whole or word in map(str, WORDS)] == []
