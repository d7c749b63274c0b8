"""Frequencies of the code z: the prior N(0, 1) and q(z|x) on the grid of multiples of 1/32.

A code is written as whole numbers k = 32 z. The prior covers -384 to 384; q covers 257 of them around its mean, which is at most 256.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from vae_core.compression.ans_stack import TOTAL, Rows, frequencies
from vae_core.compression.exact_functions import FURTHEST, STEPS, exponential_masses, integer_exp
from vae_core.utils.arrays import Int64

GRID = 32  # steps of z to 1
OUTPUT_STEPS = 256  # of the encoder's outputs, to 1
PARTS = OUTPUT_STEPS // GRID  # of a step of the grid: how finely the mean of q is placed between two grid points
REACH = 128  # symbols of q on either side of its mean: 4 standard deviations of the widest q
LARGEST_MEAN = 256  # in steps of the grid: 8 standard deviations of the prior
LARGEST = LARGEST_MEAN + REACH
SCALES = 72  # the standard deviation of q is e^(-t/16), t = 0 to 71: from that of the prior to 0.38 steps of the grid
SHIFT = 20  # bits after the point of the factors in `_posterior_table`


@dataclass(frozen=True)
class CodeDistribution:
    """q(z|x) of N codes: the middles (N, L) in steps of the grid, and the frequencies (N * L, 257) of k - middle + REACH."""

    middle: Int64
    rows: Rows

    def grid(self, symbols: Int64) -> Int64:
        """The codes (N, L) of symbols (N * L,)."""
        return symbols.reshape(self.middle.shape) + self.middle - REACH

    def symbols(self, grid: Int64) -> Int64:
        """The symbols (N * L,) of codes (N, L)."""
        return (grid - self.middle + REACH).ravel()


def posterior(raw: Int64) -> CodeDistribution:
    """q(z|x) from the encoder's outputs (N, 2 L) in steps of 1/256: means, then log-variances."""
    mean, log_variance = np.split(raw, 2, axis=-1)
    mean = np.clip(mean, -LARGEST_MEAN * PARTS, LARGEST_MEAN * PARTS)
    middle = (mean + PARTS // 2) // PARTS
    # The log of the standard deviation is half of log_variance / 256; in steps of 1/16 that is log_variance / 32.
    scale = np.clip((OUTPUT_STEPS // 16 - log_variance) // (OUTPUT_STEPS // 8), 0, SCALES - 1)
    return CodeDistribution(
        middle, _posterior_table()[scale, mean - middle * PARTS + PARTS // 2].reshape(-1, 2 * REACH + 1)
    )


@cache
def prior(coarseness: int = 0) -> Rows:
    """The frequencies of z = k 2^coarseness / 32, for the symbols k + reach(coarseness)."""
    k = np.arange(-reach(coarseness), reach(coarseness) + 1) << coarseness
    return frequencies(_exponential(k**2 * STEPS // (2 * GRID**2)))


def reach(coarseness: int) -> int:
    """The largest k of the prior on a grid that is 2^coarseness times as coarse."""
    return LARGEST >> coarseness


@cache
def _posterior_table() -> Rows:
    """(SCALES, PARTS, 2 REACH + 1): by t, by where the mean lies between grid points, by symbol.

    (k - m)^2 / (2 s^2), where k and m are in steps of the grid, k - m = d / PARTS and s = 32 e^(-t/16), is d^2 e^(t/8) / 131072.
    """
    offsets = PARTS * np.arange(-REACH, REACH + 1) - np.arange(-PARTS // 2, PARTS // 2)[:, None]
    scale = 2**SHIFT * STEPS // (2 * (PARTS * GRID) ** 2)
    factors = np.array([integer_exp(t, 8, scale) for t in range(SCALES)])
    return frequencies(_exponential(offsets**2 * factors[:, None, None] >> SHIFT))


def _exponential(index: Int64) -> Int64:
    """Masses in proportion to e^(-index / STEPS)."""
    return exponential_masses(TOTAL)[np.minimum(index, FURTHEST * STEPS)]
