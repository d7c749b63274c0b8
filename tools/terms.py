"""Print the words, symbols and units of the pages that are neither everyday English nor in the glossary: `python -m tools.terms`.

Every page of the menu is opened without a browser, with a few of the models that come with the app, at both levels of detail; the
texts of the figures are read from the catalogue, and the glossary's own texts count as a page. Exits with 1 where a word is left.
Everyday English is a fixed list for learners (vocabulary/ngsl.txt) and a short one of everyday computer words and signs
(vocabulary/everyday.txt). Names are left out: of data sets, of people in citations, and what stands in a model's own title.
"""

import html
import json
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from babel.messages.pofile import read_po
from google.protobuf.json_format import MessageToDict
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from vae_core.data import DATASETS
from vae_core.glossary.reading import read_glossary
from vae_core.presets.papers import PRESETS
from vae_core.translation.catalogues import FOLDER
from vae_ui.shell.page_list import PAGES, file

ROOT = Path(__file__).resolve().parent.parent
VOCABULARY = ROOT / "tools" / "vocabulary"
# A model of each kind that pages speak of in words of their own, and the level of detail.
VISITS = [(model, "full") for model in ("mnist-vae-2d", "digits-ae-2d", "shapes-beta-10d", "mnist-cvae-2d")]
VISITS += [("mnist-vae-2d", "beginner")]
WORD = re.compile(r"[^\W\d_]+[′²]?")
OWNER = re.compile(r"(?<=\w)['’]s?(?!\w)|(?<=n)['’](?=t\b)")  # the model's, the codes'; cannot
INDEX = re.compile(r"(?<=\b[a-z])\d+\b")  # z2
NUMBER = re.compile(r"(?<![^\W_])[+−-]?\d[\d.,:×x]*(?:e[+-]?\d+|D|-D|th|st|nd|rd)?(?![^\W_])")
CITED = re.compile(r"[A-ZÀ-Þ][\w'-]+(?:(?:,| and|, and) [A-ZÀ-Þ][\w'-]+)*(?: et al\.)?,? \(?\d{4}\)?|arXiv:\d{4}\.\d+")
TEX = {
    "mu": "μ",
    "sigma": "σ",
    "varepsilon": "ε",
    "beta": "β",
    "mid": "|",
    "log": " log ",
    "ln": " ln ",
    "mathbb{E}": " 𝔼 ",
}
READ_ALOUD = re.compile(r"\b(?:alt|title|aria-label)=\"([^\"]*)\"")
LAYOUT = re.compile(r"\\(?:underbrace|textcolor\{#\w+\}|mathrm|mathbf|text|left|right|quad|,|;|!|\||\{|\})|[{}^_]")
SHOWN = ("label", "help", "body", "placeholder")  # parts of an element that a person reads


def main() -> int:
    """Print what is left of each page, with one place where it stands."""
    count = 0
    for page, texts in pages():
        for word, place in sorted(unknown(texts).items()):
            count += 1
            print(f"{page}: {word}    in: {place}")
    print(f"{count} words or signs have no definition.")
    return 1 if count else 0


def pages() -> Iterator[tuple[str, set[str]]]:
    """Each page with all its texts in English; then those of the figures, and of the glossary."""
    found: dict[str, set[str]] = {page: set() for page in PAGES}
    for model, level in VISITS:
        for page, texts in _visit(model, level):
            found[page] |= texts
    yield from found.items()
    yield "figures", texts_of_scripts()
    terms = read_glossary("en").terms.values()
    yield "glossary", {*(term.plain for term in terms), *(re.sub(r"\{.*?\}", "1", term.live) for term in terms)}


def unknown(texts: Iterable[str]) -> dict[str, str]:
    """Each word, symbol or unit without a definition -> a text in which it stands."""
    found: dict[str, str] = {}
    for text in texts:
        for word in words(text):
            if word not in everyday() and word.lower() not in everyday():
                found.setdefault(word, " ".join(text.split())[:90])
    return found


def words(text: str) -> list[str]:
    """The words and signs of a text that no term of the glossary covers, without numbers and names."""
    plain = INDEX.sub("", _without_names(_plain(text)))
    spans = read_english().find(plain)
    for start, end, _ in reversed(spans):
        plain = f"{plain[:start]} {plain[end:]}"
    plain = NUMBER.sub(" ", OWNER.sub("", plain))
    return WORD.findall(plain) + [sign for sign in WORD.sub(" ", plain) if not (sign.isspace() or sign.isdigit())]


@cache
def read_english():
    return read_glossary("en").matcher


@cache
def everyday() -> set[str]:
    """All forms of everyday words, in small letters, and everyday signs."""
    lines = [
        line for name in ("ngsl", "everyday") for line in (VOCABULARY / f"{name}.txt").read_text("utf-8").splitlines()
    ]
    return {word for line in lines if not line.startswith("# ") for word in line.split()}


def texts_of_scripts() -> set[str]:
    """The sentences of the figures that the browser draws, from the catalogue of texts."""
    with open(FOLDER / "messages.pot", "rb") as file:
        found = [m for m in read_po(file) if m.id and any(place.endswith(".js") for place, _ in m.locations)]
    return {re.sub(r"\{\w+\}", " 1 ", str(message.id)) for message in found}


def _visit(model: str, level: str) -> Iterator[tuple[str, set[str]]]:
    """One person opens every page with this model."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["model"], app.query_params["level"] = model, level
    with patch.object(script_runner, "_mpa_v1", _run_the_app):
        app.run()
        for page in PAGES:
            app.switch_page(str(file(page).relative_to(ROOT))).run()
            _open_folds(app)
            if app.exception:
                raise RuntimeError(f"{page}: {app.exception[0].message}")
            yield page, {text for block in (app.main, app.sidebar) for one in block for text in _texts(one)}


def _open_folds(app: AppTest) -> None:
    """Open the folds whose content is made only then."""
    keys = [fold.proto.id.split("-", 2)[-1] for fold in app.expander if fold.proto.id]
    for key in keys:
        app.session_state[key] = True
    if keys:
        app.run()


def _run_the_app(path: str) -> None:
    """AppTest starts a page's own script; a server runs app.py, which draws what all pages have."""
    exec(compile(Path(path).read_text(encoding="utf-8"), path, "exec"), {"__name__": "__main__"})


def _texts(element: Any) -> Iterator[str]:
    record = MessageToDict(element.proto) if getattr(element, "proto", None) is not None else {}
    yield from (record[name] for name in SHOWN if isinstance(record.get(name), str))
    yield record.get("popover", {}).get("label", "")
    for option in record.get("options", ()):
        yield option if isinstance(option, str) else option.get("content", "")
    if element.type == "plotly_chart":
        yield from _named(json.loads(record["spec"]), ("text", "name", "title"))
    if element.type == "bidi_component" and record.get("componentName") != "glossary":
        yield from _named(json.loads(record.get("json") or "{}"), ("words", "texts"))


def _named(value: Any, names: tuple[str, ...], inside: bool = False) -> Iterator[str]:
    """The texts under these names in what was JSON."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _named(part, names, inside or name in names)
    elif isinstance(value, list):
        for part in value:
            yield from _named(part, names, inside)
    elif inside and isinstance(value, str):
        yield value


def _plain(text: str) -> str:
    """A text as a person reads it: Markdown, HTML and TeX without marks and code; alternative texts and tips are read too."""
    text = re.sub(r"<style>.*?</style>|<code\b.*?</code>", " ", text, flags=re.S)
    text = re.sub(r"<[^>]+>", lambda found: f" {' '.join(READ_ALOUD.findall(found[0]))} ", text)
    text = text.replace("${-}$", "-")
    text = re.sub(r"\$+(.+?)\$+", lambda found: _tex(found[1]), html.unescape(text), flags=re.S)
    return re.sub(r":material/\w+:|\*\*|`", " ", text)


def _tex(text: str) -> str:
    text = re.sub(r"\\textcolor\{#\w+\}", " ", text)
    for name, sign in TEX.items():
        text = text.replace(f"\\{name}", sign)
    return re.sub(r"\s*\|\s*", "|", LAYOUT.sub(" ", text)).replace("'", "′")


@cache
def _names() -> re.Pattern[str]:
    """What registries write of people, publishers and data sets."""
    cited = {preset.paper for preset in PRESETS.values()}
    data = {text for one in DATASETS.values() for text in (one.title, one.licence)}
    longest_first = sorted(filter(None, cited | data), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


def _without_names(text: str) -> str:
    return CITED.sub(" ", _names().sub(" ", text))


if __name__ == "__main__":
    sys.exit(main())
