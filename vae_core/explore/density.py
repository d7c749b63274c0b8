"""How usual a code is: the density of the codes of real images around it."""

import numpy as np
from numpy.typing import NDArray

from vae_core.explore.latent import Codes, log_density


class Density:
    """The aggregate posterior 1/N sum q(z|x_n) of the test images' codes, `mean` and `scale` (N, L).

    A plain autoencoder's codes have no scale: theirs is a kernel as wide as Silverman's rule (1986, eq. 4.14) says.
    """

    def __init__(self, mean: Codes, scale: Codes, compared: int = 400) -> None:
        self.mean = mean
        self.scale = scale if scale.any() else np.broadcast_to(silverman(mean), mean.shape)
        some = np.linspace(0, len(mean) - 1, min(compared, len(mean))).astype(int)
        self._usual = np.sort([self.log(mean[i]) for i in some])

    def log(self, z: Codes) -> float:
        """ln of the density at z (L,), in nats."""
        return log_density(self.mean, self.scale, z)

    def rank(self, z: Codes) -> float:
        """Share of the test images that lie in a thinner place than z (L,): 0 is a gap, 1 the thick of it."""
        return float(np.searchsorted(self._usual, self.log(z)) / len(self._usual))


def silverman(codes: Codes) -> NDArray[np.float32]:
    """Width of a normal kernel for codes (N, L), per dimension (L,)."""
    count, dimensions = codes.shape
    factor = (4 / ((dimensions + 2) * count)) ** (1 / (dimensions + 4))
    return (factor * np.maximum(codes.std(0), 1e-6)).astype(np.float32)
