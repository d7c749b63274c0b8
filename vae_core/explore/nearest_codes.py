"""Codes as plain arrays, one row per code, and the search for the nearest of them."""

import numpy as np
from numpy.typing import NDArray

from vae_core.utils.arrays import Int64

Codes = NDArray[np.float32]


def nearest_codes(codes: Codes, z: Codes, count: int) -> Int64:
    """Indices of the `count` codes (N, L) nearest to z (L,), nearest first."""
    distance = np.square(codes - z).sum(1)
    few = np.argpartition(distance, min(count, len(codes) - 1))[:count]
    return few[np.argsort(distance[few], kind="stable")].astype(np.int64)


def typical(codes: Codes, labels: Int64, label: int) -> int | None:
    """Which of the codes (N, L) of a class lies nearest to the mean of that class; None where the class has none."""
    mine = np.flatnonzero(labels == label)
    return int(mine[nearest_codes(codes[mine], codes[mine].mean(0), 1)[0]]) if len(mine) else None
