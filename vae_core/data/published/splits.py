"""The splits of a published data set: its own test split, and a validation split of its training images by the seed."""

import numpy as np

from vae_core.data.base import Dataset, take
from vae_core.utils.arrays import Int64, UInt8

HELD_OUT = 5_000  # training images for validation, at most a fifth of them
Images = tuple[UInt8, Int64]  # (N, C, H, W) and labels (N,)


def with_held_out(name: str, title: str, train: Images, test: Images, classes: tuple[str, ...], seed: int) -> Dataset:
    """A data set with HELD_OUT of its training images, drawn by the seed, as the validation split."""
    (x, y), (test_x, test_y) = train, test
    held_out = np.zeros(len(x), bool)
    held_out[np.random.default_rng(seed).permutation(len(x))[: min(HELD_OUT, len(x) // 5)]] = True
    return Dataset(
        name,
        title,
        take(x, y, np.flatnonzero(~held_out)),
        take(x, y, np.flatnonzero(held_out)),
        take(test_x, test_y, np.arange(len(test_x))),
        classes,
    )
