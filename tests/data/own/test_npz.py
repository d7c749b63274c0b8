"""A person's own arrays in an .npz file: every layout is read correctly, anything else is refused in a sentence that names the file."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.helpers.data_helpers import own, whole, zipped
from vae_core.errors import UserError
from vae_core.utils import limits

X = np.arange(12 * 20 * 20, dtype=np.uint8).reshape(12, 20, 20)
Y = np.array(["b", "a"] * 6)


@pytest.mark.parametrize(
    ("arrays", "channels"),
    [
        ({"images": X, "labels": Y}, 1),
        ({"x": X / np.float32(255), "y": Y}, 1),
        ({"x": X.astype(np.float64), "y": Y}, 1),
        ({"x": X.astype(np.uint16) * 257, "y": Y}, 1),
        ({"images": X[:, None], "labels": np.array([10, 9] * 6)}, 1),
        ({"images": np.stack([X] * 3, -1), "labels": Y}, 3),
        ({"images": np.stack([X] * 3, 1), "labels": Y}, 3),
        ({"images": np.stack([X, X, X, 0 * X + 255], -1), "labels": Y}, 3),
    ],
)
def test_npz_of_any_layout(arrays: dict[str, np.ndarray], channels: int, tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", **arrays)
    data = own(tmp_path / "mine.npz", size=20, channels=channels)
    assert data.classes in (("a", "b"), ("9", "10"))
    splits = (data.train, data.val, data.test)
    seen = {(x.numpy().tobytes(), int(y)) for split in splits for x, y in zip(split.x, split.labels, strict=True)}
    assert seen == {(np.stack([x] * channels).tobytes(), 1 - i % 2) for i, x in enumerate(X)}


def test_npz_is_resized_and_may_lack_labels(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "mine.npz", images=np.full((10, 50, 70, 3), 200, np.uint8))
    data = own(tmp_path / "mine.npz", size=28)
    assert data.classes == () and data.shape == (1, 28, 28) and set(whole(data).ravel()) == {200}


@pytest.mark.parametrize("x", [X.astype(np.float32) - 300, X.astype(np.int64) * 10**6])
def test_any_other_range_is_stretched_and_said(x: np.ndarray, tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", images=x)
    data = own(tmp_path / "mine.npz")
    assert {picture.tobytes() for picture in whole(data)} == {picture.tobytes() for picture in X}
    assert "stretched: the smallest becomes black, the largest white" in " ".join(data.notes)


SMOOTH = np.add.outer(np.arange(16), 3 * np.arange(16))[None, :, :, None] + np.array([0, 60, 120])
SMOOTH = (SMOOTH + np.arange(12)[:, None, None, None]).astype(np.uint8)  # (12, 16, 16, 3): gradients in three colours


@pytest.mark.parametrize("fortran", [False, True])
@pytest.mark.parametrize("axes", [(0, 1, 2, 3), (0, 3, 1, 2)])
def test_rows_in_colour_are_read_in_the_order_in_which_pictures_are_smooth(
    axes: tuple[int, ...], fortran: bool, tmp_path: Path
) -> None:
    """As in HAM10000's table, whose colours of a pixel stand together, or as in CIFAR-10, with one colour after the other."""
    rows = SMOOTH.transpose(axes).reshape(12, -1)
    np.savez(tmp_path / "mine.npz", data=np.asfortranarray(rows) if fortran else rows)
    data = own(tmp_path / "mine.npz")
    assert {x.tobytes() for x in whole(data)} == {x.transpose(2, 0, 1).tobytes() for x in SMOOTH}
    assert ("colours together" in " ".join(data.notes)) == (axes == (0, 1, 2, 3))


def test_more_labels_than_a_model_may_have_are_left_out(tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", images=np.repeat(X, 50, 0), labels=np.arange(600) // 2)
    data = own(tmp_path / "mine.npz")
    assert data.classes == () and "There are 300 different labels, and a model may have 256" in " ".join(data.notes)


class Evil:
    """Unpickling this would create a file, which shows that nothing is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (self.path,)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("arrays", "why"),
    [
        ({"pixels": X}, "no array named 'images' or 'x'"),
        ({"images": X, "labels": Y[:5]}, "one label for each image"),
        ({"images": X, "labels": np.array([[1, 2]] * 12)}, "one label for each picture"),
        ({"images": X, "labels": np.full(12, 2**31, np.uint32).view("<U1")}, "labels that are not text"),
        ({"images": X, "labels": np.full(12, 0xD800, np.uint32).view("<U1")}, "labels that are not text"),
        ({"images": X, "labels": np.full(12, "a" * 257)}, "longer than 256 letters"),
        ({"images": X[0]}, "shape"),
        ({"images": np.zeros((12, 20, 20, 7))}, "1, 3 or 4 channels"),
        ({"images": np.zeros((12, 0, 20))}, "without a pixel"),
        ({"images": X * np.float32(np.nan)}, "a pixel that is nan, in picture 0"),
        (
            {"images": np.where(np.arange(12) == 7, -np.inf, 0.5)[:, None, None] * np.ones((12, 9, 9))},
            "-inf, in picture 7",
        ),
        ({"images": X.astype(complex)}, "not grey levels"),
        ({"images": np.array([["text"] * 5] * 5)[None].repeat(12, 0)}, "not grey levels"),
        ({"images": X[:4]}, "only 4 pictures"),
        ({"images": X[:0]}, "no picture"),
    ],
)
def test_npz_that_holds_something_else(arrays: dict[str, np.ndarray], why: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", **arrays)
    with pytest.raises(UserError, match=why) as error:
        own(tmp_path / "mine.npz")
    assert "mine.npz" in str(error.value)


@pytest.mark.parametrize("key", ["images", "labels"])
def test_npz_with_objects_is_never_unpickled(key: str, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    arrays = {"images": X, "labels": Y} | {key: np.array([Evil(trap)] * 12, dtype=object)}
    np.savez(tmp_path / "mine.npz", **arrays)
    with pytest.raises(UserError, match="Python objects, which are never loaded"):
        own(tmp_path / "mine.npz")
    assert not trap.exists()


def test_npz_that_is_damaged_or_declares_a_false_size(tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, images=X, labels=Y)
    data = path.read_bytes()
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": (10**15, 28, 28)})
    for damaged in (b"", data[:-30], data.replace(b"NUMPY", b"NUMPI"), data[:2000] + bytes(500) + data[2500:]):
        path.write_bytes(damaged)
        with pytest.raises(UserError, match=r"mine\.npz"):
            own(path)
    with pytest.raises(UserError, match=r"mine\.npz"):
        own(zipped(path, {"images.npy": header.getvalue() + bytes(1000)}))


def test_npz_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ZIP_BYTES", 2**20)
    np.savez_compressed(tmp_path / "mine.npz", images=np.zeros((2000, 28, 28), np.uint8))
    with pytest.raises(UserError, match="unpacks to .* GB, more than"):
        own(tmp_path / "mine.npz")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_no_number_is_named_by_picture(value: float, tmp_path: Path) -> None:
    stack = np.zeros((20_000, 8, 8), np.float32)  # more than one piece
    stack[17_123, 3, 3] = value
    np.savez(tmp_path / "mine.npz", images=stack)
    with pytest.raises(
        UserError, match=rf"mine\.npz has a pixel that is {value}, in picture 17123 .*numpy\.nan_to_num"
    ):
        own(tmp_path / "mine.npz")


@settings(max_examples=150)
@given(at=st.integers(0, 200), junk=st.binary(min_size=1, max_size=6), keep=st.booleans())
def test_any_damaged_header_gives_pictures_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, at: int, junk: bytes, keep: bool
) -> None:
    plain = io.BytesIO()
    np.save(plain, X)
    data = bytearray(plain.getvalue())
    data[at : at + len(junk) * keep] = junk  # in place of as many bytes, or between them
    path = zipped(tmp_path_factory.mktemp("fuzz") / "mine.npz", {"images.npy": bytes(data)})
    try:
        assert own(path, size=20).shape == (1, 20, 20)
    except UserError as error:
        assert "mine.npz" in str(error)
