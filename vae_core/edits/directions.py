"""Directions in the latent space: from one group of examples to another, or towards more of a property.

Both are differences of mean codes (Larsen et al. 2016, arXiv:1512.09300, sec. 4.2), so that a strength of 1 means the same for all: one
mean difference. A discriminant or a logistic regression tells two classes apart better, yet a step along it flips fewer digits:
`python -m benchmarks.edits --choose` compares them on validation pictures.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError
from vae_core.explore.code_arithmetic import mean_code
from vae_core.explore.nearest_codes import Codes
from vae_core.utils.arrays import Int64

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Direction:
    """`step` (L,) is added to a code at strength 1; `change` is how much of the property that is, in its unit, or None for groups."""

    step: Codes
    change: float | None = None


def between(codes: Codes, start: Int64, end: Int64) -> Direction:
    """From the mean code of the examples `start` (K,) to that of the examples `end` (M,), of codes (N, L).

    Raises UserError where a group is empty, or where both have the same mean.
    """
    return between_means(mean_code(codes, start), mean_code(codes, end))


def between_means(start: Codes, end: Codes) -> Direction:
    """From one mean code (L,) to another (L,); raises UserError where they are the same."""
    step = end - start
    if not np.any(step):
        raise UserError(
            "Both groups have the same mean code, so no direction leads from one to the other: choose others."
        )
    return Direction(step)


def towards_more(codes: Codes, values: Numbers, labels: Int64 | None = None) -> Direction:
    """Towards more of a property, by regression of the codes (N, L) on its values (N,), of which NaN are left out.

    With `labels` (N,) both are taken relative to the mean of their class, so that the direction changes the property within a class.
    The slope of the regression is Cov(z, v) / Var(v); strength 1 goes from the mean of all examples below the mean value to the mean of
    those above it. Raises UserError where fewer than two values differ.
    """
    known = np.isfinite(values)
    groups = np.zeros(known.sum(), np.int64) if labels is None else labels[known]
    v, z = (_within(part[known].astype(np.float64), groups) for part in (values[:, None], codes))
    v = v[:, 0]
    if not len(v) or np.ptp(v) <= 1e-9 * np.abs(values[known]).max():
        raise UserError(
            "This property has the same value in all examples, so no direction gives more of it: choose another."
        )
    more = v > 0
    change = float(v[more].mean() - v[~more].mean())
    return Direction(np.asarray(z.T @ v / (v @ v) * change, np.float32), change)


def _within(rows: Numbers, groups: Int64) -> Numbers:
    """Rows (N, D) minus the mean of their group."""
    _, place, count = np.unique(groups, return_inverse=True, return_counts=True)
    sums = np.zeros((len(count), rows.shape[1]))
    np.add.at(sums, place, rows)
    return rows - (sums / count[:, None])[place]
