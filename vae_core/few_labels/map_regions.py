"""The class regions of a map: what the dots near each place of the map are guessed to be."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from vae_core.few_labels.classifiers import Probabilities
from vae_core.utils.arrays import Int64, UInt8

NEAREST = 30  # dots that have a say in each place


@dataclass(frozen=True)
class MapRegions:
    """For each place its nearest dots (M, k), and how much the place counts as among them, (M,): 0 far from every dot."""

    nearest: Int64
    inside: NDArray[np.float64]

    @classmethod
    def of(cls, places: NDArray[np.floating], dots: NDArray[np.floating], cell: float) -> "MapRegions":
        """For places (M, 2) on a map of dots (N, 2); `cell` is the distance between places, of which two dots away count half."""
        distance, index = KDTree(dots).query(places, min(NEAREST, len(dots)))
        index, distance = (np.reshape(part, (len(places), -1)) for part in (index, distance))
        return cls(index.astype(np.int64), 1 / (1 + (distance[:, 0] / (2 * cell)) ** 2))

    def vote(self, found: Probabilities) -> tuple[UInt8, NDArray[np.float64]]:
        """The class of each place and how sure it is, both (M,), from the probabilities (N, classes) of the dots."""
        mean = found[self.nearest].mean(1)
        return mean.argmax(1).astype(np.uint8), mean.max(1) * self.inside
