"""A table as a Dataset: its columns are recognised, the splits drawn, and the rows encoded; what is left out is said in the notes."""

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, rows, shares, take
from vae_core.data.tables.column_types import Recognised, recognise, values_of
from vae_core.data.tables.columns import Column, Columns, encode, layout_of
from vae_core.data.tables.file_formats import RawTable
from vae_core.data.tables.label_column import classes_of, label_column, offered_labels
from vae_core.data.tables.reading import from_frame, read
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import limits
from vae_core.utils.arrays import Int64

if TYPE_CHECKING:
    import pandas

PARTS = (0.7, 0.15)  # usual shares of training and validation rows


def of_file(config: DataConfig, data_dir: Path) -> Dataset:
    """The table in the file `config.path`; raises UserError naming the file or the column, and what to do."""
    path = Path(config.path).expanduser()
    if not config.path or not path.is_file():
        raise UserError("There is no table at '{path}': give a CSV, Excel or Parquet file.", path=config.path)
    refuse_target(config)
    table = read(path)
    return dataset(
        table, config.label_column, config.seed, shares(config, PARTS), config.dataset, PurePosixPath(table.name).stem
    )


def read_table(source: "str | Path | pandas.DataFrame", label: str = "", seed: int = 0) -> Dataset:
    """A DataFrame, or a CSV, TSV, Excel or Parquet file, as a Dataset of rows; the column `label` becomes the labels.

    Numbers are standardised, categories are one-hot, missing values are masked; dates, ids and free text are left out. The `notes` of
    the Dataset say all this. Raises UserError for a table that cannot be read.
    """
    table = read(Path(source)) if isinstance(source, str | Path) else from_frame(source)
    return dataset(table, label, seed)


def is_frame(data: object) -> bool:
    """Whether `data` is a DataFrame, or a pair of one and its labels."""
    first = data[0] if isinstance(data, tuple) and len(data) == 2 else data
    return hasattr(first, "iloc") and hasattr(first, "columns")


def of_frame(data: Any, needs_labels: bool, seed: int) -> Dataset:
    """A DataFrame, or a pair of one and its labels, as a Dataset; raises UserError where labels are needed and not given."""
    frame, labels = data if isinstance(data, tuple) else (data, None)
    if labels is None:
        if needs_labels:
            raise UserError("This model is conditional: give a pair of the DataFrame and its labels.")
        return read_table(frame, seed=seed)
    if len(labels) != len(frame):
        raise UserError(
            "There are {labels:,} labels for {rows:,} rows: give one label for each row.",
            labels=len(labels),
            rows=len(frame),
        )
    name = "label" if "label" not in frame.columns else f"label of {len(frame.columns)} columns"
    return read_table(frame.assign(**{name: list(labels)}), name, seed)


def refuse_target(config: DataConfig) -> None:
    """Raise UserError for a target other than grey, since the rows of a table are not pixels."""
    if config.target != "grey":
        raise UserError(
            "A table cannot have the target '{target}', which is for black and white images: choose grey.",
            target=config.target,
        )


def dataset(
    table: RawTable,
    label: str = "",
    seed: int = 0,
    parts: tuple[float, float] = PARTS,
    name: str = "table",
    title: str = "Your table",
) -> Dataset:
    """The rows of a table, split by the seed into `parts` and a test split; the column `label` becomes the labels of the rows.

    Raises UserError where no column is left, where `label` cannot be a label, and for values that are too large to be scaled.
    """
    found = [recognise(str(column), table.frame[column], table.mark) for column in table.frame.columns]
    labels = label_column(found, label, table.name)
    used = [column for column in found if column.why_left_out is None and column is not labels]
    if not used:
        raise UserError("No column of {name} can be used: {why}", name=table.name, why=_first_reason(found))
    classes, numbers = classes_of(labels, len(table.frame))
    kept = np.flatnonzero(numbers >= 0)
    refuse_few(table.name, len(kept))
    places = [kept[part] for part in rows(len(kept), seed, parts)]
    columns = tuple(_column(column, places[0]) for column in used)
    _refuse_size(table.name, len(table.frame), columns)
    x = encode(columns, {column.name: _cells(column) for column in used})
    train, val, test = (take(x, numbers, part) for part in places)
    notes = (*table.notes, *_notes(found, used, labels, len(table.frame) - len(kept)))
    return Dataset(
        name, title, train, val, test, classes, columns=columns, notes=notes, label_columns=offered_labels(found)
    )


def refuse_few(name: str, count: int) -> None:
    """Raise UserError for fewer rows with a label than three splits need."""
    if count < limits.FEWEST:
        raise UserError(
            "Only {count} rows of {name} have a label: choose another label column, or give more rows.",
            count=count,
            name=name,
        )


def _first_reason(found: Sequence[Recognised]) -> Message:
    return next((why for column in found if (why := column.why_left_out)), Message("the only one is the label."))


def _column(found: Recognised, training: Int64) -> Column:
    """The column with mean and deviation of the training rows."""
    has_missing = bool(found.missing.any())
    if found.numbers is None:
        return Column(name=found.name, kind="category", values=values_of(found), has_missing=has_missing)
    known = found.numbers[training]
    known = known[~np.isnan(known)] if not np.isnan(known).all() else found.numbers[~found.missing]
    with np.errstate(over="ignore", invalid="ignore"):
        mean, scale = float(known.mean()), float(known.std())
    if not np.isfinite([mean, scale]).all():
        raise UserError("'{name}' has values too large to be scaled: divide them by a power of ten.", name=found.name)
    digits = min(found.decimals, _exact_decimals(found.numbers - mean))
    scale = scale or float(np.nanmax(np.abs(found.numbers - mean))) or 1.0
    return Column(name=found.name, kind="number", mean=mean, scale=scale, decimals=digits, has_missing=has_missing)


def _exact_decimals(distances: NDArray[np.float64]) -> int:
    """How many decimals float32 keeps of numbers at these distances from their mean."""
    furthest = float(np.nanmax(np.abs(distances)))
    return max(0, int(np.floor(-np.log10(max(furthest, 1e-12) * 2.0**-23))))


def _cells(found: Recognised) -> Sequence[float | str | None]:
    cells = found.texts if found.numbers is None else found.numbers
    assert cells is not None
    return cells  # type: ignore[return-value]  # an array is a sequence


def _refuse_size(name: str, count: int, columns: Columns) -> None:
    size = layout_of(columns).size
    if size > limits.TABLE_WIDTH or 4 * size * count > limits.KEPT_BYTES:
        raise UserError(
            "{name} has {count:,} rows of {size:,} numbers, one for each value of a category, which is too much: leave out "
            "columns with many values.",
            name=name,
            count=count,
            size=size,
        )


def _notes(
    found: Sequence[Recognised], used: Sequence[Recognised], label: Recognised | None, unlabelled: int
) -> Iterator[Message]:
    """What a person should know of their table: what is left out, missing or read in another way than it looks."""
    yield from (why for column in found if (why := column.why_left_out))
    for column in used:
        if column.has_comma:
            yield Message("'{name}': the comma is read as the decimal mark.", name=column.name)
        if count := int(column.missing.sum()):
            yield Message(
                "'{name}' has {count:,} missing values: they are masked, so they count nothing in the loss.",
                name=column.name,
                count=count,
            )
    if unlabelled and label is not None:
        yield Message(
            "{count:,} rows are left out: they have no value of the label '{name}'.", count=unlabelled, name=label.name
        )
    if label is None and (offered := offered_labels(used)):
        yield Message("'{name}' could be the label: choose it as label column to see its classes.", name=offered[0])
