"""A case with a known true value, and the count of its intervals that contain the true value."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from vae_core.metrics import Estimate


@dataclass(frozen=True)
class Case:
    """`measure` draws new data with a seed and estimates figures of them; `what` describes the data.

    `truth` holds the true values of figures; for any other figure the mean of all measurements is used. `repetitions` is the default
    number of measurements.
    """

    what: str
    measure: Callable[[int], Mapping[str, Estimate]]
    truth: Mapping[str, float] = field(default_factory=dict)
    repetitions: int = 200


@dataclass(frozen=True)
class Row:
    """A figure was measured `count` times with an interval and `unknown` times without; `held` intervals contain the true value."""

    figure: str
    truth: float
    held: int
    count: int
    unknown: int

    @property
    def share(self) -> float:
        return self.held / self.count if self.count else math.nan


def count_coverage(case: Case, repetitions: int | None = None) -> list[Row]:
    """Measure with the seeds 0, 1, 2, ... and return a row for each figure."""
    found: dict[str, list[Estimate]] = {}
    for seed in range(repetitions or case.repetitions):
        for figure, estimate in case.measure(seed).items():
            found.setdefault(figure, []).append(estimate)
    return [_row(figure, estimates, case.truth.get(figure)) for figure, estimates in found.items()]


def _row(figure: str, estimates: list[Estimate], truth: float | None) -> Row:
    value = float(np.mean([each.value for each in estimates])) if truth is None else truth
    known = [each for each in estimates if math.isfinite(each.margin)]
    slack = 1e-9 * max(1.0, abs(value))  # a constant figure has an interval of width 0
    held = sum(each.low - slack <= value <= each.high + slack for each in known)
    return Row(figure, value, held, len(known), len(estimates) - len(known))
