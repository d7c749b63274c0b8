"""The words beside a picture: which words a data set's pictures have, and the sentence that they make, in English and Chinese.

Pictures with labels have one word, the name of the class. Shapes have five, from their true factors, each of which the picture shows.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from vae_core.errors import UserError
from vae_core.utils.arrays import Int64

LANGUAGES = ("en", "zh")
SHOWN = 12  # values of a word that an error lists


@dataclass(frozen=True)
class Word:
    """One place of a sentence: the `name` of what it tells, and its values in each language, in the same order."""

    name: str
    en: tuple[str, ...]
    zh: tuple[str, ...]

    def values(self, language: str) -> tuple[str, ...]:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Caption:
    """A caption: the words of a data set in the order of the sentence `en`; each of the patterns names all of them in braces.

    `read`: labels (N,) and true factors (N, F) or None -> words (N, W), each the index of its value.
    """

    words: tuple[Word, ...]
    en: str
    zh: str
    read: Callable[[Int64, Int64 | None], Int64]

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many values each word can have."""
        return tuple(len(word.en) for word in self.words)

    def record(self, language: str) -> dict[str, object]:
        """The words and the pattern in one language, as JSON values."""
        words = [{"name": word.name, "values": list(word.values(language))} for word in self.words]
        return {"pattern": self.zh if language == "zh" else self.en, "words": words}

    def parse(self, text: str, language: str = "en") -> tuple[int, ...]:
        """The words (W,) of a sentence in any of the languages and in any order, each the index of its value.

        A sentence of the data's own form is read in its order, in which two words may have the same value.
        Raises UserError, which lists values in `language`, where the sentence has a word that is none of them, two values of one word,
        or none of it.
        """
        for one in LANGUAGES:
            if (whole := self._in_order(text, one)) is not None:
                return whole
        places = self._places()
        joining = {
            piece for pattern in (self.en, self.zh) for piece in re.findall(r"\w+", re.sub(r"\{\w+\}", " ", pattern))
        }
        known = "|".join(_whole(one) for one in sorted({*places, *joining}, key=len, reverse=True))
        text = unicodedata.normalize("NFKC", text).casefold()
        if unknown := re.findall(r"\w+", re.sub(known, " ", text)):
            values = "; ".join(", ".join(word.values(language)[:SHOWN]) for word in self.words)
            raise UserError(
                "The model does not know {unknown}. Its words are: {values}.",
                unknown=", ".join(f"'{one}'" for one in dict.fromkeys(unknown)),
                values=values,
            )
        found: dict[int, int] = {}
        for match in re.findall(known, text):
            if match not in places:
                continue
            place, index = places[match]
            if found.setdefault(place, index) != index:
                first, second = (self.words[place].values(language)[at] for at in (found[place], index))
                raise UserError(
                    "The sentence says both '{first}' and '{second}': keep one.", first=first, second=second
                )
        for place, word in enumerate(self.words):
            if place not in found:
                values = ", ".join(word.values(language)[:SHOWN])
                raise UserError("The sentence lacks a word: say which of {values}.", values=values)
        return tuple(found[place] for place in range(len(self.words)))

    def _in_order(self, text: str, language: str) -> tuple[int, ...] | None:
        """The words of a sentence that is exactly of this language's form, but for spaces and capitals; None for any other."""
        values = {word.name: [_plain(value) for value in word.values(language)] for word in self.words}
        form = ""
        for at, piece in enumerate(re.split(r"\{(\w+)\}", self.zh if language == "zh" else self.en)):
            ordered = sorted(map(re.escape, values[piece]), key=len, reverse=True) if at % 2 else []
            form += f"({'|'.join(ordered)})" if at % 2 else re.escape(_plain(piece))
        names = re.findall(r"\{(\w+)\}", self.zh if language == "zh" else self.en)
        found = re.fullmatch(form, _plain(text.strip()))
        if found is None:
            return None
        said = {name: values[name].index(value) for name, value in zip(names, found.groups(), strict=True)}
        return tuple(said[word.name] for word in self.words)

    def _places(self) -> dict[str, tuple[int, int]]:
        """Each value in each language -> the place of its word and its index."""
        return {
            unicodedata.normalize("NFKC", value).casefold(): (place, index)
            for language in LANGUAGES
            for place, word in enumerate(self.words)
            for index, value in enumerate(word.values(language))
            if value.strip()
        }

    def phrase(self, chosen: Sequence[int], language: str = "en") -> str:
        """The sentence of the words with these indices (W,)."""
        named = {word.name: word.values(language)[at] for word, at in zip(self.words, chosen, strict=True)}
        return (self.zh if language == "zh" else self.en).format(**named)


def _plain(text: str) -> str:
    """Without differences of capitals, widths and spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).casefold())


def _whole(value: str) -> str:
    """A pattern that finds a value, as whole words where its letters have spaces between words."""
    return (
        rf"\b{re.escape(value)}\b"
        if value.isascii() and value[0].isalnum() and value[-1].isalnum()
        else re.escape(value)
    )


DIGITS = {
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "zh": ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九"),
}


def of_classes(classes: Sequence[str]) -> Caption:
    """One word, the name of the class; digits are spelt out."""
    digits = list(classes) == [str(number) for number in range(len(classes))] and len(classes) <= len(DIGITS["en"])
    en, zh = (DIGITS[one][: len(classes)] if digits else tuple(classes) for one in ("en", "zh"))
    return Caption((Word("class", en, zh),), "{class}", "{class}", lambda labels, _: labels[:, None])


def read_shapes(labels: Int64, factors: Int64 | None) -> Int64:
    """Size, shape, turn, height and side of sprites with these factors (shape, scale, rotation, x, y); see `data.made.sprites`."""
    assert factors is not None
    shape, scale, rotation, x, y = factors.T
    return np.stack([scale // 2, shape, turn(shape, rotation), thirds(y), thirds(x)], 1)


def turn(shape: Int64, rotation: Int64) -> Int64:
    """The nearest quarter turn, of four, that the picture shows: an ellipse looks the same after two, a square after each.

    Rotations are steps of 18 degrees to the left, the first upright.
    """
    quarter = (rotation + 2) // 5 % 4
    return np.choose(shape, [np.zeros_like(quarter), quarter % 2, quarter])


def thirds(place: Int64) -> Int64:
    """0, 1 or 2 of a position in 0..7: the first three, the middle two, the last three."""
    return np.digitize(place, (3, 5))


SHAPES = Caption(
    (
        Word("size", ("small", "medium", "large"), ("小", "中等", "大")),
        Word("shape", ("square", "ellipse", "heart"), ("正方形", "椭圆", "心形")),
        Word("turn", ("upright", "turned left", "upside down", "turned right"), ("正放", "向左转", "倒放", "向右转")),
        Word("height", ("upper", "middle", "lower"), ("上方", "中间", "下方")),
        Word("side", ("left", "centre", "right"), ("左边", "正中", "右边")),
    ),
    "a {size} {shape}, {turn}, at the {height} {side}",
    "一个{size}的{shape}，{turn}，在{side}的{height}",
    read_shapes,
)
OF_DATA = {"shapes": SHAPES}  # data sets with sentences of several words; others with labels have the name of the class
