"""Vocabulary: the words (or characters) of a data set of sentences, and the way from a sentence to token ids and back.

A molecule is a sentence whose words are the tokens of its notation.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from vae_core.axes.token_ids import END, MARKS, PAD, UNKNOWN
from vae_core.data.text.tokens import CLOSING, OPENING, tokens, written
from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.messages import Message
from vae_core.molecules import notation
from vae_core.utils.arrays import Int64

Ids = NDArray[np.int16]
LONGEST_WORD, MOST_WORDS = 100, 30_000  # characters; ids are 16-bit


class Vocabulary(Frozen):
    """`words`, whose ids follow those of padding, end and unknown; `spaced`: whether a sentence has spaces between them.

    `notation`: that of the molecules which the words write; empty for sentences of a language.
    """

    words: tuple[Annotated[str, Field(min_length=1, max_length=LONGEST_WORD)], ...] = Field(
        min_length=1, max_length=MOST_WORDS
    )
    spaced: bool = True
    notation: Literal["", "selfies", "smiles"] = ""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({*self.words, *MARKS}) < len(self.words) + len(MARKS):
            raise ValueError(Message("words: each may be there once, and none may be '<end>' or '<unknown>'."))
        return self

    def __len__(self) -> int:
        """How many ids there are."""
        return len(MARKS) + len(self.words)

    @property
    def names(self) -> tuple[str, ...]:
        """How each id is written; padding is empty."""
        return (*MARKS, *self.words)

    def for_browser(self) -> dict[str, Any]:
        """What JavaScript needs to write a sentence: the names of the ids, and where spaces stand (host/sentence.js)."""
        marks = {"closing": "".join(sorted(CLOSING)), "opening": "".join(sorted(OPENING))}
        return {"names": list(self.names), "spaced": self.spaced, **marks}

    def pieces(self, text: str) -> list[str]:
        """The words and punctuation marks of a sentence, or its characters, or the tokens of a molecule."""
        return notation.pieces(text, self.notation) if self.notation else tokens(text, self.spaced)

    def ids(self, sentences: Sequence[str], length: int) -> Ids:
        """Sentences as rows (N, length) of ids, each with its end and then padding; a word that is not known becomes UNKNOWN.

        Raises UserError for a sentence of more than `length` - 1 words.
        """
        known = {word: len(MARKS) + place for place, word in enumerate(self.words)}
        rows = np.full((len(sentences), length), PAD, np.int16)
        for row, text in zip(rows, sentences, strict=True):
            found = [known.get(piece, UNKNOWN) for piece in self.pieces(text)]
            if len(found) >= length and self.notation:
                raise UserError(
                    "The molecule '{text}' has {count} tokens, and at most {most} fit: give a smaller one.",
                    text=text[:LONGEST_WORD],
                    count=len(found),
                    most=length - 1,
                )
            if len(found) >= length:
                raise UserError(
                    "The sentence '{text}' has {count} words, and at most {most} fit: shorten it.",
                    text=text[:LONGEST_WORD],
                    count=len(found),
                    most=length - 1,
                )
            row[: len(found) + 1] = [*found, END]
        return rows

    def sentences(self, ids: NDArray[np.generic]) -> list[str]:
        """The text of each row of ids (N, T), up to its end; an unknown word is written <unknown>."""
        return [written(words, self.spaced) for words in self.words_of(ids)]

    def readable(self, ids: NDArray[np.generic]) -> list[str]:
        """What each row of ids (N, T) is to a reader: the SMILES of a molecule, else the sentence."""
        return self.smiles(ids) if self.notation else self.sentences(ids)

    def smiles(self, ids: NDArray[np.generic]) -> list[str]:
        """What each row of ids (N, T) of molecules is as SMILES, which need be no molecule."""
        assert self.notation
        return [notation.smiles_of(text, self.notation) for text in self.sentences(ids)]

    def words_of(self, ids: NDArray[np.generic]) -> list[list[str]]:
        """The words of each row of ids (N, T), up to its end."""
        names, rows = self.names, np.asarray(ids).astype(np.int64)
        return [[names[i] for i in row[:count]] for row, count in zip(rows, lengths(rows), strict=True)]


def lengths(ids: NDArray[np.generic]) -> Int64:
    """How many words each row of ids (N, T) has before its end or padding, (N,)."""
    stops = np.concatenate([(ids == END) | (ids == PAD), np.ones((len(ids), 1), bool)], 1)
    found: Int64 = stops.argmax(1).astype(np.int64)
    return found
