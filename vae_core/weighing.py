"""Importance weights of several codes of each image, and the bounds that are made of them."""

import math

import torch
from torch import Generator, Tensor
from torch.distributions import Distribution

from vae_core.codes import DiagonalNormal, sample
from vae_core.objectives import Terms
from vae_core.vae import VAE

MANY = 16  # samples from which on decoding the heavy ones again costs less than a gradient through all
SURE = 4  # a quarter of an even share is taken for sure: were it an even share, the noise would show in the loss
CACHED = 1 << 18  # numbers of a picture that are worked on at once: they stay in the processor's cache


class Weighed:
    """K codes z (K, B, L) of each image with ln w, (K, B), and the parts that it is made of.

    Without `decoder_gradient` the likelihood's part of ln w has none.
    """

    def __init__(
        self,
        vae: VAE,
        x: Tensor,
        y: Tensor | None,
        q: Distribution,
        density: Distribution,
        z: Tensor,
        decoder_gradient: bool = True,
    ) -> None:
        if decoder_gradient:
            likelihood = vae.log_likelihood(x, z, y)
        else:
            with torch.no_grad():
                parts = z.detach().split(max(1, CACHED // x.numel()))
                likelihood = torch.cat([vae.log_likelihood(x, part, y) for part in parts])
        self.log_w = likelihood + vae.prior().log_prob(z) - density.log_prob(z)
        self.distortion = -likelihood.mean()
        self.kl = vae.kl(q, z).flatten(0, -2).mean(0)

    def terms(self, loss: Tensor) -> Terms:
        return Terms(loss, self.distortion, self.kl.sum(), self.kl)


def drawn(vae: VAE, x: Tensor, y: Tensor | None, samples: int, generator: Generator) -> Weighed:
    """`samples` codes of each image, weighed; the gradient goes through z and through the density alike."""
    q = vae.encode(x, y)
    return Weighed(vae, x, y, q, q, sample(q, generator, (samples,)))


def iwae(vae: VAE, x: Tensor, y: Tensor | None, samples: int, noise: Generator, *, doubly: bool = False) -> Terms:
    """Terms of -ln 1/K sum w; each code adds its share of the weights times d ln w to the gradient.

    `doubly`: what reaches the encoder is weighted by the share once more and none goes through the density.

    Of many codes few have a share. So all are decoded without a gradient, then those that have a quarter of an even share again
    with one, and a lighter one by a chance in proportion, counted the more for it: the gradient's mean stays the same.
    """
    q = vae.encode(x, y)
    z = sample(q, noise, (samples,))
    many = samples >= MANY and not vae.likelihood.pooled
    weighed = Weighed(vae, x, y, q, fixed(q) if doubly else q, z, decoder_gradient=not many)
    share = weighed.log_w.detach().softmax(0)
    if doubly and z.requires_grad:
        z.register_hook(lambda gradient: gradient * share.unsqueeze(-1))
    gain = (share * weighed.log_w).sum()
    if many:
        chance = (SURE * samples * share).clamp(max=1)
        k, image = _chosen(chance, noise).nonzero(as_tuple=True)
        again = vae.decode(z[k, image], None if y is None else y[image]).log_prob(x[image])
        gain = gain + ((share / chance)[k, image] * again).sum()
    return weighed.terms(as_gradient_of(-gain / len(x), -log_mean(weighed.log_w)))


def _chosen(chance: Tensor, noise: Generator) -> Tensor:
    """Which of K things are chosen for each image, each by its chance (K, B): as many as the chances' sum, give or take one."""
    start = torch.rand(1, chance.shape[1], generator=noise, dtype=torch.float64)
    passed = torch.cat([start, start + chance.double().cumsum(0)]).floor()
    return passed.diff(dim=0) > 0


def log_mean(log_w: Tensor, groups: int = 1) -> Tensor:
    """The bound of log-weights (K, B): ln of the mean in each of `groups` groups, averaged over groups and images."""
    split = log_w.unflatten(0, (groups, -1))
    return (split.logsumexp(1) - math.log(split.shape[1])).mean()


def as_gradient_of(surrogate: Tensor, value: Tensor) -> Tensor:
    """A number that reads `value` and whose gradient is the surrogate's."""
    return value.detach() + surrogate - surrogate.detach()


def fixed(q: Distribution) -> DiagonalNormal:
    """The same normal, through whose mean and scale no gradient goes."""
    return DiagonalNormal(q.mean.detach(), q.stddev.detach())
