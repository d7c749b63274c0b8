"""Prior holes: places that the prior samples although no example lies there (Rosca et al. 2018, arXiv:1802.06847)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae_core.explore.nearest_codes import Codes
from vae_core.explore.plane_figures.plane_grid import Cells, PlaneGrid, region_levels

TIMES = 10.0  # a cell is a hole where the prior is at least so many times as dense as the aggregate posterior
WITHIN = 0.99  # only in the smallest region that holds this share of the prior
MOST = float(np.log(1000.0))  # nats; differences above are not told apart


@dataclass(frozen=True)
class Hole:
    """One connected hole: the place (2,) farthest from its border, and its probability under the prior."""

    place: Codes
    prior_mass: float


@dataclass(frozen=True)
class Holes:
    """`excess` (rows, columns): ln p(z) - ln q(z) in nats within the prior's region, 0 to MOST, and 0 elsewhere; `is_hole` its cells.

    `found` are the connected holes, the one with the largest prior mass first.
    """

    grid: PlaneGrid
    excess: Cells
    is_hole: NDArray[np.bool_]
    found: Sequence[Hole]

    def share(self, places: Codes) -> float:
        """The share of places (N, 2) that lie in a hole."""
        row, column, inside = self.grid.cells_of(places)
        return float((self.is_hole[row, column] & inside).mean())

    def at(self, place: Codes) -> float:
        """`excess` at a place (2,) in nats, 0 outside of the grid."""
        row, column, inside = self.grid.cells_of(np.asarray(place, np.float32)[None])
        return float(self.excess[row[0], column[0]]) if inside[0] else 0.0

    def around(self, place: Codes) -> bool:
        """Whether a place (2,) lies in a hole."""
        return self.share(np.asarray(place, np.float32)[None]) == 1.0


def find_holes(grid: PlaneGrid, prior: Cells, posterior: Cells) -> Holes:
    """The holes between the probabilities of each cell under the prior and under the aggregate posterior, both (rows, columns)."""
    inside = prior >= region_levels(prior, [WITHIN])[0]
    tiny = np.finfo(np.float64).tiny
    difference = np.log(np.maximum(prior, tiny)) - np.log(np.maximum(posterior, tiny))
    excess = np.where(inside, difference.clip(0.0, MOST), 0.0)
    is_hole = excess >= np.log(TIMES)
    return Holes(grid, excess, is_hole, _connected(grid, is_hole, prior))


def _connected(grid: PlaneGrid, is_hole: NDArray[np.bool_], prior: Cells) -> list[Hole]:
    from scipy import ndimage

    numbers, count = ndimage.label(is_hole)
    depth = ndimage.distance_transform_edt(np.pad(is_hole, 1))[1:-1, 1:-1]
    centres = grid.centres.reshape(grid.rows, grid.columns, 2)
    places = ndimage.maximum_position(depth, numbers, range(1, count + 1))
    masses = ndimage.sum_labels(prior, numbers, range(1, count + 1))
    found = [Hole(centres[place], float(mass)) for place, mass in zip(places, masses, strict=True)]
    return sorted(found, key=lambda hole: -hole.prior_mass)
