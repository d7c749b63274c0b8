"""Column: a number or a category of a table; rows of cells -> rows of D numbers for a model, and exactly back.

A number is standardised by the mean and the deviation of the training rows. A category is one-hot. What a row looks like for the model
says TableLayout. The columns are kept in the checkpoint, so that what a model generates is in the units of the person's table.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from vae_core.axes.table_layout import TableLayout
from vae_core.data.tables.decimal_marks import number
from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.messages import Message

Cell = float | int | str | None  # None or NaN: missing
Cells = Mapping[str, Sequence[Cell]]  # by the name of the column, all of one length
Rows = NDArray[np.float32]  # (N, D)
LONGEST_VALUE, LONGEST_NAME = 60, 200  # characters of a category's value and of a column's name
MOST_DECIMALS = 12


class Column(Frozen):
    """A column of a table. Of a number: `mean`, standard deviation `scale`, and how many `decimals` its values have.

    Of a category: its `values`. `has_missing`: whether values may be missing.
    """

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    kind: Literal["number", "category"]
    mean: float = 0.0
    scale: float = Field(1.0, gt=0)
    decimals: int = Field(0, ge=0, le=MOST_DECIMALS)
    values: tuple[str, ...] = Field((), max_length=1000)
    has_missing: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind == "category") != (len(self.values) > 1) or len({*self.values}) < len(self.values):
            raise ValueError(
                Message("values: a category has two or more values, all different, and a number has none.")
            )
        return self

    @property
    def width(self) -> int:
        """How many numbers the column takes in a row."""
        return len(self.values) if self.kind == "category" else 1

    def encode(self, cells: Sequence[Cell]) -> tuple[Rows, NDArray[np.bool_]]:
        """The cells as numbers (N, width), 0 where they are missing, and which are missing (N,).

        Raises UserError for a value that is no number, or not one of the values of a category.
        """
        missing = np.array([is_missing(cell) for cell in cells], bool)
        found = np.zeros((len(cells), self.width), np.float32)
        if self.kind == "number":
            values = np.array([self.mean if is_missing(cell) else self._number(cell) for cell in cells])
            found[:, 0] = (values - self.mean) / self.scale
        else:
            places: dict[str | float | None, int] = {number(value): place for place, value in enumerate(self.values)}
            places |= {value: place for place, value in enumerate(self.values)}  # 1.0 is the value "1" too
            for row in np.flatnonzero(~missing):
                found[row, self._place(str(cells[int(row)]).strip(), places)] = 1
        if missing.any() and not self.has_missing:
            raise UserError(
                "Row {row} (counted from 0) has no value for '{name}', which no row of the training lacked: fill it in.",
                row=int(missing.argmax()),
                name=self.name,
            )
        return found, missing

    def decode(self, numbers: Rows) -> list[Cell]:
        """The numbers (N, width) as cells: a number with its decimals, the most probable value of a category."""
        if self.kind == "category":
            return [self.values[place] for place in numbers.argmax(1)]
        values = np.round(self.mean + self.scale * numbers[:, 0].astype(np.float64), self.decimals)
        return [int(value) if self.decimals == 0 else float(value) for value in values]

    @property
    def brief_decimals(self) -> int:
        """How many decimals tell values apart on a page: a hundredth of the deviation, and no more than the data have."""
        return min(self.decimals, max(0, 2 - math.floor(math.log10(self.scale))))

    def text(self, cell: Cell, brief: bool = False) -> str:
        """A cell as it is written: a number with as many decimals as in the table, or `brief_decimals`; "" for a missing value."""
        if cell is None:
            return ""
        digits = self.brief_decimals if brief else self.decimals
        return f"{cell + 0.0:.{digits}f}" if isinstance(cell, float | int) else cell

    def _number(self, cell: Cell) -> float:
        value = number(cell) if isinstance(cell, str) else None if cell is None else float(cell)
        if value is None or not math.isfinite(value):
            raise UserError(
                "'{name}' is a number, and '{cell}' is none.", name=self.name, cell=str(cell)[:LONGEST_VALUE]
            )
        return value

    def _place(self, value: str, places: Mapping[str | float | None, int]) -> int:
        place = places.get(value, places.get(number(value)) if number(value) is not None else None)
        if place is None:
            raise UserError(
                "'{name}' has no value '{value}': choose one of {values}.",
                name=self.name,
                value=value[:LONGEST_VALUE],
                values=", ".join(self.values),
            )
        return place


Columns = tuple[Column, ...]


def is_missing(cell: Cell) -> bool:
    """Whether there is no value: None or NaN."""
    return cell is None or cell != cell


def layout_of(columns: Columns) -> TableLayout:
    """Where the numbers of each column stand in a row."""
    widths = tuple(column.width for column in columns)
    return TableLayout(widths, tuple(place for place, column in enumerate(columns) if column.has_missing))


def encode(columns: Columns, cells: Cells) -> Rows:
    """Cells by column as rows for a model, (N, D); other columns are ignored.

    Raises UserError for a column that is not there and for a value that does not fit its column.
    """
    layout = layout_of(columns)
    lacking = [column.name for column in columns if column.name not in cells]
    if lacking:
        raise UserError(
            "The column '{name}' is not there; needed are {names}.",
            name=lacking[0],
            names=", ".join(column.name for column in columns),
        )
    count = len(cells[columns[0].name])
    rows = np.zeros((count, layout.size), np.float32)
    flags = np.zeros((count, len(columns)), np.float32)
    for place, column in enumerate(columns):
        rows[:, layout.parts[place]], missing = column.encode(cells[column.name])
        flags[:, place] = missing
    rows[:, layout.flags] = flags[:, list(layout.missing)]
    return rows


def decode(columns: Columns, rows: Rows) -> dict[str, list[Cell]]:
    """Rows of a model (N, D) as cells by column, None for what is missing; the exact inverse of `encode`.

    A number is exact to its decimals where float32 holds as many, about 7 digits of its distance from the mean.
    """
    layout = layout_of(columns)
    found = {}
    for place, column in enumerate(columns):
        found[column.name] = column.decode(rows[:, layout.parts[place]])
    for place, flag in zip(layout.missing, rows[:, layout.flags].T, strict=True):
        name = columns[place].name
        found[name] = [None if is_missing > 0.5 else cell for cell, is_missing in zip(found[name], flag, strict=True)]
    return found
