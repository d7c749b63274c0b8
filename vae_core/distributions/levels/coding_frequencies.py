"""Integer frequencies of the 256 levels for an entropy coder: the same on every machine, given the same integers.

A decoder must find exactly the frequencies that the encoder used. The last bit of exp, log or a sum in float32 depends on the
machine, on the number of threads and on the batch; so the coder works on integers, in three steps:

1. `numbers`: the decoder's raw output as whole multiples of STEP, an int32 array (R, P): R raw numbers for each of P pixels. They come
   from `rounded(raw)` of a float output, or from a network that computes in integers. Encoder and decoder must have the same ones.
2. `likelihood.cumulative_frequencies(numbers, bits)`, of a likelihood whose `levels` is 256: int64 (P, 257). Row p begins with 0, ends
   with 2^bits and rises by at least 1 at every level, so that every level can be coded: level k has the interval [c[k], c[k + 1]).
3. `level_numbers(x)`: the level 0..255 of each pixel of x in [0, 1]; UserError for a pixel that lies on none.

Step 2 uses only operations that IEEE 754 fixes to the last bit (+, -, *, /, rounding, scaling by powers of two), in float64, one after
the other in a fixed order: no exp of a library, no sum whose order depends on the processor. With `bits` = 24 rounding costs at most
256 / 2^24 of a pixel's mass, 2e-5 bits a pixel; with 16 it costs 0.006 bits.
"""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vae_core.distributions.levels.pixel_levels import LEVELS, ON_A_LEVEL
from vae_core.errors import UserError
from vae_core.utils.arrays import Int64

Int32 = NDArray[np.int32]
Float64 = NDArray[np.float64]

STEP = 2.0**-14  # of a raw number
FREQUENCY_BITS = 24
# exp: ln 2 in two parts, of which the first has so few digits that its product with a whole number below 2^11 is exact.
LN2, LN2_REST, PER_LN2 = 0.693147180369123816490, 1.90821492927058770002e-10, 1.44269504088896338700
TERMS = 13  # of the series of exp on [-ln 2 / 2, ln 2 / 2]: its error is below float64's own


def rounded(raw: Tensor) -> Int32:
    """Raw numbers as the nearest whole multiples of STEP, int32 of the same shape; clipped to +-2^16, far beyond any of use."""
    steps = torch.round(raw.detach().double() / STEP).clamp(-(2**30), 2**30)
    return steps.cpu().numpy().astype(np.int32)


def level_numbers(x: Tensor) -> Int64:
    """The level of each pixel of x in [0, 1], int64 of the same shape; raises UserError for a pixel that lies on no level k / 255."""
    scaled = 255 * x.detach().double()
    if (
        ((scaled - scaled.round()).abs() > ON_A_LEVEL).any()
        or (scaled.round() < 0).any()
        or (scaled.round() > 255).any()
    ):
        raise UserError(
            "There are pixels that are none of the 256 levels 0, 1/255, 2/255 ... 1, and others have no probability here: round them "
            "to levels, or choose the likelihood 'continuous_bernoulli'."
        )
    return scaled.round().long().cpu().numpy()


def portable_exp(x: Any) -> Float64:
    """exp(x) of float64 within one unit in the last place or two, the same to the last bit on every machine; |x| below 700."""
    whole = np.rint(np.multiply(x, PER_LN2))
    rest = np.subtract(np.subtract(x, whole * LN2), whole * LN2_REST)
    total = np.ones_like(rest)
    for n in range(TERMS, 0, -1):
        total = total * rest / n + 1.0
    return np.ldexp(total, whole.astype(np.int32))


def beta_binomial_frequencies(alpha: Float64, beta: Float64, bits: int = FREQUENCY_BITS) -> Int64:
    """Cumulative frequencies (P, 257) of beta-binomials with parameters alpha (P,) and beta (P,), by the ratio of neighbouring masses.

    P(k + 1) / P(k) = (n - k) (k + alpha) / ((k + 1) (n - k - 1 + beta)) with n = 255. Products of ratios leave float64's range, so
    their powers of two are kept apart.
    """
    k, n = np.arange(LEVELS - 1, dtype=np.float64), float(LEVELS - 1)
    ratios = (n - k) * (k + alpha[:, None]) / ((k + 1) * (n - k - 1 + beta[:, None]))
    fractions, powers = np.frexp(np.concatenate([np.ones((len(alpha), 1)), ratios], 1))
    fractions, powers = np.multiply.accumulate(fractions, 1), np.add.accumulate(powers, 1)
    masses = np.ldexp(fractions, np.maximum(powers - powers.max(1, keepdims=True), -1000))
    return _frequencies(np.add.accumulate(masses, 1), bits)


def logistic_frequencies(weights: Float64, means: Float64, scales: Float64, bits: int = FREQUENCY_BITS) -> Int64:
    """Cumulative frequencies (P, 257) of mixtures of rounded logistics; each argument is (K, P), in levels, weights of any sum."""
    ends = np.arange(LEVELS, dtype=np.float64) + 0.5
    total, whole = np.zeros((means.shape[1], LEVELS)), np.zeros((means.shape[1], 1))
    for weight, mean, scale in zip(weights, means, scales, strict=True):
        below = np.clip((ends - mean[:, None]) / scale[:, None], -40.0, 40.0)
        small = portable_exp(-np.abs(below))
        total = total + weight[:, None] * (np.where(below < 0, small, 1.0) / (1.0 + small))
        whole = whole + weight[:, None]
    total[:, -1:] = whole
    return _frequencies(np.maximum.accumulate(np.minimum(total, whole), 1), bits)


def _frequencies(cumulative: Float64, bits: int) -> Int64:
    """Integers (P, 257) from 0 to 2^bits that rise by at least 1, from sums of masses (P, 256) that never fall."""
    shares = cumulative / cumulative[:, -1:]
    counts = np.floor(shares * float(2**bits - LEVELS)).astype(np.int64) + np.arange(1, LEVELS + 1)
    return np.concatenate([np.zeros((len(counts), 1), np.int64), counts], 1)
