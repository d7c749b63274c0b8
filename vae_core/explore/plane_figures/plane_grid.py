"""A grid of cells over a plane of the latent space, the probability of each cell, and highest-density regions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae_core.explore import traversal_and_grid
from vae_core.explore.nearest_codes import Codes

Extent = tuple[float, float, float, float]
Cells = NDArray[np.float64]  # (rows, columns), the top row first


@dataclass(frozen=True)
class PlaneGrid:
    """`columns` x `rows` cells over `extent` = (x0, x1, y0, y1)."""

    extent: Extent
    columns: int
    rows: int

    @classmethod
    def over(cls, extent: Extent, cells: int) -> "PlaneGrid":
        """Square cells, as nearly as whole numbers allow, with `cells` along the longer side."""
        x0, x1, y0, y1 = extent
        side = max(x1 - x0, y1 - y0) / cells
        return cls(extent, max(2, round((x1 - x0) / side)), max(2, round((y1 - y0) / side)))

    @property
    def area(self) -> float:
        """The area of one cell."""
        x0, x1, y0, y1 = self.extent
        return (x1 - x0) * (y1 - y0) / (self.columns * self.rows)

    @property
    def centres(self) -> Codes:
        """The centres of the cells, (rows * columns, 2), row by row from the top left."""
        return traversal_and_grid.grid(self.extent, self.columns, self.rows)

    def cells_of(self, points: Codes) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
        """Row and column of the cell of each point (N, 2), and whether the point lies on the grid at all."""
        x0, x1, y0, y1 = self.extent
        column = np.floor((points[:, 0] - x0) / (x1 - x0) * self.columns).astype(np.intp)
        row = np.floor((y1 - points[:, 1]) / (y1 - y0) * self.rows).astype(np.intp)
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        return row.clip(0, self.rows - 1), column.clip(0, self.columns - 1), inside


def mixture_masses(grid: PlaneGrid, mean: Codes, scale: Codes) -> Cells:
    """The probability of each cell under 1/N sum N(mean_n, scale_n^2), with mean and scale (N, 2), exact: (rows, columns).

    A diagonal normal's mass on a rectangle is a product of two differences of its distribution function, so a narrow normal between
    two centres is not missed, as it would be if the density were evaluated at the centres.
    """
    x0, x1, y0, y1 = grid.extent
    across = _interval_masses(np.linspace(x0, x1, grid.columns + 1), mean[:, 0], scale[:, 0])
    down = _interval_masses(np.linspace(y0, y1, grid.rows + 1), mean[:, 1], scale[:, 1])[:, ::-1]
    return np.asarray(down.T @ across, np.float64) / len(mean)


def _interval_masses(edges: NDArray[np.float64], mean: Codes, scale: Codes) -> NDArray[np.float64]:
    """(N, intervals)"""
    from scipy.special import ndtr

    return np.diff(ndtr((edges - mean[:, None]) / np.maximum(scale, 1e-6)[:, None]), axis=1)


def region_levels(masses: Cells, shares: Sequence[float]) -> list[float]:
    """For each share the smallest mass of a cell within the smallest set of cells that holds it (highest-density region).

    A share that all cells together do not hold gives the smallest positive mass.
    """
    falling = np.sort(masses.ravel())[::-1]
    held = np.cumsum(falling)
    positive = max(1, int((falling > 0).sum()))
    return [float(falling[min(int(np.searchsorted(held, share)), positive - 1)]) for share in shares]
