"""What a column is found to be, and the property that no number or name changes on the way into a model and back."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae_core.data.tables.column_types import recognise
from vae_core.data.tables.columns import Column, decode, encode
from vae_core.data.tables.dataset import dataset, read_table
from vae_core.data.tables.decimal_marks import mark_of, number
from vae_core.data.tables.reading import from_frame
from vae_core.errors import UserError

COLUMNS = {
    "number": ["3.5", "-2", "1e3", "7.25"],
    "category": ["red", "green", "red", "green"],
    "constant": ["5", "5", "5", "5"],
    "empty": ["", "NA", "?", "-"],
    "date": ["2024-01-03", "2024-12-31T23:59:01Z", "2023-02-01 10:00", "2020-05-05"],
    "text": ["a long letter", "another one", "a third", "the last"],
    "id": ["1", "2", "3", "4"],
}


def column(name, values, **options):
    return recognise(name, pd.Series(values), **options)


@pytest.mark.parametrize("kind", COLUMNS)
def test_each_kind_is_recognised_from_its_values(kind):
    assert column("x", COLUMNS[kind] * (3 if kind in ("number", "category") else 1)).kind == kind


@pytest.mark.parametrize(
    "values", [["yes", "no"], ["true", "FALSE"], ["0", "1"], [0, 1], [0.0, 1.0], [True, False], ["j", "n"]]
)
def test_two_values_are_a_category(values):
    found = column("x", values * 10)
    assert found.kind == "category" and found.can_be_label


@pytest.mark.parametrize(
    ("values", "read"),
    [
        (["3,5", "1.234,50"], [3.5, 1234.5]),
        (["1,234.5", "12.25"], [1234.5, 12.25]),
        (["1 234,5", "7,1"], [1234.5, 7.1]),
        (["1'234.5", "7"], [1234.5, 7]),
        (["+4", "-.5"], [4, -0.5]),
        (["1e-3", "2E2"], [0.001, 200]),
    ],
)
def test_decimal_commas_and_thousands_are_recognised(values, read):
    found = column("x", values)
    assert found.kind == "number" and found.numbers.tolist() == read


def test_what_could_be_both_is_read_with_the_mark_of_the_table():
    assert column("x", ["1,234", "2,500"]).numbers.tolist() == [1234, 2500]
    comma = column("x", ["1,234", "2,500"], suspected=",")
    assert comma.numbers.tolist() == [1.234, 2.5] and comma.has_comma


@pytest.mark.parametrize(
    "text", ["", "abc", "1,2,3", "1.2.3", "12,34,567", "0x10", "1_000", "infinity", "nan", "٣", "1 2"]
)
def test_what_is_no_number_is_none(text):
    assert number(text) is None and mark_of([text], ".") is None


@pytest.mark.parametrize("missing", ["", " ", "NA", "nan", "NaN", "?", "-", "n/a", "NULL", None])
def test_missing_values_are_recognised_in_numbers_and_categories(missing):
    numbers, words = column("x", ["1", "2.5", missing, "7"]), column("x", ["a", "b", missing, "a", "b"])
    assert (numbers.kind, words.kind) == ("number", "category")
    assert numbers.missing.tolist() == [False, False, True, False] and words.missing.sum() == 1


def test_an_id_needs_a_name_or_counts_the_rows():
    assert column("customer_id", [str(n * 7) for n in range(100)]).kind == "id"
    assert column("anything", range(1, 101)).kind == "id"
    assert column("width", [str(n * 7) for n in range(100)]).kind == "number"
    assert column("year", range(1990, 2024)).kind == "number"
    assert column("uuid", [f"{n:08x}-aa" for n in range(50)]).kind == "id"


def test_typed_columns_of_a_frame():
    days = pd.date_range("2024-01-01", periods=4)
    assert column("x", days).kind == "date" and column("x", days.astype(str)).kind == "date"
    assert column("x", pd.Series([1, None, 3], dtype="Int64")).missing.tolist() == [False, True, False]
    assert column("x", pd.Categorical([1, 2, 1, 2])).values() == ["1", "2", "1", "2"]
    assert column("x", pd.Series([1.5, 2.25, 3.0], dtype="float32")).decimals == 2
    with pytest.raises(UserError, match="'x' is infinite in row 1"):
        column("x", [1.0, np.inf])


@given(
    st.lists(st.decimals(-10_000, 10_000, places=2, allow_nan=False), min_size=12, max_size=60),
    st.lists(st.sampled_from(["red", "grün", "蓝", "a,b", 'say "x"', " = "]), min_size=60, max_size=60),
    st.lists(st.booleans(), min_size=60, max_size=60),
)
def test_a_table_comes_back_exactly(numbers, words, gaps):
    frame = pd.DataFrame({"n": [float(n) for n in numbers], "w": words[: len(numbers)]})
    frame.loc[[i for i, gap in enumerate(gaps[: len(frame)]) if gap], "n"] = np.nan
    if frame["n"].nunique() < 3 or frame["w"].nunique() < 2:
        return
    data = dataset(from_frame(frame))
    cells = {name: frame[name].tolist() for name in frame}
    back = decode(data.columns, encode(data.columns, cells))
    assert "w" in back
    for name, values in back.items():
        wanted = [None if value != value else value for value in cells[name]]
        assert values == [value.strip() if isinstance(value, str) else value for value in wanted]


def test_numbers_are_standardised_by_the_training_rows_alone():
    frame = pd.DataFrame({"x": np.arange(200.0) ** 2, "y": np.random.default_rng(0).normal(5, 3, 200)})
    data = read_table(frame)
    train = data.train.x.double()
    assert train.mean(0).abs().max() < 1e-6 and (train.std(0, correction=0) - 1).abs().max() < 1e-6
    assert data.test.x.double().mean(0).abs().max() > 1e-3
    back = np.sort(np.concatenate([data.cells(part.x)["x"] for part in (data.train, data.val, data.test)]))
    assert np.array_equal(back, np.arange(200.0) ** 2)


def test_a_value_that_does_not_fit_its_column_is_refused_in_a_sentence():
    price = Column(name="price", kind="number", mean=2.0, scale=4.0, decimals=2)
    colour = Column(name="colour", kind="category", values=("red", "blue"), has_missing=True)
    rows = encode((price, colour), {"price": ["10", 2.0], "colour": ["blue", None], "other": [0, 0]})
    assert rows.tolist() == [[2, 0, 1, 0], [0, 0, 0, 1]]
    assert decode((price, colour), rows) == {"price": [10.0, 2.0], "colour": ["blue", None]}
    for cells, says in (
        ({"price": ["ten"], "colour": ["red"]}, "'price' is a number, and 'ten' is none"),
        ({"price": [1], "colour": ["green"]}, "'colour' has no value 'green': choose one of red, blue"),
        ({"price": [None], "colour": ["red"]}, "has no value for 'price'"),
        ({"price": [1]}, "The column 'colour' is not there"),
    ):
        with pytest.raises(UserError, match=says):
            encode((price, colour), cells)
