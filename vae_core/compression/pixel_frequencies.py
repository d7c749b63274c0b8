"""PIXEL_CODES: by likelihood, the frequencies of a pixel's levels, from the decoder's raw output as whole numbers."""

from collections.abc import Callable
from functools import cache
from typing import Protocol, cast

import numpy as np

from vae_core.compression.ans_stack import PRECISION, TOTAL, Rows
from vae_core.compression.exact_functions import STEPS, logistic
from vae_core.distributions.levels.coding_frequencies import STEP
from vae_core.models.level_likelihoods import LevelLikelihood
from vae_core.models.likelihood_base import Likelihood
from vae_core.utils.arrays import Int64

LARGEST_LOGIT = 16  # a pixel that is this sure costs 1.6e-7 bits
LARGEST_NUMBER = 2**30  # as in `distributions.levels.coding_frequencies`


class PixelCode(Protocol):
    """How the pixels of one likelihood are coded; `steps` are those of the raw output to 1."""

    steps: int

    def __call__(self, raw: Int64) -> Rows:
        """`frequencies` (B * pixels, levels) from the decoder's outputs (B, ...), pixel by pixel in the order of x (B, C, H, W)."""


class BernoulliPixels:
    """Two levels, 0 and 1: 1 has the probability of the logistic function of the raw output."""

    steps = 256

    def __call__(self, raw: Int64) -> Rows:
        last = LARGEST_LOGIT * self.steps
        return _bernoulli_table()[np.clip(raw.ravel(), -last, last) + last]


class LevelPixels:
    """256 levels, whose frequencies the likelihood computes from several raw numbers of each pixel."""

    steps = round(1 / STEP)

    def __init__(self, likelihood: LevelLikelihood) -> None:
        self._likelihood = likelihood

    def __call__(self, raw: Int64) -> Rows:
        numbers = raw.reshape(len(raw), self._likelihood.raw_numbers, -1).swapaxes(0, 1)
        whole = np.clip(numbers, -LARGEST_NUMBER, LARGEST_NUMBER).reshape(len(numbers), -1).astype(np.int32)
        cumulative = self._likelihood.cumulative_frequencies(whole, PRECISION)
        return (np.diff(cumulative) - 1).astype(np.float32)


@cache
def _bernoulli_table() -> Rows:
    last = LARGEST_LOGIT * BernoulliPixels.steps
    index = np.arange(-last, last + 1)
    ones = np.clip(np.rint(logistic(index * (STEPS // BernoulliPixels.steps)) * TOTAL), 1, TOTAL - 1)
    return np.stack([TOTAL - ones - 1, ones - 1], -1).astype(np.float32)


def _level_pixels(likelihood: Likelihood) -> PixelCode:
    return LevelPixels(cast(LevelLikelihood, likelihood))


PIXEL_CODES: dict[str, Callable[[Likelihood], PixelCode]] = {
    "bernoulli": lambda likelihood: BernoulliPixels(),
    "beta_binomial": _level_pixels,
    "discretised_logistic": _level_pixels,
}
