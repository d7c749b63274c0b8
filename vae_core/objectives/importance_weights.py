"""Importance weights of several codes of each image, and the bounds that are made of them."""

import math

from torch import Generator, Tensor
from torch.distributions import Distribution

from vae_core.distributions.base import DiagonalNormal, sample
from vae_core.models.vae import VAE
from vae_core.objectives.base import Terms


class ImportanceWeights:
    """K codes z (K, B, L) of each image with ln w, (K, B), and the parts that it is made of."""

    def __init__(
        self, vae: VAE, x: Tensor, y: Tensor | None, q: Distribution, density: Distribution, z: Tensor
    ) -> None:
        likelihood = vae.log_likelihood(x, z, y)
        self.log_w = likelihood + vae.prior().log_prob(z) - density.log_prob(z)
        self.distortion = -likelihood.mean()
        self.kl = vae.kl(q, z).flatten(0, -2).mean(0)

    def terms(self, loss: Tensor) -> Terms:
        return Terms(loss, self.distortion, self.kl.sum(), self.kl)


def draw(vae: VAE, x: Tensor, y: Tensor | None, samples: int, generator: Generator) -> ImportanceWeights:
    """`samples` codes of each image, weighed; the gradient goes through z and through the density alike."""
    q = vae.encode(x, y)
    return ImportanceWeights(vae, x, y, q, q, sample(q, generator, (samples,)))


def log_mean(log_w: Tensor, groups: int = 1) -> Tensor:
    """The bound of log-weights (K, B): ln of the mean in each of `groups` groups, averaged over groups and images."""
    split = log_w.unflatten(0, (groups, -1))
    return (split.logsumexp(1) - math.log(split.shape[1])).mean()


def as_gradient_of(surrogate: Tensor, value: Tensor) -> Tensor:
    """A number that reads `value` and whose gradient is the surrogate's."""
    return value.detach() + surrogate - surrogate.detach()


def detached(q: Distribution) -> DiagonalNormal:
    """The same normal, through whose mean and scale no gradient goes."""
    return DiagonalNormal(q.mean.detach(), q.stddev.detach())
