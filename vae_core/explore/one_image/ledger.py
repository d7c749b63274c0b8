"""The ledger of one image: which pixels its distortion, and which numbers of the code its rate, are made of, in nats."""

from dataclasses import dataclass

from torch import Generator, Tensor

from vae_core.models.posteriors import sample
from vae_core.models.vae import VAE, evaluation
from vae_core.utils.arrays import Float32

DRAWS = 64  # samples of z for a KL that has no closed form


@dataclass(frozen=True)
class Ledger:
    """The terms of -ELBO of one image x at the mean of q(z|x), in nats, and their parts.

    `by_pixel` (*shape): -ln p of each pixel at that z, or (C,) by column of a table; it adds up to `distortion`. `by_dimension` (L,):
    the KL of each number of the code, which adds up to `rate`; (1,) where the numbers depend on each other, and empty for a plain
    autoencoder. `is_sampled`: the KL has no closed form and is a mean over DRAWS samples of z.
    """

    by_pixel: Float32
    by_dimension: Float32
    is_sampled: bool

    @property
    def distortion(self) -> float:
        """-ln p(x|z) at the mean of q(z|x)."""
        return float(self.by_pixel.sum(dtype=float))

    @property
    def rate(self) -> float:
        """KL(q(z|x) to p(z)); 0 for a plain autoencoder."""
        return float(self.by_dimension.sum(dtype=float))


def ledger(vae: VAE, x: Tensor, y: Tensor | None, seed: int = 0) -> Ledger:
    """The ledger of one image x (1, *shape) with its label y (1,), which a conditional model needs."""
    with evaluation(vae):
        q = vae.encode(x, y)
        by_pixel = -vae.log_prob_by_pixel(vae.decode(q.mean, y), x)[0]
        if not vae.posterior.has_density:
            return Ledger(by_pixel.numpy(), by_pixel.new_zeros(0).numpy(), is_sampled=False)
        kl = vae.kl(q, sample(q, Generator().manual_seed(seed), (DRAWS,)))
    is_sampled = kl.dim() > 2  # in closed form there is one KL, not one for each sample
    return Ledger(by_pixel.numpy(), kl.flatten(0, -2).mean(0).numpy(), is_sampled)
