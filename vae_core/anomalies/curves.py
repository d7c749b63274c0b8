"""What a threshold on a score does: the four counts, and the ROC and precision-recall curves with 95 % bands.

A band is the union of rectangles, one for each threshold, whose sides are exact binomial intervals (Clopper and Pearson 1934) of the
two shares at 97.5 % each: it holds a point of the true curve with at least 95 %, for any one point. The precision-recall band is the
same band at the share of anomalies among the examples, which is taken as given.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError

Values = NDArray[np.float64]
LEVEL = 0.975  # of each of the two intervals, so that both hold with at least 0.95
MOST_POINTS = 200  # of a curve that is drawn


@dataclass(frozen=True)
class Counts:
    """How many anomalies are found or missed, and how many normal examples are flagged or passed, by a threshold."""

    found: int
    missed: int
    false_alarms: int
    passed: int


@dataclass(frozen=True)
class Curve:
    """A curve y (P,) over x (P,), and the band `low` to `high` (P,) around it."""

    x: Values
    y: Values
    low: Values
    high: Values


def counts(scores: Values, strange: NDArray[np.bool_], threshold: float) -> Counts:
    """The four counts, where scores (N,) above the threshold are flagged and `strange` (N,) is the truth."""
    flagged = scores > threshold
    cells = (flagged & strange, ~flagged & strange, flagged & ~strange, ~flagged & ~strange)
    return Counts(*(int(cell.sum()) for cell in cells))


def roc(scores: Values, strange: NDArray[np.bool_]) -> Curve:
    """The share of anomalies found over the share of normal examples flagged, as the threshold falls."""
    false, true = _shares(scores, strange)
    steps = _thinned(len(false))
    x = false[steps]
    left, right = _interval(false, int((~strange).sum()))
    below, above = _interval(true, int(strange.sum()))
    first, last = np.searchsorted(right, x), np.searchsorted(left, x, side="right") - 1
    return Curve(x, true[steps], below[first], above[last])


def precision_recall(scores: Values, strange: NDArray[np.bool_]) -> Curve:
    """The share of anomalies among what is flagged, over the share of anomalies that are found."""
    false, true = _shares(scores, strange)
    share = float(strange.mean())
    steps = _thinned(len(false) - 1) + 1  # without the threshold that flags nothing
    x = true[steps]
    left, right = _interval(false, int((~strange).sum()))
    below, above = _interval(true, int(strange.sum()))
    first, last = np.searchsorted(above, x), np.searchsorted(below, x, side="right") - 1
    found = np.maximum(x, 1e-12)
    return Curve(
        x,
        _precision(x, false[steps], share),
        _precision(found, right[last], share),
        _precision(found, left[first], share),
    )


def average_precision(scores: Values, strange: NDArray[np.bool_]) -> float:
    """The area below the precision-recall curve as a sum over its steps."""
    false, true = _shares(scores, strange)
    precision = _precision(true[1:], false[1:], float(strange.mean()))
    return float((np.diff(true) * precision).sum())


def _shares(scores: Values, strange: NDArray[np.bool_]) -> tuple[Values, Values]:
    """The shares of normal examples flagged and of anomalies found, from the threshold that flags nothing to that which flags all."""
    if strange.all() or not strange.any():
        raise UserError("A curve needs normal examples and anomalies.")
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)  # equal scores are flagged together
    true, false = (np.cumsum(kind[order])[ends] / kind.sum() for kind in (strange, ~strange))
    return np.append(0.0, false), np.append(0.0, true)


def _interval(shares: Values, count: int) -> tuple[Values, Values]:
    """Clopper and Pearson's exact intervals of shares (P,) of `count`."""
    from scipy.special import betaincinv

    hits, tail = np.rint(shares * count), (1 - LEVEL) / 2
    low = betaincinv(np.maximum(hits, 1), count - hits + 1, tail)
    high = betaincinv(hits + 1, np.maximum(count - hits, 1), 1 - tail)
    return np.where(hits > 0, low, 0.0), np.where(hits < count, high, 1.0)


def _precision(true: Values, false: Values, share: float) -> Values:
    """The share of anomalies among what is flagged, where `share` of the examples are anomalies; 1 where nothing is flagged."""
    found, wrong = share * true, (1 - share) * false
    return np.divide(found, found + wrong, out=np.ones_like(found), where=found + wrong > 0)


def _thinned(count: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(0, count - 1, min(count, MOST_POINTS)).astype(np.int64))
