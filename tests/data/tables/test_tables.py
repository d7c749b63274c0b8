"""Tables from end to end: built-in ones, files of every kind, what is said about them, and what is refused."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.tables import reading
from vae_core.data.tables.dataset import read_table
from vae_core.errors import UserError
from vae_core.utils import limits

PARTS = ("train", "val", "test")


def mine(path, **settings):
    return load(DataConfig(dataset="table", path=str(path), **settings))


def whole(data):
    return torch.cat([getattr(data, part).x for part in PARTS])


@pytest.fixture(scope="session")
def case(tmp_path_factory):
    """table.csv of the cases: 200 rows of an id, an age, a colour, a price, a date and whether it was sold."""
    path = tmp_path_factory.mktemp("case") / "table.csv"
    lines = ["id,age,colour,price,when,sold"]
    for i in range(200):
        price = "" if i % 7 == 0 else str(3.5 + i % 11)
        colour, sold = ["red", "green", ""][i % 3], "yes" if i % 2 else "no"
        lines.append(f"{i},{20 + i % 50},{colour},{price},2024-01-{1 + i % 28:02d},{sold}")
    path.write_text("\n".join(lines) + "\n")
    return path


def test_the_table_of_the_cases(case):
    data = mine(case)
    notes = "\n".join(data.notes)
    assert [column.name for column in data.columns] == ["age", "colour", "price", "sold"]
    assert "'id' is left out" in notes and "'when' is left out: it holds dates" in notes
    assert "'sold' could be the label" in notes and data.label_columns[0] == "sold"
    colour, price = data.columns[1], data.columns[2]
    assert colour.values == ("green", "red") and colour.has_missing and price.has_missing and price.decimals == 1
    x = whole(data)
    assert x.shape == (200, 1 + 2 + 1 + 2 + 2) and data.layout.size == 8
    no_colour, no_price = x[:, 6] == 1, x[:, 7] == 1
    assert no_colour.sum() == 66 and no_price.sum() == 29
    assert (x[no_colour, 1:3] == 0).all() and (x[no_price, 3] == 0).all()
    assert (x[~no_colour, 1:3].sum(1) == 1).all()
    cells = data.cells(x)
    assert sorted(zip(cells["age"], cells["sold"], strict=True)) == sorted(
        (20 + i % 50, "yes" if i % 2 else "no") for i in range(200)
    )
    assert sorted(p for p in cells["price"] if p is not None) == sorted(3.5 + i % 11 for i in range(200) if i % 7)


def test_a_chosen_label_is_no_part_of_a_row(case):
    data = mine(case, label_column="sold")
    assert data.classes == ("no", "yes") and [column.name for column in data.columns] == ["age", "colour", "price"]
    by_colour = mine(case, label_column="colour")
    assert sum(len(getattr(by_colour, part)) for part in PARTS) == 134
    assert any("66 rows are left out" in note for note in by_colour.notes)
    with pytest.raises(UserError, match=r"'price' cannot be the label of table.csv.*\(sold, colour\)"):
        mine(case, label_column="price")


@pytest.mark.parametrize(
    ("name", "columns", "classes", "rows"),
    [("iris", 4, 3, 150), ("wine", 13, 3, 178), ("breast-cancer", 30, 2, 569), ("diabetes", 11, 0, 442)],
)
def test_scikit_learns_tables_are_built_in_and_in_their_own_units(name, columns, classes, rows):
    from sklearn import datasets

    data = load(DataConfig(dataset=name))
    assert (len(data.columns), len(data.classes)) == (columns, classes)
    assert sum(len(getattr(data, part)) for part in PARTS) == rows
    again, other = load(DataConfig(dataset=name)), load(DataConfig(dataset=name, seed=1))
    assert torch.equal(data.train.x, again.train.x) and not torch.equal(data.test.x, other.test.x)
    options = {"scaled": False} if name == "diabetes" else {}
    truth = getattr(datasets, f"load_{name.replace('-', '_')}")(as_frame=True, **options).data.iloc[:, 0]
    assert sorted(data.cells(whole(data))[data.columns[0].name]) == sorted(truth)


ROWS = [("1,5", "rot", "3"), ("2,25", "grün", "4"), ("", "weiß", "5")] * 8


def text(separator, encoding, heading="größe{0}farbe{0}zahl"):
    lines = [heading.format(separator), *(separator.join(row) for row in ROWS)]
    return "\n".join(lines).encode(encoding)


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_separators_decimal_commas_and_encodings(separator, encoding, tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(text(separator, encoding))
    data = mine(path)
    assert [column.name for column in data.columns] == ["größe", "farbe", "zahl"]
    assert data.columns[1].values == ("grün", "rot", "weiß") and data.columns[0].has_missing
    assert set(data.cells(whole(data))["größe"]) == {1.5, 2.25, None}
    assert any("'größe': the comma is read as the decimal mark" in note for note in data.notes)


def test_chinese_text_in_gbk(tmp_path):
    path = tmp_path / "表.csv"
    path.write_bytes(("颜色,价格\n" + "红色,3\n绿色,5\n蓝,9\n" * 6).encode("gbk"))
    data = mine(path)
    assert [column.name for column in data.columns] == ["颜色", "价格"] and "红色" in data.columns[0].values


def test_commas_in_quotes_and_thousands(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        'name,pay\n"Smith, J.","1,200.50"\n"Ng, K.","900.00"\n' * 1 + '"Smith, J.","2,000.00"\n"Ng, K.","1"\n' * 6
    )
    data = mine(path)
    assert data.columns[0].values == ("Ng, K.", "Smith, J.") and data.columns[1].decimals == 2
    assert set(data.cells(whole(data))["pay"]) == {1200.5, 900.0, 2000.0, 1.0}


@pytest.mark.parametrize(
    ("first", "has_heading"),
    [("5.1,3.5,setosa", False), ("a,b,c", True), ("2019,2020,2021", True), ("sepal,petal,species", True)],
)
def test_a_missing_heading_is_noticed(first, has_heading, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(first + "\n" + "4.9,3.0,setosa\n7.0,3.2,versicolor\n6.1,2.9,versicolor\n" * 6)
    data = mine(path)
    assert any("no heading" in note for note in data.notes) != has_heading
    assert data.columns[0].name == (first.split(",")[0] if has_heading else "column 1")
    assert sum(len(getattr(data, part)) for part in PARTS) == (18 if has_heading else 19)


def test_letters_alone_have_no_heading_where_they_occur_again(tmp_path):
    path = tmp_path / "mushrooms.csv"
    path.write_text("p,x,s\n" + "e,x,s\np,b,y\ne,b,s\n" * 6)
    assert [column.name for column in mine(path).columns] == ["column 1", "column 2", "column 3"]


def frame():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "size": rng.normal(10, 2, 40).round(2),
            "kind": rng.choice(["x", "y"], 40),
            "count": rng.integers(0, 9, 40),
            "day": pd.date_range("2024-01-01", periods=40),
            "made": ["2020"] * 40,
        }
    )


def test_a_frame_a_csv_a_tsv_and_a_parquet_file_give_the_same(tmp_path):
    whole_frame = frame()
    whole_frame.to_csv(tmp_path / "t.csv", index=False)
    whole_frame.to_csv(tmp_path / "t.tsv", index=False, sep="\t")
    whole_frame.to_parquet(tmp_path / "t.parquet")
    first, *others = [
        read_table(whole_frame),
        *(read_table(tmp_path / f"t.{end}") for end in ("csv", "tsv", "parquet")),
    ]
    assert [column.name for column in first.columns] == ["size", "kind", "count"]
    for other in others:
        assert other.columns == first.columns and torch.equal(other.train.x, first.train.x)
    assert any("'day' is left out" in note for note in first.notes)
    assert any("'made' is left out: it is always the same" in note for note in first.notes)


def test_excel_needs_its_package_or_says_so(tmp_path, monkeypatch):
    from tests.helpers.data_helpers import zipped

    path = zipped(tmp_path / "t.xlsx", {"xl/workbook.xml": b"<x/>"})
    try:
        import openpyxl  # noqa: F401
    except ImportError:
        with pytest.raises(UserError, match="t.xlsx is an Excel file, and the package .* is not installed here.*CSV"):
            read_table(path)
    monkeypatch.setattr(pd, "read_excel", lambda *args, **options: frame())
    assert [column.name for column in read_table(path).columns] == ["size", "kind", "count"]


def test_names_are_made_different(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,a,,a (2)\n" + "1.5,2,x,7\n2,3,y,8\n3,4,x,9.5\n" * 5)
    assert [column.name for column in mine(path).columns] == ["a", "a (2)", "column 3", "a (2) (2)"]


REFUSED = {
    "picture.csv": (b"\x89PNG\r\n\x1a\n\0\0\0", "picture.csv is not a text"),
    "empty.csv": (b"", "empty.csv is not a text"),
    "short.csv": (b"a,b\n1,x\n2,y\n", "short.csv has 2 rows: give at least 10"),
    "ragged.csv": (b"a,b\n" + b"1,2\n" * 12 + b"1,2,3\n", "ragged.csv has 3 values in line 14 and 2 in the first"),
    "nothing.csv": (
        b"id,day\n" + b"".join(b"%d,2024-01-01\n" % i for i in range(20)),
        "No column of nothing.csv.*'id'",
    ),
    "huge.csv": (b"a,b\n" + b"1e308,x\n-1e308,y\n" * 10, "'a' has values too large"),
    "wide.csv": (b",".join(b"c%d" % i for i in range(1500)) + b"\n" + b"1\n" * 12, "1,500 columns: at most"),
    "quote.csv": (b'a,b\n"1,2\n' + b"3,4\n" * 12, "quote.csv cannot be read as a table"),
    "t.parquet": (b"PAR1 not at all PAR1", "t.parquet is damaged, or no Parquet file"),
    "t.docx": (b"PK", "t.docx is not a table that can be read: save it as one of .csv"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_by_name(name, tmp_path):
    content, says = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=says):
        mine(tmp_path / name)


def test_a_missing_file_and_a_wrong_target_are_refused(case):
    with pytest.raises(UserError, match="no table at 'nowhere.csv'"):
        mine("nowhere.csv")
    for config in (
        DataConfig(dataset="iris", target="static"),
        DataConfig(dataset="table", path=str(case), target="dynamic"),
    ):
        with pytest.raises(UserError, match="A table cannot have the target"):
            load(config)


@pytest.mark.parametrize("limit", ["TABLE_BYTES", "TABLE_ROWS", "TABLE_COLUMNS", "TABLE_CELLS", "KEPT_BYTES"])
def test_limits_are_said(limit, case, monkeypatch):
    small = {"TABLE_BYTES": 100, "TABLE_ROWS": 150, "TABLE_COLUMNS": 5, "TABLE_CELLS": 900, "KEPT_BYTES": 100}
    monkeypatch.setattr(limits, limit, small[limit])
    with pytest.raises(UserError, match="table.csv"):
        mine(case)


def test_the_sizes_of_a_parquet_file_are_checked_before_it_is_read(tmp_path, monkeypatch):
    frame().to_parquet(tmp_path / "t.parquet")
    monkeypatch.setattr(limits, "TABLE_ROWS", 30)
    with pytest.raises(UserError, match="t.parquet has 40 rows"):
        reading.read(tmp_path / "t.parquet")


PEAK = """
import resource, sys
from vae_core.config import DataConfig
from vae_core.data import load
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    load(DataConfig(dataset="table", path=sys.argv[1]))
except ValueError as error:
    print(str(error)[:60], file=sys.stderr)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def peak(path: Path) -> int:
    """The megabytes that loading takes at most, in a process of its own."""
    done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_a_bomb_of_a_repeated_text_takes_little_memory(tmp_path):
    import pyarrow
    from pyarrow import parquet

    text = pyarrow.array(["x" * 2**20]).dictionary_encode()
    column = pyarrow.DictionaryArray.from_arrays(pyarrow.array(np.zeros(100_000, np.int32)), text.dictionary)
    parquet.write_table(pyarrow.table({"a": column}), tmp_path / "t.parquet", store_schema=False)
    assert (tmp_path / "t.parquet").stat().st_size < 2**20 and peak(tmp_path / "t.parquet") < 600


def test_formulas_and_code_in_cells_stay_text(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + '=1+1,__import__("os")\n2,x\n=cmd|/C calc,y\n' * 6)
    values = {value for column in mine(path).columns for value in column.values}
    assert {"=1+1", "=cmd|/C calc", '__import__("os")'} <= values
