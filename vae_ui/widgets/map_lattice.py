"""The lattice of decoded images behind the points of a map, its extent, and thumbnails."""

import numpy as np

from vae_core.explore import traversal_and_grid
from vae_core.explore.explorer import Explorer
from vae_core.explore.nearest_codes import Codes
from vae_core.explore.projection import Plane
from vae_core.images import writing
from vae_core.utils.arrays import UInt8
from vae_ui.stage import Lattice
from vae_ui.views import view_of

CELLS = 20  # along the longer side of the lattice
COARSE = np.uint8(0xF8)  # 32 of 256 levels, which pack to 60 % of the bytes


def small(pictures: UInt8, most: int) -> UInt8:
    """Images (N, h, w[, 3]) with every n-th pixel, so that no side is longer than `most`."""
    step = -(-pictures.shape[1] // most)
    return np.ascontiguousarray(pictures[:, ::step, ::step])


def extent(points: Codes, prior: bool) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of the map: nearly all points, and 3 standard deviations of the prior where it is drawn."""
    low, high = np.quantile(points, [0.001, 0.999], axis=0)
    reach = 3.0 if prior else 0.0
    margin = 0.03 * (high - low).max()
    (x0, y0), (x1, y1) = np.minimum(low - margin, -reach), np.maximum(high + margin, reach)
    return float(x0), float(x1), float(y0), float(y1)


def decoded_lattice(model: Explorer, plane: Plane, extent: tuple[float, float, float, float], label: int) -> Lattice:
    """The images decoded at the centres of CELLS cells along the longer side of the map, which is drawn behind its points."""
    x0, x1, y0, y1 = extent
    side = max(x1 - x0, y1 - y0) / CELLS
    columns, rows = max(1, round((x1 - x0) / side)), max(1, round((y1 - y0) / side))
    codes, view = plane.unproject(traversal_and_grid.grid(extent, columns, rows)), view_of(model)
    decoded = small(view.pictures(model.decode(codes, label if model.conditional else None)), view.thumb)
    return Lattice(writing.sheet(decoded & COARSE, columns, 0), extent)
