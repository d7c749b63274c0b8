"""The same numbers in any file become the same grey levels as in memory: never another by more than half a level, or a sentence."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.helpers.data_helpers import own, saved, whole
from tests.helpers.made_files import mat, text, write
from vae_core.data.own.value_range import ValueSurvey, recognise_range, to_bytes
from vae_core.errors import UserError

TYPES = ("bool", "u1", "i1", "u2", "i2", "i4", "f4", "f8")
RANGES = ((0, 1), (0, 2), (-1, 1), (0, 16), (0, 255), (0, 1.0000001), (0, 4095), (-1000, 3000), (0, 65535), (7, 7))


def expected(x: np.ndarray) -> list[bytes] | None:
    """The grey levels of each picture, in any order; None where the values are refused."""
    survey = ValueSurvey()
    survey.add(x)
    try:
        return sorted(picture.tobytes() for picture in to_bytes(x, recognise_range(survey, x.dtype)))
    except UserError:
        return None


def found(path: Path) -> list[bytes] | None:
    try:
        return sorted(picture.tobytes() for picture in whole(own(path)))
    except UserError as error:
        assert path.name in str(error)
        return None


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 2**31), kind=st.sampled_from(TYPES), ends=st.sampled_from(RANGES), order=st.sampled_from("CF")
)
def test_arrays_in_files_are_read_as_in_memory(
    tmp_path_factory: pytest.TempPathFactory, seed: int, kind: str, ends: tuple[float, float], order: str
) -> None:
    low, high = ends
    numbers = np.random.default_rng(seed).uniform(low, high, (16, 9, 9))
    numbers[0, 0, :2] = low, high
    dtype = np.dtype(kind)
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        numbers = np.rint(numbers).clip(limits.min, limits.max)
    x = np.asarray(numbers > (low + high) / 2 if dtype.kind == "b" else numbers.astype(dtype), order=order)
    folder = tmp_path_factory.mktemp("values")
    np.savez(folder / "mine.npz", images=x)
    np.save(folder / "mine.npy", x)
    truth = expected(x)
    assert found(folder / "mine.npz") == found(folder / "mine.npy") == truth
    if dtype.kind != "b":  # Matlab has truth values as bytes
        write(folder, {"mine.mat": mat({"X": x.transpose(1, 2, 0)})})
        assert found(folder / "mine.mat") == truth
    if dtype in (np.dtype("u1"), np.dtype("u2")):
        kept = {
            f"{i:02}.png": saved(Image.fromarray(picture), "PNG") for i, picture in enumerate(np.ascontiguousarray(x))
        }
        assert found(write(folder / "png", kept)) == truth
    if dtype.kind in "iu" and x.min() >= 0 and x.max() < 256:
        rows = text([list(map(str, picture.ravel().tolist())) for picture in x.astype(int)])
        assert found(write(folder, {"mine.csv": rows}) / "mine.csv") == expected(x.astype(np.uint8))
