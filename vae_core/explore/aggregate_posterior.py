"""The density of a code under the aggregate posterior of the test images: how usual the code is."""

import numpy as np
from numpy.typing import NDArray

from vae_core.explore.nearest_codes import Codes


class Density:
    """The aggregate posterior 1/N sum q(z|x_n) of the test images, from `mean` and `scale` (N, L) of each q(z|x_n).

    The codes of a plain autoencoder have no scale: a kernel density with Silverman's bandwidth (1986, eq. 4.14) is used.
    """

    def __init__(self, mean: Codes, scale: Codes, sample_size: int = 400) -> None:
        self.mean = mean
        self.scale = scale if scale.any() else np.broadcast_to(silverman(mean), mean.shape)
        some = np.linspace(0, len(mean) - 1, min(sample_size, len(mean))).astype(int)
        self._sorted_log_densities = np.sort([self.log(mean[i]) for i in some])

    def log(self, z: Codes) -> float:
        """ln of the density at z (L,), in nats."""
        return log_aggregate_posterior(self.mean, self.scale, z)

    def rank(self, z: Codes) -> float:
        """The share of test images whose code has a lower density than z (L,): 0 in a gap, 1 at the highest density."""
        return float(np.searchsorted(self._sorted_log_densities, self.log(z)) / len(self._sorted_log_densities))


def log_aggregate_posterior(mean: Codes, scale: Codes, z: Codes) -> float:
    """ln of the aggregate posterior 1/N sum q(z|x_n) at z (L,), in nats, from `mean` and `scale` (N, L)."""
    scale = np.maximum(scale, 1e-6)
    terms = -0.5 * np.square((z - mean) / scale) - np.log(scale) - 0.5 * np.log(2 * np.pi)
    logs = terms.sum(1, dtype=np.float64)
    top = logs.max()
    return float(top + np.log(np.exp(logs - top).mean()))


def silverman(codes: Codes) -> NDArray[np.float32]:
    """Silverman's bandwidth of a normal kernel for codes (N, L), per dimension (L,)."""
    count, dimensions = codes.shape
    factor = (4 / ((dimensions + 2) * count)) ** (1 / (dimensions + 4))
    return (factor * np.maximum(codes.std(0), 1e-6)).astype(np.float32)
