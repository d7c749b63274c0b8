"""What a case is, and how often its intervals hold the truth."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from vae_core.metrics import Estimate


@dataclass(frozen=True)
class Case:
    """`measure` makes new data, which `what` describes, from a seed and estimates figures of it.

    `truth` are the figures' values; for one that is not named it is the mean of all measurements. `repetitions`: how many are made
    where nobody says otherwise, fewer where they take long.
    """

    what: str
    measure: Callable[[int], Mapping[str, Estimate]]
    truth: Mapping[str, float] = field(default_factory=dict)
    repetitions: int = 200


@dataclass(frozen=True)
class Row:
    """Of `count` measurements of a figure that gave an interval (`unknown` did not), `held` had the truth in it."""

    figure: str
    truth: float
    held: int
    count: int
    unknown: int

    @property
    def share(self) -> float:
        return self.held / self.count if self.count else math.nan


def judge(case: Case, repetitions: int | None = None) -> list[Row]:
    """Measure again and again, with the seeds from 0: a row for each figure."""
    found: dict[str, list[Estimate]] = {}
    for seed in range(repetitions or case.repetitions):
        for figure, estimate in case.measure(seed).items():
            found.setdefault(figure, []).append(estimate)
    return [_row(figure, estimates, case.truth.get(figure)) for figure, estimates in found.items()]


def _row(figure: str, estimates: list[Estimate], truth: float | None) -> Row:
    value = float(np.mean([each.value for each in estimates])) if truth is None else truth
    known = [each for each in estimates if math.isfinite(each.margin)]
    slack = 1e-9 * max(1.0, abs(value))  # a figure that is always the same has an interval of no width
    held = sum(each.low - slack <= value <= each.high + slack for each in known)
    return Row(figure, value, held, len(known), len(estimates) - len(known))
