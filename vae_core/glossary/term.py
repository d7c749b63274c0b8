"""A term of the glossary and the glossary of one language, as frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from vae_core.glossary.matching import Matcher


@dataclass(frozen=True)
class Term:
    """One term. `words` are all forms by which pages name it, the first of them its title; `formula` is TeX, or "".

    `live` is a sentence with {names} of LIVE, which says what the term is for the model in view, or "".
    """

    id: str
    words: tuple[str, ...]
    plain: str
    formula: str = ""
    live: str = ""
    line: int = 0

    @property
    def title(self) -> str:
        return self.words[0]


@dataclass(frozen=True)
class Glossary:
    """The terms of one language by id, in the order of the file."""

    language: str
    terms: Mapping[str, Term]

    @cached_property
    def matcher(self) -> Matcher:
        """Finds these terms in a text."""
        return Matcher({form: term.id for term in self.terms.values() for form in term.words})
