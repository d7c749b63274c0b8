"""Rows of a model as a CSV file in the units and with the names of the table."""

import csv
import io

from vae_core.data.tables.columns import Columns, Rows, decode


def csv_file(columns: Columns, rows: Rows) -> bytes:
    """Rows (N, D) as CSV in UTF-8: numbers with as many decimals as in the table, an empty cell for a missing value."""
    cells = decode(columns, rows)
    written = ([column.text(cell) for cell in cells[column.name]] for column in columns)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.name for column in columns)
    writer.writerows(zip(*written, strict=True))
    return text.getvalue().encode()
