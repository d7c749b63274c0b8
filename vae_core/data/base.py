"""Split and Dataset: three splits in memory, the names of the classes, and true factors where they are known."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vae_core.config import DataConfig
from vae_core.messages import Message
from vae_core.utils.arrays import Int64, UInt8

Array = UInt8 | NDArray[np.float32]


@dataclass(frozen=True)
class Split:
    """Images uint8 (N, C, H, W) in 0..255, or points float32 (N, 2); labels int64 (N,); factors int64 (N, F) or None."""

    x: Tensor
    labels: Tensor
    factors: Tensor | None = None

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Dataset:
    """A data set with its three splits; `classes` is empty, and every label 0, where there are no labels.

    `notes` say how a person's own data were read, wherever that is more than plain.
    """

    name: str
    title: str
    train: Split
    val: Split
    test: Split
    classes: tuple[str, ...] = ()
    factor_names: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """(C, H, W), or (2,) for points."""
        return tuple(self.train.x.shape[1:])


@dataclass(frozen=True)
class DatasetEntry:
    """An entry of DATASETS: title, summary and licence of a data set, and the function that reads it.

    `shape` is None where it depends on the settings; `variants` are the possible values of `DataConfig.variant`.
    """

    name: str
    title: str
    summary: str
    licence: str
    shape: tuple[int, ...] | None
    read: Callable[[DataConfig, Path], Dataset]
    needs_download: bool = False
    available: Callable[[Path], bool] = lambda folder: True
    variants: tuple[str, ...] = ()


def rows(count: int, seed: int, parts: tuple[float, float] = (0.8, 0.1)) -> list[Int64]:
    """Random row indices of the training, validation and test splits; `parts` are the shares of the first two."""
    order = np.random.default_rng(seed).permutation(count)
    held = [max(1, round(share * count)) for share in (parts[1], 1 - sum(parts))]
    return [np.sort(part) for part in np.split(order, (count - sum(held), count - held[1]))]


def split(
    x: Array, labels: Int64, seed: int, factors: Int64 | None = None, parts: tuple[float, float] = (0.8, 0.1)
) -> tuple[Split, Split, Split]:
    """The training, validation and test splits with the indices from `rows`, copied."""
    train, val, test = (take(x, labels, part, factors) for part in rows(len(x), seed, parts))
    return train, val, test


def take(x: Array, labels: Int64, rows: Int64, factors: Int64 | None = None) -> Split:
    """The given rows, copied, as a Split."""
    return Split(
        torch.from_numpy(x[rows]),
        torch.from_numpy(labels[rows]),
        None if factors is None else torch.from_numpy(factors[rows]),
    )
