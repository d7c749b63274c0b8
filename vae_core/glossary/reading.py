"""Reads the glossary: a file a language, each term with settings in TOML and its plain words below. A refusal names file and line.

## rate
words = ["rate", "rates"]
formula = '\\mathrm{KL}(q(z \\mid x)\\,\\|\\,p(z))'
live = "This model: {rate} nats per example."

What a code costs: how far q(z|x) is from the prior.

Formulas stand in the English file; the other languages have the same terms, in any order, and take them from there.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from vae_core.errors import UserError
from vae_core.glossary.live_numbers import LIVE, NAMED
from vae_core.glossary.matching import key
from vae_core.glossary.term import Glossary, Term
from vae_core.lessons.reading import line_of, read_toml, refusal, refuse_at
from vae_core.lessons.texts import FORBIDDEN, HAN, words_of
from vae_core.messages import Message
from vae_core.utils.files import read_file
from vae_core.utils.paths import app_root

FILE_BYTES = 400_000
MOST_WORDS, MOST_CHARACTERS = 45, 110  # of the plain words, in English and in Chinese
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SOURCE = "en"
Block = tuple[int, str, list[str]]  # line of the heading, id, lines below it


def folder() -> Path:
    """Where the glossary's files lie, beside app.py."""
    return app_root() / "glossary"


def read_glossary(language: str, place: Path | None = None) -> Glossary:
    """The glossary in that language, with the formulas of the English file, or in English where it has no file; raises UserError."""
    root = place or folder()
    english = _read(root / f"{SOURCE}.md")
    path = root / f"{language}.md"
    if language == SOURCE or not path.exists():
        return Glossary(SOURCE, english)
    mine = _read(path)
    _compare(path, mine, english)
    return Glossary(language, {id: replace(term, formula=english[id].formula) for id, term in mine.items()})


def parse_glossary(text: str, path: Path) -> dict[str, Term]:
    """The terms that a text describes, by id; raises UserError that names the file and the line."""
    found: dict[str, Term] = {}
    known: dict[str, str] = {}
    for block in _blocks(path, text.replace("\r\n", "\n").split("\n")):
        term = _term(path, block)
        if term.id in found:
            raise refusal(path, term.line, UserError("There are two terms '{id}'.", id=term.id))
        for form in term.words:
            if (other := known.setdefault(key(form), term.id)) != term.id:
                wrong = UserError("'{form}' is a form of '{other}' already.", form=form, other=other)
                raise refusal(path, line_of(block[2], "words", term.line + 1), wrong)
        found[term.id] = term
    return found


def _read(path: Path) -> dict[str, Term]:
    try:
        text = read_file(path, FILE_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError("{path} cannot be read ({error}).", path=path, error=error) from None
    return parse_glossary(text, path)


def _blocks(path: Path, lines: list[str]) -> Iterator[Block]:
    places = [number for number, line in enumerate(lines) if line.startswith("#")]
    for number in range(places[0] if places else len(lines)):
        if lines[number].strip():
            raise refusal(path, number + 1, UserError("A term begins with a line such as '## rate'."))
    for place, end in pairwise([*places, len(lines)]):
        id = lines[place].removeprefix("##").strip()
        if not lines[place].startswith("## ") or not ID.fullmatch(id):
            wrong = UserError("'{id}' is no name of a term: use small letters, digits and hyphens.", id=id)
            raise refusal(path, place + 1, wrong)
        yield place + 1, id, lines[place + 1 : end]


def _term(path: Path, block: Block) -> Term:
    line, id, lines = block
    blank = next((number for number, one in enumerate(lines) if not one.strip()), len(lines))
    keys = read_toml(path, line + 1, lines[:blank])
    for name, value in keys.items():
        refuse_at(path, line_of(lines, name, line + 1), partial(_check, name, value))
    if "words" not in keys:
        raise refusal(path, line, UserError("A term needs '{name}'.", name="words"))
    plain = " ".join("\n".join(lines[blank:]).split())
    first = line + 1 + blank + next((number for number, one in enumerate(lines[blank:]) if one.strip()), 0)
    refuse_at(path, first, partial(_check_plain, plain))
    return Term(id, tuple(keys["words"]), plain, keys.get("formula", ""), keys.get("live", ""), line)


def _check(name: str, value: Any) -> None:
    if name not in RULES:
        raise UserError("A term has no '{name}'; it may have {known}.", name=name, known=", ".join(RULES))
    about, holds = RULES[name]
    if not holds(value):
        raise UserError("'{name}' must be {about}.", name=name, about=about)
    if name == "live":
        _check_live(value)


def _check_live(sentence: str) -> None:
    for name in NAMED.findall(sentence):
        if name not in LIVE:
            raise UserError("There is no value '{name}'; known are {known}.", name=name, known=", ".join(LIVE))
    _check_markup(sentence)


def _check_plain(text: str) -> None:
    if not text:
        raise UserError("This term has no text: write it below an empty line.")
    _check_markup(text)
    han, words = len(HAN.findall(text)), words_of(text)
    if han > MOST_CHARACTERS or (not han and words > MOST_WORDS):
        raise UserError("This text is too long: say it in at most {most} words.", most=MOST_WORDS)


def _check_markup(text: str) -> None:
    if found := FORBIDDEN.search(text):
        raise UserError("'{part}' is not allowed in a text: no links, pictures, HTML or code.", part=found[0])


def _compare(path: Path, mine: Mapping[str, Term], english: Mapping[str, Term]) -> None:
    """Raise UserError where two languages differ in more than their words."""
    for id, term in mine.items():
        if id not in english:
            raise refusal(path, term.line, UserError("There is no term '{id}' in {file}.", id=id, file=f"{SOURCE}.md"))
        if term.formula:
            raise refusal(path, term.line, UserError("The formula stands in {file} alone.", file=f"{SOURCE}.md"))
        if sorted(NAMED.findall(term.live)) != sorted(NAMED.findall(english[id].live)):
            raise refusal(path, term.line, UserError("'{name}' is not as in {file}.", name="live", file=f"{SOURCE}.md"))
    for id in english.keys() - mine.keys():
        raise refusal(path, 1, UserError("The term '{id}' is missing.", id=id))


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 300


def _forms(value: Any) -> bool:
    return (
        isinstance(value, list) and 0 < len(value) <= 40 and all(_text(form) and form == form.strip() for form in value)
    )


# What the value of each setting is, in words and as a rule.
RULES: dict[str, tuple[Message, Callable[[Any], bool]]] = {
    "words": (Message("a list of the forms by which pages name the term"), _forms),
    "formula": (Message("a formula in TeX"), _text),
    "live": (Message("a sentence"), lambda value: _text(value) and "{" in value),
}
