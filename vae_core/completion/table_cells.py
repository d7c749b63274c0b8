"""The empty cells of a table, in the columns of a model, filled in by it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vae_core.checkpoints import Checkpoint
from vae_core.completion.completer import Completer
from vae_core.completion.hidden_parts import Hidden
from vae_core.data.tables import columns as tables
from vae_core.data.tables.columns import Cell, Column, Columns
from vae_core.data.tables.file_formats import RawTable
from vae_core.data.tables.reading import cells as cells_of
from vae_core.errors import UserError


@dataclass(frozen=True)
class FilledCell:
    """A cell that was empty: its row, counted from 0, its column, and the value as it is written in the table."""

    row: int
    column: str
    value: str


@dataclass(frozen=True)
class FilledTable:
    """All columns of a table as texts, the filled cells among them, and how many empty cells the model has no column for."""

    columns: dict[str, list[str]]
    filled: list[FilledCell]
    left: int


def fill_table(checkpoint: Checkpoint, table: RawTable, label: int = 0, seed: int = 0) -> FilledTable:
    """The table with every empty cell of the model's columns filled: a number by its expected value, a category by its likeliest value.

    Raises UserError for a model of pictures, for a table without the model's columns, and for one without empty cells.
    """
    completer, columns = Completer(checkpoint), checkpoint.info.columns
    if not columns:
        raise UserError("This model is of pictures, and {name} is a table: choose a model of a table.", name=table.name)
    given = _cells(table, columns)
    hidden = np.stack([[tables.is_missing(cell) for cell in given[column.name]] for column in columns], 1)
    if not hidden.any():
        raise UserError("{name} has no empty cell in the columns of the model.", name=table.name)
    wanting = np.flatnonzero(hidden.any(1))
    x = tables.encode(columns, {column.name: _guessed(column, given[column.name]) for column in columns})
    found = completer.complete(x[wanting], hidden[wanting], label, draws=0, seed=seed)
    values = tables.decode(columns, found.mean)
    return _written(table, _filled(columns, values, hidden, wanting))


def _cells(table: RawTable, columns: Columns) -> dict[str, Sequence[Cell]]:
    """The cells of the model's columns; a column without any value is there too. Raises UserError for one that is not."""
    found = dict(cells_of(table))
    lacking = [column.name for column in columns if column.name not in table.frame.columns]
    if lacking:
        raise UserError(
            "The column '{name}' is not there; needed are {names}.",
            name=lacking[0],
            names=", ".join(column.name for column in columns),
        )
    nothing = [None] * len(table.frame)
    return {column.name: found.get(column.name, nothing) for column in columns}


def _guessed(column: Column, cells: Sequence[Cell]) -> list[Cell]:
    """The cells with a value in the place of each missing one, which the completion does not look at."""
    usual: Cell = column.values[0] if column.values else column.mean
    return [usual if tables.is_missing(cell) else cell for cell in cells]


def _filled(columns: Columns, values: dict[str, list[Cell]], hidden: Hidden, wanting: np.ndarray) -> list[FilledCell]:
    return [
        FilledCell(int(row), column.name, column.text(values[column.name][i]))
        for i, row in enumerate(wanting)
        for number, column in enumerate(columns)
        if hidden[row, number]
    ]


def _written(table: RawTable, filled: list[FilledCell]) -> FilledTable:
    texts = {
        name: ["" if cell != cell or cell is None else str(cell) for cell in table.frame[name]] for name in table.frame
    }
    for cell in filled:
        texts[cell.column][cell.row] = cell.value
    left = sum(text.strip() == "" for column in texts.values() for text in column)
    return FilledTable(texts, filled, left)
