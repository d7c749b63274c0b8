"""Split and Dataset: three splits in memory, the names of the classes, and true factors where they are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from vae_core.axes.table_layout import TableLayout
from vae_core.config import DataConfig, Kind
from vae_core.data.own_caption import OwnCaption, caption_of
from vae_core.data.tables.columns import Cell, Columns, decode, layout_of
from vae_core.data.text.vocabulary import Ids, Vocabulary
from vae_core.data.words import Caption
from vae_core.messages import Message
from vae_core.utils.arrays import Int64, UInt8
from vae_core.utils.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor

Array = UInt8 | NDArray[np.float32] | Ids


@dataclass(frozen=True)
class Split:
    """Images uint8 (N, C, H, W) in 0..255, points (N, 2) or rows (N, D) float32, or token ids int16 (N, T).

    `labels` are int64 (N,), `factors` int64 (N, F) or None.
    """

    x: Tensor
    labels: Tensor
    factors: Tensor | None = None

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Fault:
    """What is wrong, in one sentence, and the settings of DataConfig that mend it, by name; none where no setting can."""

    sentence: Message
    mend: dict[str, Any]


@dataclass(frozen=True)
class Dataset:
    """A data set with its three splits; `classes` is empty, and every label 0, where there are no labels.

    `notes` say how the data were read, what was left out, and why; `reading_faults` are faults that only its files show. Of a table:
    its `columns`, and those that could be the label. Of sentences: their `vocabulary`, and which columns of their table hold texts.
    Of a person's own pictures with captions: their words, of which the factors of a split are the values.
    """

    name: str
    title: str
    train: Split
    val: Split
    test: Split
    classes: tuple[str, ...] = ()
    factor_names: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()
    reading_faults: tuple[Fault, ...] = ()
    columns: Columns = ()
    label_columns: tuple[str, ...] = ()
    text_columns: tuple[str, ...] = ()
    vocabulary: Vocabulary | None = None
    own_caption: OwnCaption | None = None

    @property
    def shape(self) -> tuple[int, ...]:
        """(C, H, W), (2,) for points, (D,) for rows of a table, or (T,) for sentences of at most T tokens with the end."""
        return tuple(self.train.x.shape[1:])

    @property
    def layout(self) -> TableLayout:
        """Where the columns of a table stand in a row; empty for other data."""
        return layout_of(self.columns)

    def cells(self, rows: Tensor) -> dict[str, list[Cell]]:
        """Rows of a model (N, D) in the units and with the names of the table, by column; None where a value is missing."""
        return decode(self.columns, rows.detach().cpu().numpy())

    @property
    def caption(self) -> Caption | None:
        """The words that stand beside each picture in a model of pairs; None where the data have neither labels nor captions."""
        return None if self.vocabulary else caption_of(self.name, self.classes, self.own_caption)

    @property
    def words(self) -> tuple[int, ...]:
        """How many values each of these words can have."""
        return self.caption.sizes if self.caption else ()

    def words_of(self, split: Split) -> Tensor:
        """The words (N, W) beside the pictures of one of the splits, each the index of its value."""
        assert self.caption is not None
        return torch.from_numpy(self.caption.read(split.labels.numpy(), _numpy(split.factors)))

    @property
    def layout_settings(self) -> dict[str, Any]:
        """The fields of ModelConfig beside the shape: those of a model of this table, of these sentences, or of pairs."""
        if self.columns:
            return {"columns": self.layout.widths, "missing": self.layout.missing}
        if self.vocabulary is not None:
            return {"vocabulary": len(self.vocabulary)}
        return {"words": self.words} if len(self.words) > 1 else {}


@dataclass(frozen=True)
class TestImages:
    """The test split alone, as arrays: `x` (N, C, H, W) uint8, `labels` (N,), and the names of the classes."""

    x: UInt8
    labels: Int64
    classes: tuple[str, ...]


@dataclass(frozen=True)
class DatasetEntry:
    """An entry of DATASETS: title, summary and licence of a data set, and the function that reads it.

    `shape` is None where it depends on the settings; `variants` are the possible values of `DataConfig.variant`, and `variant_title`
    says what they are.
    `available(data_dir, variant)` says whether it can be read from that data folder.
    `uses`: which of the settings variant, drawing and noise have an effect. `held_out` is the usual share of validation and test
    together, which a setting may change; None where the splits are fixed. `own`: it is made of a person's own files. `kind` is that of
    RunConfig, except that points count as pictures. `test`: reads the test split alone, where that is a file of its own.
    """

    name: str
    title: str
    summary: str
    licence: str
    shape: tuple[int, ...] | None
    read: Callable[[DataConfig, Path], Dataset]
    needs_download: bool = False
    available: Callable[..., bool] = lambda data_dir, variant="": True
    variants: tuple[str, ...] = ()
    variant_title: Message | str = ""
    uses: tuple[str, ...] = ()
    held_out: float | None = None
    own: bool = False
    kind: Kind | Literal["molecule"] = "picture"
    test: Callable[[Path], TestImages] | None = None


def shares(config: DataConfig, usual: tuple[float, float] = (0.8, 0.1)) -> tuple[float, float]:
    """The shares of the training and validation splits: `usual`, or what `DataConfig.held_out` leaves and half of it."""
    return usual if config.held_out is None else (1 - config.held_out, config.held_out / 2)


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


def _numpy(factors: Tensor | None) -> Int64 | None:
    return None if factors is None else factors.numpy()
