"""CSV files: what a spreadsheet reads back, and that no text of a file's names becomes a formula."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae_core.data.tables.columns import Column
from vae_core.export.csv_files import FORMULA, csv_file, rows_as_csv


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_columns_come_back_with_their_units_and_every_digit():
    z = np.array([0.1, -1.5e-7, 3.0], np.float32)
    content = csv_file({"图像": ["一", 'a "b", c', ""], "z1": z, "rate (nats per image)": [1.25, None, float("nan")]})
    assert content.startswith(b"\xef\xbb\xbf")  # Excel takes UTF-8 without it for another encoding
    header, *rows = read(content)
    assert header == ["图像", "z1", "rate (nats per image)"]
    assert [row[0] for row in rows] == ["一", 'a "b", c', ""]
    assert np.array_equal(np.array([row[1] for row in rows], np.float32), z)
    assert [row[2] for row in rows] == ["1.25", "", ""]


@given(st.text(max_size=8), st.sampled_from(FORMULA))
def test_no_text_starts_as_a_formula_and_no_text_is_lost(rest, start):
    text = f"{start}{rest}A"
    (header,), (cell,) = read(csv_file({text: [text]}))
    assert header == cell == f"'{text}"


def test_numbers_stay_numbers():
    values = [-2, "-2.50", np.float32(-0.5), "+1e-3", float("-inf")]
    assert [row[0] for row in read(csv_file({"x": values}))[1:]] == ["-2", "-2.50", "-0.5", "+1e-3", "-inf"]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        csv_file({"a": [1, 2], "b": [1]})


def test_the_categories_of_a_table_are_guarded_too():
    columns = (
        Column(name="=name", kind="category", values=("=1+1", "b")),
        Column(name="n", kind="number", mean=-5.0, decimals=2),
    )
    assert read(rows_as_csv(columns, np.array([[1, 0, 0.0]], np.float32))) == [["'=name", "n"], ["'=1+1", "-5.00"]]
