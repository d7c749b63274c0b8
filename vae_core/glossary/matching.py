"""Finding terms in a text: the longest form first, whole words only, with a large first letter where a sentence may begin.

The pattern is written so that Python and JavaScript read it alike: the browser marks what this module counts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

# What continues a word: letters of alphabets, digits, and the signs of x′ and σ². Chinese has no spaces, so its characters do not.
WORD = "A-Za-z0-9_\u00aa-\u00ba\u00c0-\u02af\u0370-\u03ff\u2032"
MARKS = re.compile(r"[\\^$.*+?()\[\]{}|/]")
MINUS = "[-\u2212]"  # a hyphen, or a true minus


@dataclass(frozen=True)
class Matcher:
    """`forms` are the forms of all terms, each with the id of its term."""

    forms: Mapping[str, str]

    @cached_property
    def pattern(self) -> str:
        """A regular expression for any form, for Python and for JavaScript without flags."""
        whole = [form for form in self.forms if _edges(form) == (True, True)]
        others = sorted({*self.forms} - {*whole}, key=lambda form: (-len(form), form))  # q(z|x), which begins as q does
        words = f"(?<![{WORD}])(?:{_branches([_units(form) for form in whole])})(?![{WORD}])"
        return "|".join([*map(_bounded, others), *([words] if whole else [])]) or "(?!)"

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, id) of each term in a text, from left to right; they do not overlap."""
        return [(found.start(), found.end(), self.id_of(found[0])) for found in self._compiled.finditer(text)]

    def id_of(self, written: str) -> str:
        """The term that a text found by the pattern names."""
        return self.keys[key(written)]

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    @cached_property
    def keys(self) -> dict[str, str]:
        """Key of a form -> id of its term; `key` says what a key is."""
        return {key(form): id for form, id in self.forms.items()}


def key(written: str) -> str:
    """A form without what may differ on a page: one space for many, a hyphen for a minus, a small first letter of a word."""
    text = " ".join(written.replace("\u2212", "-").split())
    return text[0].lower() + text[1:] if _begins_small(text) or _begins_large(text) else text


def _begins_small(form: str) -> bool:
    """Whether a form is a word that begins with a small letter, and may begin a sentence with a large one: rate, but not x or p(z)."""
    return re.match(r"[a-z][a-z-]", form) is not None


def _begins_large(written: str) -> bool:
    return re.match(r"[A-Z][a-z-]", written) is not None


def _edges(form: str) -> tuple[bool, bool]:
    """Whether a form begins, and ends, with what could continue a word."""
    return re.match(f"[{WORD}]", form) is not None, re.search(f"[{WORD}]$", form) is not None


def _bounded(form: str) -> str:
    left, right = _edges(form)
    return (f"(?<![{WORD}])" if left else "") + "".join(_units(form)) + (f"(?![{WORD}])" if right else "")


def _units(form: str) -> list[str]:
    """A form as a list of patterns, one for each of its characters."""
    first = f"[{form[0].upper()}{form[0]}]" if _begins_small(form) else _escaped(form[0])
    return [first, *map(_escaped, form[1:])]


def _branches(words: list[list[str]]) -> str:
    """A pattern for any of the words, in which equal beginnings stand once: a browser reads a page with it in 1 ms."""
    after: dict[str, list[list[str]]] = {}
    for word in filter(None, words):
        after.setdefault(word[0], []).append(word[1:])
    branches = [unit + _branches(rest) for unit, rest in after.items()]
    if not all(words):
        return f"(?:{'|'.join(branches)})?" if branches else ""
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _escaped(letter: str) -> str:
    if letter in "-\u2212":
        return MINUS
    return "\\s+" if letter == " " else MARKS.sub(lambda found: "\\" + found[0], letter)
