"""FORMATS: the same pictures in one file of other formats: general compressors on their levels, picture formats on a sheet of them."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from io import BytesIO
from math import ceil, isqrt

import numpy as np
from PIL import Image
from pyarrow import Codec

from vae_core.utils.arrays import UInt8


def packed(levels: UInt8, count: int) -> bytes:
    """Pictures whose values are `count` levels, without loss and uncompressed: a bit for each pixel of two levels, else a byte."""
    return np.packbits(levels).tobytes() if count == 2 else levels.tobytes()


def sheet(levels: UInt8, count: int) -> Image.Image:
    """Pictures (N, C, H, W) beside and below each other in one, nearly square, with black after the last."""
    across = isqrt(len(levels) - 1) + 1
    down = ceil(len(levels) / across)
    _, channels, height, width = levels.shape
    filled = np.zeros((across * down, *levels.shape[1:]), np.uint8)
    filled[: len(levels)] = levels * np.uint8(255 // (count - 1))
    planes = filled.reshape(down, across, channels, height, width).transpose(0, 3, 1, 4, 2)
    whole = planes.reshape(down * height, across * width, channels)
    picture = Image.fromarray(whole[..., 0] if channels == 1 else whole)
    return picture.convert("1", dither=Image.Dither.NONE) if count == 2 and channels == 1 else picture


def _saved(levels: UInt8, count: int, kind: str, **options: object) -> bytes:
    file = BytesIO()
    picture = sheet(levels, count)
    (picture if kind == "PNG" or picture.mode != "1" else picture.convert("L")).save(file, kind, **options)
    return file.getvalue()


FORMATS: dict[str, Callable[[UInt8, int], bytes]] = {
    "gzip": lambda levels, count: gzip.compress(packed(levels, count), 9, mtime=0),
    "bz2": lambda levels, count: bz2.compress(packed(levels, count), 9),
    "xz": lambda levels, count: lzma.compress(packed(levels, count), preset=9 | lzma.PRESET_EXTREME),
    "zstd": lambda levels, count: Codec("zstd", compression_level=22).compress(packed(levels, count), asbytes=True),
    "PNG": lambda levels, count: _saved(levels, count, "PNG", optimize=True),
    "WebP": lambda levels, count: _saved(levels, count, "WEBP", lossless=True, quality=100, method=6),
}
