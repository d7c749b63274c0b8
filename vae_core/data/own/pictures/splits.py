"""The splits of a data set: the words by which names say them, and which pictures are held out where they do not say all three."""

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.config import DataConfig
from vae_core.data.base import rows, shares
from vae_core.messages import Message
from vae_core.utils.arrays import Int64

TRAIN, VAL, TEST = 0, 1, 2
WORDS = {
    TRAIN: ("train", "training", "trn", "tr"),
    VAL: ("val", "valid", "validation", "dev"),
    TEST: ("test", "testing", "t10k", "tst", "te", "evaluation", "eval"),
}
SPLIT_OF = {word: split for split, words in WORDS.items() for word in words}
HELD_OUT = 0.1  # of the training pictures, for a split that the container lacks


def words_of(name: str) -> list[str]:
    """The words of a name in lower case: "XTrain-images.idx3" -> x, train, images, idx3."""
    spaced = re.sub(r"(?<=[a-zA-Z])(?=[A-Z][a-z])", " ", name)
    return [word for word in re.split(r"[\W_]+", spaced.lower()) if word]


def split_in(name: str) -> int | None:
    """The split that the words of a name say, such as 2 for "fashion-mnist_test"; None where none does, or several do."""
    found = {SPLIT_OF[word] for word in words_of(name) if word in SPLIT_OF}
    return found.pop() if len(found) == 1 else None


def split_rows(count: int, splits: NDArray[Any] | None, config: DataConfig) -> tuple[list[Int64], Message]:
    """The indices of the training, validation and test pictures, and a sentence on where the splits are from.

    `splits` is the container's own split of each picture. A split that it lacks is a tenth of its training pictures, drawn by the
    seed. All pictures are drawn anew where it has no training pictures or nothing else, and where `config` says the share that is
    held out.
    """
    own = [np.flatnonzero(splits == split) for split in (TRAIN, VAL, TEST)] if splits is not None else []
    there = [len(part) > 0 for part in own]
    if config.held_out is not None or not own or not there[TRAIN] or sum(there) < 2 or len(own[TRAIN]) < 2:
        return rows(count, config.seed, shares(config)), _at_random(*shares(config))
    if all(there):
        return own, Message("The splits for training, validation and test are those of the files.")
    missing = VAL if there[TEST] else TEST
    order = np.random.default_rng(config.seed).permutation(own[TRAIN])
    held = max(1, round(HELD_OUT * len(order)))
    own[missing], own[TRAIN] = np.sort(order[:held]), np.sort(order[held:])
    if missing == VAL:
        return own, Message(
            "The splits for training and test are those of the files; a tenth of the training pictures, drawn at random, is for "
            "validation."
        )
    return own, Message(
        "The splits for training and validation are those of the files; a tenth of the training pictures, drawn at random, is for test."
    )


def _at_random(train: float, val: float) -> Message:
    return Message(
        "Split at random: {train:.0%} for training, {val:.0%} for validation, {test:.0%} for test.",
        train=train,
        val=val,
        test=1 - train - val,
    )
