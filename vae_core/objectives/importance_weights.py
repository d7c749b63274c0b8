"""Importance weights of K posterior samples of each image, and the bounds computed from them."""

import math

from torch import Generator, Tensor
from torch.distributions import Distribution

from vae_core.distributions.normal_and_point import DiagonalNormal
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.models.vae import VAE
from vae_core.objectives.base import Terms


class ImportanceWeights:
    """The log-weights ln w (K, B) of K codes z (K, B, L) of each image; `density` is the q whose log-density enters ln w."""

    def __init__(
        self, vae: VAE, x: Tensor, y: Tensor | None, q: Distribution, density: Distribution, z: Tensor
    ) -> None:
        self._vae, self._q, self._z = vae, q, z
        self._likelihood = vae.log_likelihood(x, z, y)
        self.log_w = self._likelihood + vae.prior().log_prob(z) - density.log_prob(z)

    def terms(self, loss: Tensor) -> Terms:
        """The ELBO's terms of the same codes, with the loss that was computed from the weights."""
        kl = self._vae.kl(self._q, self._z).flatten(0, -2).mean(0)
        return Terms(loss, -self._likelihood.mean(), kl.sum(), kl)


def draw(
    vae: VAE, x: Tensor, y: Tensor | None, q: Distribution, samples: int, generator: Generator
) -> ImportanceWeights:
    """The log-weights of `samples` codes z ~ q of each image, with gradients through both z and the density q."""
    return ImportanceWeights(vae, x, y, q, q, sample(q, generator, (samples,)))


def log_mean(log_w: Tensor, groups: int = 1) -> Tensor:
    """The bound from log-weights (K, B): ln of the mean weight in each of `groups` groups, averaged over groups and images."""
    split = log_w.unflatten(0, (groups, -1))
    return (split.logsumexp(1) - math.log(split.shape[1])).mean()


def as_gradient_of(surrogate: Tensor, value: Tensor) -> Tensor:
    """A scalar whose value is that of `value` and whose gradient is that of `surrogate`."""
    return value.detach() + surrogate - surrogate.detach()


def detached(q: Distribution) -> DiagonalNormal:
    """The same normal with mean and scale detached from the graph."""
    return DiagonalNormal(q.mean.detach(), q.stddev.detach())
