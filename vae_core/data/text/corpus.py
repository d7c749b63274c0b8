"""Lines of text as a Dataset of token ids: no line is in two splits, and the notes say what is left out or read as <unknown>."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from vae_core.axes.token_ids import END, MARKS, UNKNOWN
from vae_core.data.base import Dataset, Split, rows
from vae_core.data.text.tokens import single_words, tokens, unspaced_script, written
from vae_core.data.text.vocabulary import LONGEST_WORD, Ids, Vocabulary
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import limits
from vae_core.utils.arrays import Int64
from vae_core.utils.lazy import torch

UNITS = ("words", "characters")  # what the tokens can be
FEWEST = 2  # different training lines that must have a token, so that it can be learnt
SHOWN = 5  # rare tokens that a note names
LINE_TOKENS = {True: limits.LINE_WORDS, False: limits.LINE_TOKENS}  # by whether the tokens are words
MOST_TOKENS = {True: limits.WORDS, False: limits.CHARACTERS}


@dataclass(frozen=True)
class Texts:
    """Lines of the source `name`, the class of each as int64 (N,), the names of the classes, and notes on how they were read.

    `text_columns` and `label_columns` are those of a table that could be read in their place.
    """

    name: str
    lines: Sequence[str]
    labels: Int64
    classes: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()
    text_columns: tuple[str, ...] = ()
    label_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Different:
    """The different lines as they are written, where each of them stands among all lines, and how many were too long."""

    lines: list[str]
    places: list[list[int]]
    long: int


def corpus(
    texts: Texts,
    unit: str = "",
    seed: int = 0,
    parts: tuple[float, float] = (0.8, 0.1),
    name: str = "text",
    title: str = "",
) -> Dataset:
    """The texts as rows of token ids, split by the seed into `parts` and a test split; `unit` is one of UNITS, or "" for what suits.

    The vocabulary is that of the training split. Raises UserError where too few different lines are left.
    """
    if unit not in ("", *UNITS):
        raise UserError("The tokens of a text are {known}: '{unit}' is no choice.", known=" or ".join(UNITS), unit=unit)
    spaced = unit == "words" if unit else not (unspaced_script(texts.lines) or single_words(texts.lines))
    found = _different(texts.lines, spaced)
    if len(found.lines) < limits.FEWEST:
        raise UserError(
            "{name} has {count} different lines that can be used: give at least {fewest}, since some are held out for "
            "validation and test.",
            name=texts.name,
            count=len(found.lines),
            fewest=limits.FEWEST,
        )
    split = rows(len(found.lines), seed, parts)
    counts = _counts([found.lines[place] for place in split[0]], spaced, texts.name)
    vocabulary = _vocabulary(counts, spaced, texts.name)
    ids = vocabulary.ids(found.lines, 1 + max(len(vocabulary.pieces(line)) for line in found.lines))
    kept = _without_repeated(ids, split, texts.name)
    alike = sum(map(len, split)) - sum(map(len, kept))
    train, val, test = (_take(ids, texts.labels, found.places, part) for part in kept)
    notes = (*texts.notes, *_notes(texts, unit, found, vocabulary, counts, ids, alike))
    return Dataset(
        name, title or texts.name, train, val, test, texts.classes, notes=notes, vocabulary=vocabulary,
        text_columns=texts.text_columns, label_columns=texts.label_columns,
    )  # fmt: skip


def _different(lines: Sequence[str], spaced: bool) -> Different:
    found: dict[str, list[int]] = {}
    long = 0
    for place, line in enumerate(lines):
        pieces = tokens(line, spaced)
        if len(pieces) > LINE_TOKENS[spaced]:
            long += 1
        else:
            found.setdefault(written(pieces, spaced), []).append(place)
    return Different([*found], [*found.values()], long)


def _counts(lines: Sequence[str], spaced: bool, name: str) -> Counter[str]:
    """How many of the lines have each token."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update({*tokens(line, spaced)} - {*MARKS})
        if len(counts) > limits.DIFFERENT_WORDS:
            raise UserError(
                "{name} has more than {most:,} different words, so it is no usual text: choose characters as tokens.",
                name=name,
                most=limits.DIFFERENT_WORDS,
            )
    return counts


def _vocabulary(counts: Counter[str], spaced: bool, name: str) -> Vocabulary:
    """The most frequent tokens that several lines have, the most frequent first."""
    usual = [word for word, count in counts.items() if count >= FEWEST and len(word) <= LONGEST_WORD]
    usual.sort(key=lambda word: (-counts[word], word))
    if not usual:
        raise UserError(
            "No two training lines of {name} have a word in common: choose characters as tokens, or give more lines.",
            name=name,
        )
    return Vocabulary(words=tuple(usual[: MOST_TOKENS[spaced]]), spaced=spaced)


def _without_repeated(ids: Ids, split: Sequence[Int64], name: str) -> list[Int64]:
    """The splits, of rows of `ids`, without those that are equal to one of an earlier split."""
    known: set[bytes] = set()
    kept = []
    for part in split:
        keys = [ids[place].tobytes() for place in part]
        kept.append(part[np.array([key not in known for key in keys], bool)])
        known.update(keys)
    if not all(map(len, kept)):
        raise UserError(
            "With rare words read as <unknown>, all lines of {name} that are held out are training lines too: choose characters "
            "as tokens, or give more lines.",
            name=name,
        )
    return kept


def _take(ids: Ids, labels: Int64, places: Sequence[Sequence[int]], part: Int64) -> Split:
    """Those of the different lines, each as often as it occurs, with the label of each occurrence."""
    often = np.array([len(places[line]) for line in part])
    every = np.concatenate([places[line] for line in part])
    return Split(torch.from_numpy(ids[np.repeat(part, often)]), torch.from_numpy(labels[every]))


def _notes(
    texts: Texts, unit: str, found: Different, vocabulary: Vocabulary, counts: Counter[str], ids: Ids, alike: int
) -> Iterator[Message]:
    """What a person should know of their text: what the tokens are, what is left out, and what is read in another way."""
    spaced = vocabulary.spaced
    if unit:
        yield (
            Message("Each token is a word or a punctuation mark.") if spaced else Message("Each token is a character.")
        )
    elif spaced:
        yield Message("Each token is a word or a punctuation mark, since there are spaces between the words.")
    elif unspaced_script(texts.lines):
        yield Message("Each token is a character, since this script has no spaces between words.")
    else:
        yield Message("Each token is a character, since most lines are a single word.")
    yield Message(
        "The vocabulary has {count:,} tokens, and the longest line {longest}.",
        count=len(vocabulary.words),
        longest=ids.shape[1] - 1,
    )
    yield from _rare(vocabulary, counts, ids)
    if found.long:
        yield Message(
            "{count:,} lines are left out: they have more than {most} tokens.",
            count=found.long,
            most=LINE_TOKENS[spaced],
        )
    if again := len(texts.lines) - found.long - len(found.lines):
        yield Message("{count:,} lines repeat another one: all copies of a line are in the same split.", count=again)
    if alike:
        yield Message(
            "{count:,} different lines are left out of the validation and test splits: with rare words read as <unknown> they "
            "are in another split too.",
            count=alike,
        )


def _rare(vocabulary: Vocabulary, counts: Counter[str], ids: Ids) -> Iterator[Message]:
    """How many words are read as <unknown>, and why."""
    if unknown := int((ids == UNKNOWN).sum()):
        rare = list(counts.keys() - {*vocabulary.words})
        rare.sort(key=lambda word: (-counts[word], word))
        yield Message(
            "{count:,} of {all:,} tokens ({share:.1%}) are read as <unknown>: fewer than {fewest} training lines have them, or "
            "{most:,} others are more frequent{examples}.",
            count=unknown,
            all=int((ids > END).sum()),
            share=unknown / int((ids > END).sum()),
            fewest=FEWEST,
            most=MOST_TOKENS[vocabulary.spaced],
            examples=Message("; such as {words}", words=", ".join(rare[:SHOWN])) if rare else "",
        )
