"""Estimates with a 95 % confidence interval: of a mean, of a share, or of any statistic by the jackknife."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vae_core.utils.arrays import Int64

if TYPE_CHECKING:
    from torch import Tensor

Z = 1.959963984540054  # the standard normal's 97.5 % point
MANY = 200  # degrees of freedom
GROUPS = 20  # parts of the images that the jackknife leaves out in turn


@dataclass(frozen=True)
class Estimate:
    """A value and its 95 % confidence interval `low` to `high`; both are NaN where the interval is unknown."""

    value: float
    low: float
    high: float

    @property
    def margin(self) -> float:
        """Half the interval's width."""
        return (self.high - self.low) / 2

    def disjoint(self, other: Estimate) -> bool:
        """Whether the two intervals have no point in common."""
        return self.low > other.high or self.high < other.low

    def times(self, factor: float) -> Estimate:
        """The estimate in another unit: value and interval times `factor`."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Estimate(self.value * factor, low, high)

    def record(self) -> dict[str, float | None]:
        """The three numbers for JSON; None in place of NaN and infinity."""
        named = {"value": self.value, "low": self.low, "high": self.high}
        return {name: float(number) if math.isfinite(number) else None for name, number in named.items()}


def student_quantile(degrees: float) -> float:
    """The 97.5 % point of Student's t with `degrees` degrees of freedom, `Z` for infinitely many.

    For many it is the series of Abramowitz and Stegun (1964), 26.7.5, to eight digits: scipy is 28 MB in each training process.
    """
    if degrees < MANY:
        from scipy.special import stdtrit

        return float(stdtrit(degrees, 0.975))
    if not math.isfinite(degrees):
        return Z
    z = Z
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return sum(term / degrees**power for power, term in enumerate(terms))


def student_interval(value: float, error: float, degrees: float = math.inf) -> Estimate:
    """Student's interval of an estimate whose standard error `error` has `degrees` degrees of freedom."""
    half = student_quantile(degrees) * error
    return Estimate(value, value - half, value + half)


def without_interval(value: float) -> Estimate:
    """A value whose interval is unknown."""
    return Estimate(value, math.nan, math.nan)


def clipped(found: Estimate, low: float, high: float) -> Estimate:
    """The estimate with value and interval clipped to [low, high], the range of the figure."""
    value, lower, upper = (
        min(max(number, low), high) if math.isfinite(number) else number
        for number in (found.value, found.low, found.high)
    )
    return Estimate(value, lower, upper)


def mean_of(values: Tensor | NDArray[np.generic]) -> Estimate:
    """The mean of independent values (N,), one per image, with Student's interval (1908), which is unknown for a single value."""
    numbers = np.asarray(values, np.float64)
    if len(numbers) < 2:
        return without_interval(float(numbers.mean()))
    return student_interval(
        float(numbers.mean()), float(numbers.std(ddof=1)) / math.sqrt(len(numbers)), len(numbers) - 1
    )


def mean_over_seeds(values: Sequence[float]) -> Estimate:
    """The mean of a figure over trainings with different seeds, with Student's interval, which is wide for few seeds."""
    return mean_of(np.asarray(values))


def share_of_true(right: Tensor | NDArray[np.generic]) -> Estimate:
    """The share of true values (N,) with Wilson's interval (1927), which stays in [0, 1] and has good coverage near 0 and 1."""
    hits = np.asarray(right, np.float64)
    return wilson(float(hits.mean()), len(hits))


def wilson(share: float, count: float, quantile: float = Z) -> Estimate:
    """A share with Wilson's interval for `count` independent values; for dependent values `count` is an effective sample size."""
    middle = (share + quantile**2 / (2 * count)) / (1 + quantile**2 / count)
    spread = math.sqrt(share * (1 - share) / count + quantile**2 / (4 * count**2))
    half = quantile / (1 + quantile**2 / count) * spread
    return Estimate(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def share_from_error(share: float, error: float, count: float, degrees: float = math.inf) -> Estimate:
    """A share with known standard error `error`: Wilson's interval for the sample size that has this error.

    The sample size is at most `count`, and equal to `count` for a share of 0 or 1, whose error cannot be estimated.
    """
    effective_count = share * (1 - share) / error**2 if error > 0 else math.inf
    return wilson(share, min(effective_count, count) if 0 < share < 1 else count, student_quantile(degrees))


def jackknife(statistic: Callable[[Int64], float], count: int, seed: int = 0, corrected: bool = False) -> Estimate:
    """A statistic of `count` images with its interval by the jackknife; `statistic` is a function of the included rows.

    A twentieth of the images is left out at a time (Shao and Wu 1989, "A general theory for jackknife variance estimation"). The
    bootstrap would take images twice, which biases statistics of neighbours and of distinct values. `corrected`: also subtract the
    bias of order 1 / count (Quenouille 1956). The interval is unknown for fewer than forty images.
    """
    value = float(statistic(np.arange(count)))
    if count < 2 * GROUPS:
        return without_interval(value)
    group = jackknife_groups(count, seed)
    left = np.array([statistic(np.flatnonzero(group != g)) for g in range(GROUPS)])
    bias = (GROUPS - 1) * (float(left.mean()) - value) if corrected else 0.0
    return student_interval(value - bias, jackknife_error(left), GROUPS - 1)


def jackknife_groups(count: int, seed: int = 0) -> Int64:
    """A random assignment of rows to GROUPS groups of equal size, (count,)."""
    return np.random.default_rng(seed).permutation(count) % GROUPS


def jackknife_error(left: NDArray[np.float64]) -> float:
    """The standard error of a statistic from its values with one group left out each, (GROUPS,)."""
    return math.sqrt((len(left) - 1) * float(left.var()))
