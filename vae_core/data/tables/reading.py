"""A table from a file or a DataFrame, within limits of bytes, rows and columns; nothing in it is evaluated.

CSV and TSV are read as text, so that `recognition` sees what the person sees. Excel needs the package openpyxl.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vae_core.data.tables import text_format
from vae_core.data.tables.columns import LONGEST_NAME, Cells
from vae_core.data.tables.numbers import Mark
from vae_core.data.tables.recognition import MISSING, recognise
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import limits
from vae_core.utils.files import read_file

if TYPE_CHECKING:
    import pandas

LOOKED_AT = 1000  # rows that decide on the heading and the decimal mark


@dataclass(frozen=True)
class RawTable:
    """A table as it was read: `frame` with a name for each column, what was found out on the way, and its decimal mark."""

    name: str
    frame: "pandas.DataFrame"
    notes: tuple[Message, ...] = ()
    mark: Mark = "."


def read(path: Path, fewest: int = limits.FEWEST) -> RawTable:
    """The table in a file, of at least `fewest` rows; raises UserError naming the file, what is wrong with it and what to do."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UserError(
            "{name} is not a table that can be read: save it as one of {kinds}.",
            name=path.name,
            kinds=", ".join(READERS),
        )
    try:
        found = reader(path)
    except OSError as error:
        raise UserError("{name} cannot be read: {why}.", name=path.name, why=error.strerror or error) from None
    return _checked(found, fewest)


def cells(table: RawTable) -> Cells:
    """The cells of a table by column, as `columns.encode` takes them: numbers, names of categories, None where they are missing."""
    found = [recognise(name, table.frame[name], table.mark) for name in table.frame.columns]
    numbers = {one.name: one.numbers.tolist() for one in found if one.numbers is not None}
    return numbers | {one.name: one.texts.tolist() for one in found if one.texts is not None}


def from_frame(frame: "pandas.DataFrame", name: str = "the table", fewest: int = limits.FEWEST) -> RawTable:
    """A DataFrame as a table; its index is not used."""
    refuse_size(name, len(frame), frame.shape[1], fewest)
    renamed = frame.reset_index(drop=True).set_axis([str(column) for column in frame.columns], axis=1)
    return _checked(RawTable(name, renamed), fewest)


def refuse_size(name: str, rows: int, columns: int, fewest: int = 0) -> None:
    """Raise UserError for a table with too few or too many rows, or with too many columns or cells."""
    if rows < fewest:
        raise UserError(
            "{name} has {rows} rows: give at least {fewest}, since some are held out for validation and test.",
            name=name,
            rows=rows,
            fewest=fewest,
        )
    if rows > limits.TABLE_ROWS or columns > limits.TABLE_COLUMNS or rows * columns > limits.TABLE_CELLS:
        raise UserError(
            "{name} has {rows:,} rows and {columns:,} columns: at most {most_rows:,} rows, {most_columns:,} columns and "
            "{most_cells:,} cells can be read.",
            name=name,
            rows=rows,
            columns=columns,
            most_rows=limits.TABLE_ROWS,
            most_columns=limits.TABLE_COLUMNS,
            most_cells=limits.TABLE_CELLS,
        )


def _checked(table: RawTable, fewest: int) -> RawTable:
    """The table with a name of its own for every column."""
    refuse_size(table.name, len(table.frame), table.frame.shape[1], fewest)
    names: list[str] = []
    for place, given in enumerate(table.frame.columns, 1):
        name = " ".join(str(given).split())[: LONGEST_NAME - 10] or f"column {place}"
        same = (f"{name} ({number})" for number in count(2))
        names.append(name if name not in names else next(other for other in same if other not in names))
    return RawTable(table.name, table.frame.set_axis(names, axis=1), table.notes, table.mark)


def _text(path: Path) -> RawTable:
    """CSV, TSV and the like: encoding, separator, decimal mark and heading are recognised."""
    data = read_file(path, limits.TABLE_BYTES)
    code = text_format.encoding(data)
    if code is None or not data.strip():
        raise UserError("{name} is not a text with a table in it: save the table as CSV.", name=path.name)
    between, skipped = text_format.separator(
        data[: 4 * text_format.SAMPLE].decode(code, "ignore")[: text_format.SAMPLE]
    )
    refuse_size(path.name, *_most_cells(data, between))
    frame = _parsed(path, data, code, between, skipped)
    notes = [
        Message("Read as {encoding}, with {separators} between the values.", encoding=code, separators=_named(between))
    ]
    first, below = [value.strip() for value in frame.iloc[0]], frame.iloc[1 : LOOKED_AT + 1]
    sample = [[v for v in map(str.strip, below[c]) if v.lower() not in MISSING] for c in frame.columns]
    if text_format.has_heading(first, sample):
        frame = frame.iloc[1:].set_axis(first, axis=1)
    else:
        frame = frame.set_axis([f"column {place}" for place in range(1, len(first) + 1)], axis=1)
        notes.append(Message("The file has no heading: its columns are called column 1, column 2 and so on."))
    return RawTable(path.name, frame, tuple(notes), text_format.suspected_mark(sample, between))


def _most_cells(data: bytes, separator: str) -> tuple[int, int]:
    """How many rows and columns a text has at most, counted before it is parsed, which takes many times its size in memory."""
    end = b"\n" if b"\n" in data else b"\r"
    return data.count(end), 1 + data.partition(end)[0].count(separator.encode())


def _named(separator: str) -> Message | str:
    return text_format.SEPARATORS.get(separator, f"'{separator}'")


def _parsed(path: Path, data: bytes, code: str, separator: str, skipped: int) -> "pandas.DataFrame":
    """All cells as text, the heading included."""
    import pandas

    as_text: dict[str, Any] = {"dtype": str, "na_filter": False, "header": None, "skiprows": skipped}
    most = limits.TABLE_ROWS + 2  # one more than is allowed, and the heading
    try:
        with io.TextIOWrapper(io.BytesIO(data), code, newline="") as text:
            return pandas.read_csv(text, sep=separator, engine="c", nrows=most, **as_text)
    except pandas.errors.ParserError as error:
        found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        if found is None:
            raise UserError("{name} cannot be read as a table: {why}.", name=path.name, why=error) from None
        raise UserError(
            "{name} has {saw} values in line {line} and {expected} in the first: give every row as many, and put texts "
            "with a separator in them between quotation marks.",
            name=path.name,
            expected=found[1],
            line=found[2],
            saw=found[3],
        ) from None


def _excel(path: Path) -> RawTable:
    """The first sheet of an Excel file, whose first row is the heading."""
    import pandas

    from vae_core.data.zip_archives import open_zip

    read_file(path, limits.TABLE_BYTES)
    if path.suffix.lower() == ".xlsx":
        with open_zip(path, "save it again, without a password.") as (_, members):
            unpacked = sum(member.file_size for member in members)
        if unpacked > 2 * limits.TABLE_BYTES:
            raise UserError(
                "{name} unpacks to {size:,} MB, which is too much: give fewer rows or columns.",
                name=path.name,
                size=unpacked // limits.MIB,
            )
    try:
        frame = pandas.read_excel(path, na_values=[""], keep_default_na=False, nrows=limits.TABLE_ROWS + 1)
    except ImportError as error:
        raise UserError(
            "{name} is an Excel file, and the package that reads these is not installed here ({why}): save it as CSV.",
            name=path.name,
            why=re.sub(r"\s+", " ", str(error)).rstrip("."),
        ) from None
    except Exception as error:  # on damaged bytes its parsers raise almost anything
        raise UserError("{name} is damaged, or no Excel file: save it again, or as CSV.", name=path.name) from error
    return RawTable(path.name, frame, (Message("Read the first sheet of the Excel file."),))


def _parquet(path: Path) -> RawTable:
    """A Parquet file; its sizes are checked from its metadata, and texts that repeat are kept once."""
    from pyarrow import ArrowException, parquet, types

    data = read_file(path, limits.TABLE_BYTES)
    try:
        with parquet.ParquetFile(io.BytesIO(data)) as file:
            kept = [field for field in file.schema_arrow if not types.is_nested(field.type)]
            _refuse_unpacked(path.name, file.metadata)
            refuse_size(path.name, file.metadata.num_rows, len(kept))
        texts = [field.name for field in kept if types.is_string(field.type) or types.is_large_string(field.type)]
        with parquet.ParquetFile(io.BytesIO(data), read_dictionary=texts) as file:
            frame = file.read([field.name for field in kept]).to_pandas(ignore_metadata=True)
    except UserError:
        raise
    except (ArrowException, OSError, ValueError) as error:
        raise UserError("{name} is damaged, or no Parquet file: save it again, or as CSV.", name=path.name) from error
    for name in texts:  # kept once each so far: a text that repeats a million times would not fit into memory
        frame[name] = frame[name].astype(object)
    return RawTable(path.name, frame)


def _refuse_unpacked(name: str, metadata: Any) -> None:
    size = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    if size > 4 * limits.TABLE_BYTES:
        raise UserError(
            "{name} unpacks to {size:,} MB, which is too much: give fewer rows or columns.",
            name=name,
            size=size // limits.MIB,
        )


READERS: dict[str, Callable[[Path], RawTable]] = {
    ".csv": _text,
    ".tsv": _text,
    ".tab": _text,
    ".txt": _text,
    ".xlsx": _excel,
    ".xls": _excel,
    ".parquet": _parquet,
}
