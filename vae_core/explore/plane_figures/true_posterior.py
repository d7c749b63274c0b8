"""The true posterior p(z|x) of a code of two numbers, by quadrature on a grid, beside the encoder's normal q(z|x).

The grid shrinks to where either of the two has its mass and is refined until no cell holds much of it. All figures follow from
ln p(x, z) = ln p(x|z) + ln p(z) at the centres of its cells, so ln p(x) = ELBO + KL(q(z|x) to p(z|x)) holds on the grid exactly.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vae_core.explore.nearest_codes import Codes
from vae_core.explore.plane_figures.plane_grid import Cells, Extent, PlaneGrid

LogJoint = Callable[[Codes], np.ndarray]  # codes (K, 2) -> ln p(x|z) + ln p(z), (K,) nats
CELLS, MOST_CELLS = 96, 384  # along the longer side
FULL = 0.05  # probability of one cell above which the grid is refined
FADED = 18.0  # nats below the largest density, where the window ends
DEVIATIONS = 6.0  # of q on each side of its mean that the window holds


@dataclass(frozen=True)
class TruePosterior:
    """`masses` (rows, columns): the probability of each cell under p(z|x); the figures are in nats.

    `log_evidence` is ln p(x), `elbo` its lower bound with q(z|x), `gap` = KL(q(z|x) to p(z|x)) = ln p(x) - ELBO.
    """

    grid: PlaneGrid
    masses: Cells
    log_evidence: float
    elbo: float
    gap: float


def true_posterior(log_joint: LogJoint, mean: Codes, scale: Codes, extent: Extent) -> TruePosterior:
    """p(z|x) of an image with ln p(x, z) `log_joint`, whose q(z|x) is N(mean, scale^2), both (2,); it is looked for in `extent`."""
    window = _union(extent, _around(mean, scale))
    cells = CELLS
    while True:
        grid = PlaneGrid.over(window, cells)
        logs = _on(grid, log_joint)
        nearer = _union(_kept(grid, logs), _around(mean, scale))
        if _area(nearer) < 0.7 * _area(window):
            window = nearer
        elif cells < MOST_CELLS and max(_softmax(logs).max(), _q(grid, mean, scale).max()) > FULL:
            cells *= 2
        else:
            return _measured(grid, logs, _q(grid, mean, scale))


def _measured(grid: PlaneGrid, logs: Cells, q: Cells) -> TruePosterior:
    top = logs.max()
    log_evidence = float(top + np.log(np.exp(logs - top).sum() * grid.area))
    log_p = logs + np.log(grid.area) - log_evidence  # of each cell
    some = q > 0
    log_q = np.log(q[some])
    elbo = float((q[some] * (logs[some] + np.log(grid.area) - log_q)).sum())
    gap = float((q[some] * (log_q - log_p[some])).sum())
    return TruePosterior(grid, np.exp(log_p), log_evidence, elbo, gap)


def _on(grid: PlaneGrid, log_joint: LogJoint) -> Cells:
    return np.asarray(log_joint(grid.centres), np.float64).reshape(grid.rows, grid.columns)


def _q(grid: PlaneGrid, mean: Codes, scale: Codes) -> Cells:
    """The probability of each cell under q, by its density at the centre, normalised over the grid."""
    return _softmax(-0.5 * np.square((grid.centres - mean) / scale).sum(1).reshape(grid.rows, grid.columns))


def _softmax(logs: Cells) -> Cells:
    parts = np.exp(np.asarray(logs, np.float64) - logs.max())
    return np.asarray(parts / parts.sum())


def _around(mean: Codes, scale: Codes) -> Extent:
    (x0, y0), (x1, y1) = mean - DEVIATIONS * scale, mean + DEVIATIONS * scale
    return float(x0), float(x1), float(y0), float(y1)


def _kept(grid: PlaneGrid, logs: Cells) -> Extent:
    """The smallest window around the cells that are not FADED, with one more cell on each side."""
    x0, x1, y0, y1 = grid.extent
    rows, columns = (np.flatnonzero((logs > logs.max() - FADED).any(axis)) for axis in (1, 0))
    wide, high = (x1 - x0) / grid.columns, (y1 - y0) / grid.rows
    left, right = x0 + wide * (columns[0] - 1), x0 + wide * (columns[-1] + 2)
    return float(left), float(right), float(y1 - high * (rows[-1] + 2)), float(y1 - high * (rows[0] - 1))


def _union(one: Extent, other: Extent) -> Extent:
    return min(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), max(one[3], other[3])


def _area(extent: Extent) -> float:
    return (extent[1] - extent[0]) * (extent[3] - extent[2])
