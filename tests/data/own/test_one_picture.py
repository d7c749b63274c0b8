"""One picture file for a model: 12 bits, 16 bits and floats are read by the levels that it has, which is said."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.helpers.data_helpers import saved
from vae_core.__main__ import main
from vae_core.data.own.pictures.one_picture import read_picture
from vae_core.errors import UserError

X = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)
X[0, :2] = 0, 255


@pytest.mark.parametrize(
    ("levels", "kind", "white", "said"),
    [
        (X.astype(np.uint16) * 16, "PNG", 4095, "taken as 12 bits"),
        (X.astype(np.uint16) * 257, "PNG", 65535, "taken as 16 bits"),
        (X.astype(np.float32) / 255, "TIFF", 1, ""),
        (X.astype(np.float32) * 8 - 1000, "TIFF", None, "stretched"),
        (X, "PNG", 255, ""),
    ],
)
def test_a_picture_of_any_depth(levels: np.ndarray, kind: str, white: int | None, said: str) -> None:
    picture, note = read_picture(saved(Image.fromarray(levels), kind), "scan")
    expected = X if white is None else np.rint(levels.astype(float) * (255 / white)).astype(np.uint8)
    assert np.array_equal(np.asarray(picture), expected)
    assert (note is None) == (said == "") and said in (note or "")


def test_the_commands_say_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "scan.png"
    Image.fromarray(X.astype(np.uint16) * 16).save(path)
    assert main(["encode", "mnist-vae-2d", str(path)]) == 0
    note, code = map(json.loads, capsys.readouterr().out.splitlines())
    assert "12 bits" in note["note"] and note["file"] == code["file"] == str(path) and len(code["mean"]) == 2


def test_a_picture_of_one_level_alone_is_refused_by_name() -> None:
    with pytest.raises(UserError, match=r"scan\.tif: All values are -3: there is nothing to be seen"):
        read_picture(saved(Image.new("F", (9, 9), -3), "TIFF"), "scan.tif")
