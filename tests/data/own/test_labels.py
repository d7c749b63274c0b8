"""Labels of every kind become the classes that their owner means, or none with a word, or a refusal."""

import numpy as np
import pandas
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from vae_core.data.own.labels import recognise_labels
from vae_core.errors import UserError

Y = np.arange(400) % 10
TEN = tuple("0123456789")


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (Y, TEN),
        (Y.astype(np.uint8), TEN),
        (Y.tolist(), TEN),
        (torch.tensor(Y), TEN),
        (Y.astype(float), TEN),
        (Y.astype(object), TEN),
        (Y.astype(str), TEN),
        (Y[:, None], TEN),
        (Y[None], TEN),
        (np.eye(10)[Y], TEN),
        (np.eye(10, dtype=bool)[Y], TEN),
        (torch.eye(10)[torch.tensor(Y)], TEN),
        (pandas.Series(Y).astype("category"), TEN),
        (Y + 1, tuple(str(n) for n in range(1, 11))),
        (Y.astype(str) + "0", ("00", *(f"{n}0" for n in range(1, 10)))),
        (Y * 7 - 3, tuple(str(7 * n - 3) for n in range(10))),
        ([f"d{n}" for n in Y], tuple(f"d{n}" for n in range(10))),
        (np.array([f"d{n}".encode() for n in Y]), tuple(f"d{n}" for n in range(10))),
        (np.array([f"d{n}".encode() for n in Y], object), tuple(f"d{n}" for n in range(10))),
    ],
)
def test_ten_classes_come_out_of_every_kind(values, classes):
    labels = recognise_labels(values, 400, "labels")
    assert labels.y.dtype == np.int64 and (labels.y == Y).all() and labels.classes == classes


def test_truth_values_are_two_classes():
    assert recognise_labels(Y > 4, 400, "labels").classes == ("False", "True")


@pytest.mark.parametrize(
    ("values", "said"),
    [(np.random.default_rng(0).normal(size=400), "a number for each picture"), (Y / 2, "no classes")]
    + [(np.arange(400), "a label of its own"), ([f"{n}.png" for n in range(400)], "a label of its own")],
)
def test_what_is_no_class_is_left_out_with_a_word(values, said):
    labels = recognise_labels(values, 400, "labels")
    assert not labels.classes and not labels.y.any() and said in (labels.sentence or "")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (np.where(Y == 3, np.nan, Y), "a label that is nan, of picture 3"),
        (np.where(Y == 3, np.inf, Y), "a label that is inf, of picture 3"),
        (Y[:60], "400 pictures but 60 labels"),
        (np.tile(Y, 2), "400 pictures but 800 labels"),
        ([], "400 pictures but 0 labels"),
        (np.random.default_rng(0).random((400, 3)), "not one-hot"),
        (np.zeros((400, 3)), "not one-hot"),
        (np.zeros((400, 2, 2)), "of shape"),
        ([None, *Y[1:]], "missing value, in row 0"),
        (pandas.Series(["a", None] * 200), "missing value, in row 1"),
        (pandas.Series([1, None] * 200, dtype="Int64"), "nan, of picture 1"),
        (["a", ""] * 200, "an empty label, of picture 1"),
        (["a", "b" * 300] * 200, "longer than 256"),
        (["\ud800", "a"] * 200, "not text"),
        ([b"\xff\xfe", b"a"] * 200, "not text in UTF-8"),
        ([1, "a"] * 200, "several kinds"),
        (np.full(400, "2020-01-01", "M8[D]"), "datetime64"),
        (7, "of shape"),
        (object(), "type object"),
        ({"a": 1}, "type dict"),
    ],
)
def test_what_is_no_label_is_refused(values, said):
    with pytest.raises(UserError, match=said):
        recognise_labels(values, 400, "mine.npz")


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=20, unique=True), st.data())
def test_numbers_keep_their_order_and_names(numbers, data):
    rows = data.draw(st.lists(st.sampled_from(numbers), min_size=1, max_size=40))
    for values in (rows, np.array(rows, float), [str(n) for n in rows]):
        labels = recognise_labels(values, len(rows), "labels")
        if labels.classes:
            assert [int(labels.classes[y]) for y in labels.y] == rows
            assert [int(name) for name in labels.classes] == sorted(set(rows))


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=3),
    st.binary(max_size=3),
    st.just([1, 2]),
    st.just({}),
)


@given(
    st.one_of(
        st.lists(ANYTHING, max_size=30),
        *(st.lists(kind, max_size=30) for kind in (st.floats(), st.text(), st.booleans())),
    )
)
def test_anything_is_labels_or_a_sentence(values):
    try:
        labels = recognise_labels(values, len(values), "labels")
    except UserError as error:
        assert str(error)
        return
    assert len(labels.y) == len(values) and (not labels.classes or set(labels.y) <= set(range(len(labels.classes))))
    assert labels.classes or labels.sentence or not values
