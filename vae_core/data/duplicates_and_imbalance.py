"""Faults of a data set that a person may want mended before training, and the settings that mend them.

A fault is found in the data as they are; nothing is mended unless `DataConfig.without_duplicates` or `DataConfig.balanced` says so.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, Fault, Split
from vae_core.messages import Message
from vae_core.utils.lazy import torch

MENDED = ("without_duplicates", "balanced")  # settings of DataConfig that only mend a fault
UNEVEN = 5  # times as many images in the largest class as in the smallest, from which classes count as unbalanced


def faults(data: Dataset) -> Iterator[Fault]:
    """What should be looked at before training on these data."""
    yield from data.reading_faults
    if len(data.classes) == 1:
        yield Fault(Message("All examples have the same label, so the labels say nothing."), {})
    if len(data.classes) * 2 > len(data.train):
        yield Fault(
            Message(
                "There are {classes:,} classes for {examples:,} training examples: the label may be an id, which numbers them.",
                classes=len(data.classes),
                examples=len(data.train),
            ),
            {"label_column": ""} if data.label_columns else {},
        )
    if count := sum(int(np.count_nonzero(again)) for again in _repeated(data)):
        yield Fault(
            Message(
                "Examples of the validation and test splits that are also in the training split: {count:,}. "
                "They make the figures too good.",
                count=count,
            ),
            {"without_duplicates": True},
        )
    counts = np.bincount(data.train.labels.numpy(), minlength=len(data.classes))
    if len(data.classes) > 1 and counts.max() >= UNEVEN * max(1, counts.min()):
        least, most = int(counts.argmin()), int(counts.argmax())
        yield Fault(
            Message(
                "The classes are unbalanced: {most:,} training examples of {largest}, but {least:,} of {smallest}.",
                most=int(counts[most]),
                largest=data.classes[most],
                least=int(counts[least]),
                smallest=data.classes[least],
            ),
            {"balanced": True} if counts.min() else {},
        )


def cleaned(data: Dataset, config: DataConfig) -> Dataset:
    """The data with the faults mended that the settings name."""
    if config.without_duplicates:
        val, test = (_take(part, ~again) for part, again in zip((data.val, data.test), _repeated(data), strict=True))
        data = replace(data, val=val, test=test)
    if config.balanced and len(data.classes) > 1:
        labels = data.train.labels.numpy()
        least = np.bincount(labels, minlength=len(data.classes)).min()
        order = np.random.default_rng([config.seed, 3]).permutation(len(labels))
        kept = np.concatenate([order[labels[order] == label][:least] for label in range(len(data.classes))])
        data = replace(data, train=_take(data.train, np.isin(np.arange(len(labels)), kept)))
    return data


def _repeated(data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """For each image of the validation and of the test split, whether the training split has it too, pixel by pixel."""
    known = {hash(one.tobytes()) for one in data.train.x.numpy()}
    val, test = (np.array([hash(one.tobytes()) in known for one in part.x.numpy()]) for part in (data.val, data.test))
    return val, test


def _take(part: Split, kept: np.ndarray) -> Split:
    rows = torch.from_numpy(np.flatnonzero(kept))
    return Split(part.x[rows], part.labels[rows], None if part.factors is None else part.factors[rows])
