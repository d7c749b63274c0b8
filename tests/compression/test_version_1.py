"""Two files of version 1, written once, open with their models in every later version, and are written again byte by byte."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from vae_core.checkpoints import load
from vae_core.compression.codec import compress, decompress

FOLDER = Path(__file__).parent / "version_1"
DIGITS = (load_digits().images[:300, None] > 7).astype(np.uint8) * 255


@pytest.mark.parametrize("name", ["mlp", "conv"])
def test_a_file_of_version_1_opens(name):
    found = decompress(load(FOLDER / name), (FOLDER / f"{name}.vae").read_bytes())
    assert np.array_equal(found.pictures, DIGITS) and found.damage == ()


@pytest.mark.parametrize("name", ["mlp", "conv"])
def test_the_same_file_is_written_today(name):
    assert compress(load(FOLDER / name), DIGITS, segment=100) == (FOLDER / f"{name}.vae").read_bytes()
