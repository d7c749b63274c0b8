"""Each of the other formats holds the same pictures: they are read back from it."""

import bz2
import gzip
import lzma
from io import BytesIO

import numpy as np
import pyarrow
import pytest
from PIL import Image

from vae_core.compression.other_formats import FORMATS, packed, sheet

TWO = np.random.default_rng(0).integers(0, 2, (7, 1, 6, 9)).astype(np.uint8)
MANY = np.random.default_rng(1).integers(0, 256, (7, 3, 6, 9)).astype(np.uint8)


@pytest.mark.parametrize(("levels", "count"), [(TWO, 2), (MANY, 256)])
def test_the_pictures_are_in_every_file(levels, count):
    files = {name: make(levels, count) for name, make in FORMATS.items()}
    raw = packed(levels, count)
    assert gzip.decompress(files["gzip"]) == bz2.decompress(files["bz2"]) == lzma.decompress(files["xz"]) == raw
    assert pyarrow.Codec("zstd").decompress(files["zstd"], len(raw), asbytes=True) == raw
    for name in ("PNG", "WebP"):
        whole = np.asarray(Image.open(BytesIO(files[name])).convert("RGB" if count > 2 else "L"))
        assert np.array_equal(whole, np.asarray(sheet(levels, count).convert("RGB" if count > 2 else "L")))


def test_a_sheet_has_the_pictures_row_by_row():
    whole = np.asarray(sheet(MANY, 256))
    assert whole.shape == (18, 27, 3)
    assert np.array_equal(whole[6:12, 9:18], MANY[4].transpose(1, 2, 0)) and not whole[12:, 9:].any()
    assert len(packed(TWO, 2)) == -(-TWO.size // 8) and np.asarray(sheet(TWO, 2)).dtype == bool
