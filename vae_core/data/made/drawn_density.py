"""A density in the plane, drawn by hand on a grid of cells, as a short text that settings and a page's address can hold."""

import base64
import binascii
import zlib

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError
from vae_core.utils.arrays import UInt8

SIDE = 32  # cells
LEVELS = 4  # 0 is empty; a cell of level 3 gets three times as many points as one of level 1
CELLS = SIDE * SIDE


def packed(levels: UInt8) -> UInt8:
    """The cells of `levels` (SIDE, SIDE) in 0..3, row by row from the top, four in a byte (SIDE * SIDE / 4,)."""
    quads = levels.reshape(-1, 4).astype(np.uint8)
    return (quads << np.array([0, 2, 4, 6], np.uint8)).sum(1, dtype=np.uint8)


def unpacked(quads: UInt8) -> UInt8:
    """The levels (SIDE, SIDE) of what `packed` gave."""
    return np.stack([quads >> shift & 3 for shift in (0, 2, 4, 6)], 1).reshape(SIDE, SIDE)


def encode(levels: UInt8) -> str:
    """The text of `levels` (SIDE, SIDE) in 0..3: the packed cells, compressed, in URL-safe base64."""
    return base64.urlsafe_b64encode(zlib.compress(packed(levels).tobytes(), 9)).decode().rstrip("=")


def decode(text: str) -> UInt8:
    """The levels (SIDE, SIDE) of a text; raises UserError where it is no drawing or an empty one."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        cells = zlib.decompressobj().decompress(raw, CELLS // 4 + 1)
    except (binascii.Error, ValueError, zlib.error):
        cells = b""
    if len(cells) != CELLS // 4:
        raise UserError("The drawing of the points cannot be read: draw it again on the Data page.")
    levels = unpacked(np.frombuffer(cells, np.uint8))
    if not levels.any():
        raise UserError("The drawing of the points is empty: draw where points should be, on the Data page.")
    return levels


def sample(levels: UInt8, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """`count` points (N, 2) in [0, 1], y upwards: a cell by its level, then a place in the cell, each as likely as any other."""
    chosen = rng.choice(CELLS, count, p=levels.ravel() / levels.sum())
    row, column = np.divmod(chosen, SIDE)
    corner = np.stack([column, SIDE - 1 - row], 1)
    return (corner + rng.uniform(size=(count, 2))) / SIDE
