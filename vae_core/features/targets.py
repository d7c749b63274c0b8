"""What can be predicted from the features of a data set: its classes, true factors, and the columns of numbers of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vae_core.checkpoints import CheckpointInfo
from vae_core.data import Dataset, Split
from vae_core.data.made.sprites import FACTORS
from vae_core.data.tables.columns import Columns
from vae_core.errors import UserError
from vae_core.utils.lazy import torch

Values = NDArray[np.float64] | NDArray[np.int64]
LABEL = "label"


@dataclass(frozen=True)
class Target:
    """`kind`: whether a class or a number is predicted; `column` is the first of its own numbers in a row, `width` how many it has,
    `mean` and `scale` lead from there to the unit of the table."""

    name: str
    kind: Literal["class", "number"]
    column: int = 0
    width: int = 0
    mean: float = 0.0
    scale: float = 1.0


def targets(data: Dataset) -> dict[str, Target]:
    """The targets of a data set by name: `label`, then factors or columns."""
    return named(len(data.classes), data.factor_names == (*FACTORS,), data.columns)


def targets_of(info: CheckpointInfo) -> dict[str, Target]:
    """The targets of a checkpoint's data, which need not be read for that."""
    return named(len(info.classes), info.run.data.dataset == "shapes", info.columns)


def named(classes: int, has_factors: bool, columns: Columns) -> dict[str, Target]:
    """The targets of data with so many classes, with the factors of sprites or without, and with those columns."""
    found = {LABEL: Target(LABEL, "class")} if classes > 1 else {}
    if has_factors:
        found |= {name: Target(name, "number") for name in [*FACTORS][1:]}
    return found | {one.name: one for one in _columns(columns)}


def _columns(columns: Columns) -> list[Target]:
    starts = np.cumsum([0, *(column.width for column in columns)])
    return [
        Target(column.name, "number", int(start), 1, column.mean, column.scale)
        for column, start in zip(columns, starts, strict=False)
        if column.kind == "number"
    ]


def chosen(data: Dataset, name: str) -> Target:
    """The target of that name; raises UserError for another one, with those that there are."""
    known = targets(data)
    if name not in known:
        names = ", ".join(known) or "-"
        raise UserError("There is no target '{name}': known are {names}.", name=name, names=names)
    return known[name]


def values(split: Split, target: Target) -> Values:
    """The values of a target, (N,); NaN where a cell of a table is missing."""
    if target.kind == "class":
        return split.labels.numpy()
    if target.width:
        return (split.x[:, target.column].double() * target.scale + target.mean).numpy()
    assert split.factors is not None
    return split.factors[:, [*FACTORS].index(target.name)].double().numpy()


def hidden(x: torch.Tensor, target: Target | None, fill: float) -> torch.Tensor:
    """Rows (N, D) whose column to be predicted says nothing: it has the same value `fill` in all; other data as they are."""
    if target is None or not target.width:
        return x
    found = x.clone()
    found[:, target.column] = fill
    return found
