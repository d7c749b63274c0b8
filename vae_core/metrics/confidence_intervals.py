"""A figure with its 95 % interval: of a mean, of a share, or of any statistic by the jackknife."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Z = 1.959964  # the standard normal's 97.5 % point
GROUPS = 20  # parts of the images that the jackknife leaves out in turn


@dataclass(frozen=True)
class Estimate:
    """A value and the 95 % interval `low` to `high`; an interval that cannot be known is NaN to NaN."""

    value: float
    low: float
    high: float

    @property
    def margin(self) -> float:
        """Half the interval's width."""
        return (self.high - self.low) / 2

    def disjoint(self, other: "Estimate") -> bool:
        """Whether the two intervals have no point in common."""
        return self.low > other.high or self.high < other.low

    def times(self, factor: float) -> "Estimate":
        """In another unit: all three times `factor`."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Estimate(self.value * factor, low, high)

    def record(self) -> dict[str, float | None]:
        """For JSON, where what is not a finite number is None."""
        named = {"value": self.value, "low": self.low, "high": self.high}
        return {name: float(number) if math.isfinite(number) else None for name, number in named.items()}


def student_quantile(degrees: float) -> float:
    """The 97.5 % point of Student's t with `degrees` degrees of freedom, `Z` for many of them."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.975)) if math.isfinite(degrees) else Z


def student_interval(value: float, error: float, degrees: float = math.inf) -> Estimate:
    """The interval of an estimate with the standard error `error`, of which `degrees` degrees of freedom are behind."""
    half = student_quantile(degrees) * error
    return Estimate(value, value - half, value + half)


def without_interval(value: float) -> Estimate:
    """A value whose interval cannot be known."""
    return Estimate(value, math.nan, math.nan)


def clipped(found: Estimate, low: float, high: float) -> Estimate:
    """The same with all three numbers cut to a figure's range."""
    value, lower, upper = (
        min(max(number, low), high) if math.isfinite(number) else number
        for number in (found.value, found.low, found.high)
    )
    return Estimate(value, lower, upper)


def mean_of(values: Tensor | NDArray[np.generic]) -> Estimate:
    """The mean of independent values (N,), one per image, with Student's interval (1908); NaN to NaN for a single one."""
    numbers = np.asarray(values, np.float64)
    if len(numbers) < 2:
        return without_interval(float(numbers.mean()))
    return student_interval(
        float(numbers.mean()), float(numbers.std(ddof=1)) / math.sqrt(len(numbers)), len(numbers) - 1
    )


def mean_over_seeds(values: Sequence[float]) -> Estimate:
    """The mean of one figure over trainings that differ in their seed: three are few, and its interval says so."""
    return mean_of(np.asarray(values))


def share_of_true(right: Tensor | NDArray[np.generic]) -> Estimate:
    """The share of true values (N,) with Wilson's interval (1927), which stays in [0, 1] and is honest at both ends."""
    hits = np.asarray(right, np.float64)
    return wilson(float(hits.mean()), len(hits))


def wilson(share: float, count: float, quantile: float = Z) -> Estimate:
    """A share and Wilson's interval, as of `count` independent values: fewer than there are where they depend on each other."""
    middle = (share + quantile**2 / (2 * count)) / (1 + quantile**2 / count)
    spread = math.sqrt(share * (1 - share) / count + quantile**2 / (4 * count**2))
    half = quantile / (1 + quantile**2 / count) * spread
    return Estimate(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def share_from_error(share: float, error: float, count: float, degrees: float = math.inf) -> Estimate:
    """A share whose standard error `error` is known: Wilson's interval with as many independent values as have that error.

    No more than `count`, which is also taken where nothing or everything was counted and no error can be seen.
    """
    effective_count = share * (1 - share) / error**2 if error > 0 else math.inf
    return wilson(share, min(effective_count, count) if 0 < share < 1 else count, student_quantile(degrees))


def jackknife(
    statistic: Callable[[NDArray[np.int64]], float], count: int, seed: int = 0, corrected: bool = False
) -> Estimate:
    """A statistic of `count` images and its interval by the jackknife: `statistic` takes the rows that are kept.

    A twentieth of the images is left out at a time (Shao and Wu 1989, "A general theory for jackknife variance estimation"). No image
    is taken twice, as the bootstrap would, which shifts all that counts neighbours or distinct values. `corrected`: also take off the
    bias that falls with 1 / count (Quenouille 1956). NaN to NaN for fewer than forty images.
    """
    value = float(statistic(np.arange(count)))
    if count < 2 * GROUPS:
        return without_interval(value)
    group = jackknife_groups(count, seed)
    left = np.array([statistic(np.flatnonzero(group != g)) for g in range(GROUPS)])
    bias = (GROUPS - 1) * (float(left.mean()) - value) if corrected else 0.0
    return student_interval(value - bias, jackknife_error(left), GROUPS - 1)


def jackknife_groups(count: int, seed: int = 0) -> NDArray[np.int64]:
    """Which of GROUPS equal groups each row is in, (count,), by chance."""
    return np.random.default_rng(seed).permutation(count) % GROUPS


def jackknife_error(left: NDArray[np.float64]) -> float:
    """The standard error of a statistic from its values (GROUPS,), each with another group left out."""
    return math.sqrt((len(left) - 1) * float(left.var()))
