"""The words beside a person's own pictures: the columns of their list, or what differs between their captions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Self

import numpy as np
from pydantic import Field, model_validator

from vae_core.data.text.tokens import tokens, unspaced_script, written
from vae_core.data.words import OF_DATA, Caption, Word, of_classes
from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.messages import Message
from vae_core.utils.arrays import Int64

MOST_WORDS, MOST_VALUES, LONGEST_VALUE, LONGEST_CAPTION = 16, 100, 60, 40  # the last: tokens of a caption
NAME = r"[a-z0-9_]{1,40}"
PLAIN = str.maketrans("{}", "()")  # braces name the words of a pattern

Value = Annotated[str, Field(min_length=1, max_length=LONGEST_VALUE)]


class OwnCaption(Frozen):
    """The sentence `pattern` names each of the words in braces; `values` are those that each can have."""

    pattern: str = Field(min_length=3, max_length=4000)
    names: tuple[Annotated[str, Field(pattern=f"^{NAME}$")], ...] = Field(min_length=2, max_length=MOST_WORDS)
    values: tuple[Annotated[tuple[Value, ...], Field(min_length=2, max_length=MOST_VALUES)], ...]

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        named = re.findall(r"\{(\w+)\}", self.pattern)
        if sorted(named) != sorted({*self.names}) or len(self.names) != len(named):
            raise ValueError(Message("names: the pattern must name each word once."))
        if re.search(r"[{}]", re.sub(r"\{\w+\}", "", self.pattern)):
            raise ValueError(Message("pattern: braces may only stand around the name of a word."))
        if len(self.values) != len(self.names) or any(len({*part}) < len(part) for part in self.values):
            raise ValueError(Message("values: each word must have its values, each of them once."))
        return self

    @property
    def caption(self) -> Caption:
        """The same in every language, with the values of the words as the data's factors."""
        words = tuple(Word(name, part, part) for name, part in zip(self.names, self.values, strict=True))
        return Caption(words, self.pattern, self.pattern, _factors)


def _factors(labels: Int64, factors: Int64 | None) -> Int64:
    assert factors is not None
    return factors


@dataclass(frozen=True)
class WordColumns:
    """What the columns of a list give: the words, or None where fewer than two columns have some; each column by its place.

    `used`: the columns that have words. `empty`: those that would have some but for empty cells. `left`: why the others have none.
    """

    words: tuple[OwnCaption, Int64] | None
    used: tuple[int, ...]
    left: dict[int, Message]
    empty: tuple[int, ...]


def of_columns(names: Sequence[str], columns: Sequence[Sequence[str]]) -> WordColumns:
    """The words of a list whose columns have these names and cells, with the index of each cell (N, W).

    A column whose cells are numbers, are nearly all different or all the same, or are too long is no word; one with an empty cell
    neither.
    """
    cells = [[*map(str.strip, column)] for column in columns]
    left = {place: why for place, column in enumerate(cells) if (why := _why_no_word(column))}
    kinds = [place for place in range(len(cells)) if place not in left]
    empty = tuple(place for place in kinds if "" in cells[place])
    whole = [place for place in kinds if place not in empty]
    used = whole[:MOST_WORDS]
    left |= {place: Message("at most {most} columns give words", most=MOST_WORDS) for place in whole[MOST_WORDS:]}
    if len(used) < 2:
        return WordColumns(None, tuple(used), left, empty)
    called = [f"{re.sub(r'[^a-z0-9]+', '_', names[place].lower())[:30]}_{n}" for n, place in enumerate(used, 1)]
    made = _made(", ".join(f"{{{name}}}" for name in called), called, [cells[place] for place in used])
    return WordColumns(made, tuple(used), left, empty)


def _why_no_word(cells: Sequence[str]) -> Message | None:
    """Why a column of a list names no kinds, empty cells apart; None where it does."""
    different = {*cells} - {""}
    if len(different) < 2:
        return Message("all cells of each are the same") if different else Message("all their cells are empty")
    if all(re.fullmatch(r"[+-]?[\d.,]+(e[+-]?\d+)?", cell) for cell in different):
        return Message("all their cells are numbers")
    if len(different) > max(2, len(cells) // 2):
        return Message("nearly all cells of each are different")
    if len(different) > MOST_VALUES:
        return Message("each has more than {most} different cells", most=MOST_VALUES)
    if any(len(cell) > LONGEST_VALUE for cell in different):
        return Message("they have cells of more than {most} letters", most=LONGEST_VALUE)
    return None


def of_captions(captions: Sequence[str]) -> tuple[OwnCaption, Int64]:
    """The places at which captions of equally many words differ, and which of its values each has there, (N, W).

    Raises UserError where they do not have the same number of words, or differ in fewer than two places or in too many ways.
    """
    spaced = not unspaced_script(captions)
    rows = [tokens(text, spaced) for text in captions]
    lengths = sorted({len(row) for row in rows})
    if len(lengths) > 1 or lengths[0] > LONGEST_CAPTION:
        raise UserError(
            "The captions have {least} to {most} words: give each as many, at most {longest}, such as 'a small red car', or a "
            "column for each property.",
            least=lengths[0],
            most=lengths[-1],
            longest=LONGEST_CAPTION,
        )
    places = [[*column] for column in zip(*rows, strict=True)]
    differ = [place for place, column in enumerate(places) if len({*column}) > 1]
    if not 2 <= len(differ) <= MOST_WORDS or any(len({*places[place]}) > MOST_VALUES for place in differ):
        raise UserError(
            "The captions differ in {count} places: they must differ in 2 to {most}, in each by at most {values} words.",
            count=len(differ),
            most=MOST_WORDS,
            values=MOST_VALUES,
        )
    pieces = [
        f"{{word_{place + 1}}}" if place in differ else rows[0][place].translate(PLAIN) for place in range(lengths[0])
    ]
    return _made(
        written(pieces, spaced), [f"word_{place + 1}" for place in differ], [places[place] for place in differ]
    )


def _made(pattern: str, names: Sequence[str], columns: Sequence[Sequence[str]]) -> tuple[OwnCaption, Int64]:
    found = [np.unique(np.array(column, object).astype(str), return_inverse=True) for column in columns]
    values = tuple(tuple(map(str, different)) for different, _ in found)
    return OwnCaption(pattern=pattern, names=tuple(names), values=values), np.stack([index for _, index in found], 1)


def caption_of(dataset: str, classes: Sequence[str], own: OwnCaption | None = None) -> Caption | None:
    """The words of a data set's pictures: their own, those of its name, or the names of its classes; None where it has none."""
    if own is not None:
        return own.caption
    return OF_DATA.get(dataset) or (of_classes(classes) if len(classes) > 1 else None)
