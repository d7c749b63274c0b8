"""Training on some of the classes: the others are seen for the first time in the test split, as anomalies are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, Split
from vae_core.errors import UserError
from vae_core.utils.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


def only(data: Dataset, labels: Sequence[int]) -> Dataset:
    """The data with only these labels in the training and validation splits; the test split is unchanged.

    The numbers of a table keep the scale of all training rows, so that a row looks the same to every model of that table.
    Raises UserError where too few examples are left.
    """
    kept = torch.tensor(list(labels))
    train, val = (_rows(part, torch.isin(part.labels, kept)) for part in (data.train, data.val))
    if not len(train) or not len(val):
        raise UserError("No training example has one of these labels: {labels}.", labels=", ".join(map(str, labels)))
    return replace(data, train=train, val=val)


def of_named_classes(data: Dataset, config: DataConfig) -> Dataset:
    """The data with the classes `config.only_classes` in the training and validation splits; unchanged where none is named.

    Raises UserError for a class that the data do not have.
    """
    if not config.only_classes:
        return data
    if unknown := [name for name in config.only_classes if name not in data.classes]:
        raise UserError(
            "The data set '{dataset}' has no class '{name}': choose some of {classes}.",
            dataset=config.dataset,
            name=unknown[0],
            classes=", ".join(data.classes) or "-",
        )
    return only(data, [data.classes.index(name) for name in config.only_classes])


def unseen(classes: Sequence[str], config: DataConfig, labels: Tensor) -> np.ndarray | None:
    """Which examples with `labels` (N,) are of a class that was not trained on, (N,); None where the training saw every class."""
    if not config.only_classes:
        return None
    strange = [label for label, name in enumerate(classes) if name not in config.only_classes]
    return np.isin(labels.numpy(), strange) if strange else None


def _rows(part: Split, keep: Tensor) -> Split:
    rows = torch.nonzero(keep)[:, 0]
    return Split(part.x[rows], part.labels[rows], None if part.factors is None else part.factors[rows])
