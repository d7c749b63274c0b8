"""PIXEL_CODES: by likelihood, the frequencies of a pixel's levels, from the decoder's raw output as whole numbers."""

from functools import cache
from typing import Protocol

import numpy as np

from vae_core.compression.ans_stack import TOTAL, Rows
from vae_core.compression.exact_functions import STEPS, logistic
from vae_core.utils.arrays import Int64

LARGEST_LOGIT = 16  # a pixel that is this sure costs 1.6e-7 bits


class PixelCode(Protocol):
    """How the pixels of one likelihood are coded: their number of `levels`, and the steps of the raw output to 1."""

    levels: int
    steps: int

    def __call__(self, raw: Int64) -> Rows:
        """`frequencies` (B * pixels, levels) from the decoder's outputs (B, ...), pixel by pixel in the order of x (B, C, H, W)."""


class BernoulliPixels:
    """Two levels, 0 and 1: 1 has the probability of the logistic function of the raw output."""

    levels = 2
    steps = 256

    def __call__(self, raw: Int64) -> Rows:
        last = LARGEST_LOGIT * self.steps
        return _bernoulli_table()[np.clip(raw.ravel(), -last, last) + last]


@cache
def _bernoulli_table() -> Rows:
    last = LARGEST_LOGIT * BernoulliPixels.steps
    index = np.arange(-last, last + 1)
    ones = np.clip(np.rint(logistic(index * (STEPS // BernoulliPixels.steps)) * TOTAL), 1, TOTAL - 1)
    return np.stack([TOTAL - ones - 1, ones - 1], -1).astype(np.float32)


PIXEL_CODES: dict[str, PixelCode] = {"bernoulli": BernoulliPixels()}
