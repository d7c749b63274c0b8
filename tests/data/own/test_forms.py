"""The same pictures and labels in every form in which people hold them become the same data set."""

import warnings

import numpy as np
import pandas
import pytest
import scipy.sparse
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset

from tests.helpers.data_helpers import arrays_of
from vae_core.config import DataConfig, ModelConfig
from vae_core.data import load
from vae_core.data.own.dataset_from_arrays import from_arrays
from vae_core.errors import DataWarning, UserError

X = np.random.default_rng(0).integers(0, 256, (60, 1, 8, 8), dtype=np.uint8)
Y = np.arange(60) % 5
GREY = ModelConfig(shape=(1, 8, 8), hidden=(8,))
COLOUR = ModelConfig(shape=(3, 8, 8), hidden=(8,))
T, L = torch.tensor(X), torch.tensor(Y)
FLAT = X.reshape(60, 64)


class Stream(IterableDataset):
    """A data set that can only be read from the front."""

    def __iter__(self):
        return iter(zip(T, Y.tolist(), strict=True))

    def __len__(self):
        return 60


class Samples(Dataset):
    """A data set in the way of torch and Hugging Face, whose items `item` makes from a picture and its label."""

    def __init__(self, item):
        self.item = item

    def __len__(self):
        return 60

    def __getitem__(self, row):
        return self.item(T[row], int(Y[row]))


def picture(x):
    return Image.fromarray(np.asarray(x)[0])


def objects(items):
    array = np.empty(len(items), object)
    array[:] = items
    return array


def frame(**columns):
    return pandas.DataFrame(FLAT, columns=[f"pixel{n}" for n in range(64)]).assign(**columns)


ALONE = {
    "tensor": T,
    "array": X,
    "float": X / 255,
    "bfloat16 of black and white": None,
    "(N, H, W)": X[:, 0],
    "(N, H, W, 1)": np.moveaxis(X, 1, -1),
    "rows": FLAT,
    "negative strides": X[::-1].copy()[::-1],
    "read only": np.broadcast_to(X, X.shape),
    "big endian": X.astype(">i4"),
    "objects": X.astype(object),
    "array of arrays": objects(list(X)),
    "list of arrays": list(X),
    "list of (H, W)": list(X[:, 0]),
    "list of tensors": list(T),
    "list of batches": list(T.split(16)),
    "list of pictures": [picture(x) for x in X],
    "lists of numbers": X[:, 0].tolist(),
    "rows of numbers": FLAT.tolist(),
    "loader": DataLoader(T, 16),
    "generator": (batch for batch in T.split(16)),
    "loader of tuples": DataLoader(TensorDataset(T), 16),
    "dict": {"images": X},
    "dict of another name": {"digits": X},
    "table": frame(),
    "sparse": scipy.sparse.csr_matrix(FLAT),
    "sparse tensor": torch.tensor(FLAT).to_sparse(),
    "pair without labels": (X, None),
}
LABELLED = {
    "pair": (X, Y),
    "list pair": [X, Y],
    "pair of tensors": (T, L),
    "labels in a list": (X, Y.tolist()),
    "labels as tensors": (T, list(L)),
    "labels as a column": (X, Y[:, None]),
    "labels as a frame": (X, pandas.DataFrame({"digit": Y})),
    "one-hot": (X, np.eye(5)[Y]),
    "one-hot in a list": (X, list(torch.eye(5)[L])),
    "pictures and labels": ([picture(x) for x in X], Y.tolist()),
    "loader": DataLoader(TensorDataset(T, L), 16),
    "loader of dicts": DataLoader(Samples(lambda x, y: {"image": x, "label": y}), 16),
    "Hugging Face": DataLoader(Samples(lambda x, y: {"pixel_values": x / 255, "labels": y}), 16),
    "loader without batches": DataLoader(TensorDataset(T, L), batch_size=None),
    "data set": TensorDataset(T, L),
    "subset": torch.utils.data.Subset(TensorDataset(T, L), range(60)),
    "data set of pictures": Samples(lambda x, y: (picture(x), y)),
    "data set of dicts": Samples(lambda x, y: {"image": picture(x), "label": y}),
    "stream": Stream(),
    "list of samples": [(x, int(y)) for x, y in zip(X, Y, strict=True)],
    "list of batches": list(DataLoader(TensorDataset(T, L), 16)),
    "dict": {"x": X, "y": Y},
    "table": frame(label=Y),
    "table and series": (frame(), pandas.Series(Y)),
}


@pytest.mark.parametrize("form", ALONE)
def test_pictures_in_every_form_are_the_same(form):
    data = torch.tensor(X > 99).bfloat16() if ALONE[form] is None else ALONE[form]
    x, y, found = arrays_of(data, GREY)
    wanted = (X > 99) * 255 if ALONE[form] is None else X
    assert np.abs(x - wanted).max() < 1e-3 and not y.any() and found.classes == ()
    assert (len(found.train), len(found.val), found.shape) == (54, 6, (1, 8, 8))


@pytest.mark.parametrize("form", LABELLED)
def test_labels_come_with_their_pictures(form):
    x, y, found = arrays_of(LABELLED[form], GREY)
    assert np.abs(x - X).max() < 1e-3 and (y == Y).all() and found.classes == tuple("01234")


@pytest.mark.parametrize(
    "data",
    [
        (X[:50], X[50:]),
        [X[:50], X[50:]],
        ((X[:50], Y[:50]), (X[50:], Y[50:])),
        (TensorDataset(T[:50], L[:50]), TensorDataset(T[50:], L[50:])),
        (DataLoader(T[:50], 16), DataLoader(T[50:], 16)),
        ([picture(x) for x in X[:50]], [picture(x) for x in X[50:]]),
        {"train": TensorDataset(T[:50], L[:50]), "test": TensorDataset(T[50:], L[50:])},
        {"x_train": X[:50], "y_train": Y[:50], "x_test": X[50:], "y_test": Y[50:]},
    ],
)
def test_pictures_that_are_given_to_be_held_out_are_held_out(data):
    with warnings.catch_warnings(record=True):
        found = from_arrays(data, GREY)
    assert len(found.train) == 50 and len(found.val) == len(found.test) == 10
    assert (found.val.x == T[50:]).all()
    assert sorted(found.train.x.flatten(1).sum(1).tolist()) == sorted(T[:50].flatten(1).sum(1).tolist())
    assert found.classes in ((), tuple("01234"))
    if found.classes:
        assert (found.val.labels == L[50:]).all()


def test_a_data_set_of_this_project_stays_as_it_is():
    digits = load(DataConfig())
    assert from_arrays(digits, GREY) is digits


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("pictures.zip", "load_data"),
        (7, "type int"),
        (None, "type NoneType"),
        (object(), "type object"),
        ([], "is empty"),
        (DataLoader(T[:0]), "is empty"),
        (T[:0], "no picture"),
        ((X, Y[:50]), "60 pictures but 50 labels"),
        ((X, np.tile(Y, 2)), "60 pictures but 120 labels"),
        (((X[:50], Y[:40]), (X[50:], Y[40:])), "50 pictures but 40 labels"),
        ((X, X / 255), "different types, float and uint8"),
        ([X[0], X[1], X[2, :, :4]], "different shapes"),
        ([picture(X[0]), picture(X[1]).resize((9, 9))], "different shapes"),
        ([X[0], X[1] / 255, X[2]], "different types"),
        ({"a": "b"}, "no pictures among 'a'"),
        (frame(colour="red")[["colour", "pixel1"]], "'colour' holds no numbers"),
        (np.ma.masked_greater(X, 99), "masked"),
        (X + 1j, "no grey levels"),
        (X.astype(str), "no grey levels"),
        (np.array([[None]]), "missing value"),
        (np.zeros((60, 2, 1, 8, 8)), "give image_size and in_channels"),
    ],
)
def test_what_holds_no_pictures_is_refused_in_a_sentence(data, said):
    with pytest.raises(UserError, match=said):
        from_arrays(data, GREY)


def test_what_is_left_out_is_named():
    with pytest.warns(DataWarning, match="Left out: id, note"):
        assert from_arrays({"id": Y, "images": X, "note": ["?"] * 60}, GREY).classes == ()
    with pytest.warns(DataWarning, match="Left out: id"):
        assert from_arrays(frame(id=range(60), label=Y), GREY).classes == tuple("01234")
    with pytest.warns(DataWarning, match="third and later ones are left out"):
        from_arrays(DataLoader(TensorDataset(T, L, L), 16), GREY)
    with pytest.warns(DataWarning, match="second part of each batch"):
        assert from_arrays(TensorDataset(T, T), GREY).classes == ()


def test_transparency_is_filled_with_white():
    clear = np.concatenate([np.repeat(X, 3, 1), np.zeros_like(X)], 1)
    for x, white in ((clear, 255), (clear / 255, 1)):
        with pytest.warns(DataWarning, match="transparency"):
            assert (from_arrays(x, COLOUR).train.x == white).all()
    assert from_arrays(clear, ModelConfig(shape=(4, 8, 8), hidden=(8,))).shape == (4, 8, 8)


def test_a_conditional_model_gets_the_numbers_of_its_classes():
    model = GREY.replace(classes=5)
    for labels in (Y, Y * 10 + 3, [f"d{n}" for n in Y], np.eye(5)[Y]):
        x, y, found = arrays_of((X, labels), model)
        assert (y == Y).all() and len(found.classes) == 5
    few = arrays_of((X, Y % 3), model)
    assert few[2].classes == tuple("01234") and (few[1] == Y % 3).all()
    for labels, said in ((np.arange(60) % 6, "has 6 classes|have 6"), (None, "conditional"), (Y / 2, "needs classes")):
        with pytest.raises(UserError, match=said):
            from_arrays((X, labels), model)


def test_points_keep_their_values():
    points, model = np.random.default_rng(0).normal(0, 9, (60, 2)), ModelConfig(shape=(2,), likelihood="gaussian")
    x, y, found = arrays_of((points, np.eye(2)[Y % 2]), model)
    assert np.allclose(x / 255, points, atol=1e-5) and found.classes == ("0", "1")
    assert found.notes == ("Labels of shape (60, 2), taken as one-hot: 2 classes.",)
