"""A figure with its 95 % interval: of a mean, of a share, or of any statistic by the bootstrap."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

Z = 1.959964  # the standard normal's 97.5 % point


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

    def apart(self, other: "Estimate") -> bool:
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


def around(value: float, error: float) -> Estimate:
    """The normal interval of an estimate with the standard error `error`."""
    return Estimate(value, value - Z * error, value + Z * error)


def mean_of(values: Tensor | NDArray[np.generic]) -> Estimate:
    """The mean of independent values (N,), one per image, with its normal interval; NaN to NaN for a single one."""
    numbers = np.asarray(values, np.float64)
    error = numbers.std(ddof=1) / math.sqrt(len(numbers)) if len(numbers) > 1 else math.nan
    return around(float(numbers.mean()), float(error))


def of_seeds(values: Sequence[float]) -> Estimate:
    """The mean of one figure over trainings that differ in their seed, with Student's interval: three seeds are few, and it says so."""
    from scipy.stats import t

    found = mean_of(np.asarray(values))
    wider = float(t.ppf(0.975, max(1, len(values) - 1))) / Z
    return Estimate(found.value, found.value - wider * found.margin, found.value + wider * found.margin)


def share_of(right: Tensor | NDArray[np.generic]) -> Estimate:
    """The share of true values (N,) with Wilson's interval (1927), which stays in [0, 1] and is honest at both ends."""
    hits = np.asarray(right, np.float64)
    count, share = len(hits), float(hits.mean())
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    half = Z / (1 + Z**2 / count) * math.sqrt(share * (1 - share) / count + Z**2 / (4 * count**2))
    return Estimate(share, max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def bootstrap(
    statistic: Callable[[NDArray[np.int64]], float],
    count: int,
    seed: int = 0,
    draws: int = 100,
    within: tuple[float, float] = (-math.inf, math.inf),
) -> Estimate:
    """A statistic of `count` rows and its interval by the bootstrap's standard error (Efron 1979): `statistic` takes rows' indices.

    The interval is centred on the value, not on the resamples: those hold each row about twice, which shifts statistics
    that count distinct rows. `within` cuts it to the statistic's range.
    """
    rng = np.random.default_rng(seed)
    value = float(statistic(np.arange(count)))
    error = np.std([statistic(rng.integers(0, count, count)) for _ in range(draws)], ddof=1)
    found = around(value, float(error))
    return Estimate(value, max(found.low, within[0]), min(found.high, within[1]))
