"""Numbers and words as CSV files for spreadsheets: codes, curves and figures of the pages, and rows of a table.

A file is UTF-8 with a byte order mark, without which Excel reads Chinese text in another encoding. A text that a spreadsheet would
take for a formula gets an apostrophe in front (OWASP, "CSV injection"); a number stays a number.
"""

import csv
import io
import math
import numbers
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from vae_core.data.tables.columns import Columns, Rows, decode

Table = Mapping[str, Sequence[object] | NDArray[np.generic]]  # a column's name, with its unit -> its cells
FORMULA = tuple(
    "=+-@\t\r\n＝＋－＠"
)  # a spreadsheet may compute a text that starts so; the wide forms stand in Chinese text


def csv_file(table: Table) -> bytes:
    """Columns of equal length as CSV: text, or numbers with all their digits; None and NaN give an empty cell.

    Raises ValueError if the columns differ in length.
    """
    return _written(table, zip(*table.values(), strict=True))


def rows_as_csv(columns: Columns, rows: Rows) -> bytes:
    """Rows (N, D) of a model of a table as CSV with the names of the table, each number with as many decimals as in the table.

    A missing value gives an empty cell.
    """
    cells = decode(columns, rows)
    written = ([column.text(cell) for cell in cells[column.name]] for column in columns)
    return _written((column.name for column in columns), zip(*written, strict=True))


def _written(header: Iterable[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)  # lines end in CR LF, as RFC 4180 has them
    writer.writerow(map(_cell, header))
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    if value is None or (isinstance(value, numbers.Real) and math.isnan(value)):
        return ""
    text = str(value)
    is_formula = len(text) > 1 and text.startswith(FORMULA) and not _is_number(text)
    return f"'{text}" if is_formula else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii() and text == text.strip()
