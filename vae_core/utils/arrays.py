"""Names for kinds of numpy arrays, grey levels as numbers from 0 to 1, and an order of images that takes every class in turn."""

import numpy as np
from numpy.typing import NDArray

UInt8 = NDArray[np.uint8]
Float32 = NDArray[np.float32]
Int64 = NDArray[np.int64]


def unit(x: NDArray[np.generic]) -> Float32:
    """Grey levels in 0..255, as uint8, divided by 255; other numbers as float32."""
    return x.astype(np.float32) / np.float32(255 if x.dtype == np.uint8 else 1)


def balanced_order(labels: NDArray[np.int64]) -> Int64:
    """Indices of labels (N,): the first of each class, then the second of each class, and so on."""
    turn = np.zeros(len(labels), np.int64)
    for label in np.unique(labels):
        mine = labels == label
        turn[mine] = np.arange(mine.sum())
    return np.lexsort((labels, turn)).astype(np.int64)
