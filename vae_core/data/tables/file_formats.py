"""The table in a file's bytes: CSV and TSV as text, so that `column_types` sees what the person sees, Excel, and Parquet.

Sizes are checked before memory is taken, and nothing is evaluated. Excel needs the package openpyxl.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vae_core.data.tables import text_format
from vae_core.data.tables.column_types import MISSING
from vae_core.data.tables.decimal_marks import Mark
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import limits

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


def _text(name: str, data: bytes) -> RawTable:
    """CSV, TSV and the like: encoding, separator, decimal mark and heading are recognised."""
    code = text_format.encoding(data)
    if code is None or not data.strip():
        raise UserError("{name} is not a text with a table in it: save the table as CSV.", name=name)
    between, skipped = text_format.separator(
        data[: 4 * text_format.SAMPLE].decode(code, "ignore")[: text_format.SAMPLE]
    )
    refuse_size(name, *_most_cells(data, between))
    frame = _parsed(name, data, code, between, skipped)
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
    return RawTable(name, frame, tuple(notes), text_format.suspected_mark(sample, between))


def _most_cells(data: bytes, separator: str) -> tuple[int, int]:
    """How many rows and columns a text has at most, counted before it is parsed, which takes many times its size in memory."""
    end = b"\n" if b"\n" in data else b"\r"
    return data.count(end), 1 + data.partition(end)[0].count(separator.encode())


def _named(separator: str) -> Message | str:
    return text_format.SEPARATORS.get(separator, f"'{separator}'")


def _parsed(name: str, data: bytes, code: str, separator: str, skipped: int) -> "pandas.DataFrame":
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
            raise UserError("{name} cannot be read as a table: {why}.", name=name, why=error) from None
        raise UserError(
            "{name} has {saw} values in line {line} and {expected} in the first: give every row as many, and put texts "
            "with a separator in them between quotation marks.",
            name=name,
            expected=found[1],
            line=found[2],
            saw=found[3],
        ) from None


def _excel(name: str, data: bytes) -> RawTable:
    """The first sheet of an Excel file, whose first row is the heading."""
    import pandas

    _refuse_unpacked(name, _unpacked_bytes(name, data))
    try:
        frame = pandas.read_excel(io.BytesIO(data), na_values=[""], keep_default_na=False, nrows=limits.TABLE_ROWS + 1)
    except ImportError as error:
        raise UserError(
            "{name} is an Excel file, and the package that reads these is not installed here ({why}): save it as CSV.",
            name=name,
            why=re.sub(r"\s+", " ", str(error)).rstrip("."),
        ) from None
    except Exception as error:  # on damaged bytes its parsers raise almost anything
        raise UserError("{name} is damaged, or no Excel file: save it again, or as CSV.", name=name) from error
    return RawTable(name, frame, (Message("Read the first sheet of the Excel file."),))


def _parquet(name: str, data: bytes) -> RawTable:
    """A Parquet file; its sizes are checked from its metadata, and texts that repeat are kept once."""
    from pyarrow import ArrowException, parquet, types

    try:
        with parquet.ParquetFile(io.BytesIO(data)) as file:
            kept = [field for field in file.schema_arrow if not types.is_nested(field.type)]
            _refuse_unpacked(
                name, sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
            )
            refuse_size(name, file.metadata.num_rows, len(kept))
        texts = [field.name for field in kept if types.is_string(field.type) or types.is_large_string(field.type)]
        with parquet.ParquetFile(io.BytesIO(data), read_dictionary=texts) as file:
            frame = file.read([field.name for field in kept]).to_pandas(ignore_metadata=True)
    except UserError:
        raise
    except (ArrowException, OSError, ValueError) as error:
        raise UserError("{name} is damaged, or no Parquet file: save it again, or as CSV.", name=name) from error
    for name in texts:  # kept once each so far: a text that repeats a million times would not fit into memory
        frame[name] = frame[name].astype(object)
    return RawTable(name, frame)


def _unpacked_bytes(name: str, data: bytes) -> int:
    """How many bytes an .xlsx file has when it is unpacked; an .xls file is not packed."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return sum(member.file_size for member in archive.infolist())


def _refuse_unpacked(name: str, size: int) -> None:
    if size > 4 * limits.TABLE_BYTES:
        raise UserError(
            "{name} unpacks to {size:,} MB, which is too much: give fewer rows or columns.",
            name=name,
            size=size // limits.MIB,
        )


READERS: dict[str, Callable[[str, bytes], RawTable]] = {
    ".csv": _text,
    ".tsv": _text,
    ".tab": _text,
    ".txt": _text,
    ".xlsx": _excel,
    ".xls": _excel,
    ".parquet": _parquet,
}
