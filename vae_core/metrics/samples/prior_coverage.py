"""How much of the aggregate posterior the prior covers."""

import torch
from torch import Generator, Tensor

from vae_core.distributions.base import sample
from vae_core.metrics.confidence_intervals import Estimate
from vae_core.metrics.samples.quality import manifolds
from vae_core.models.vae import VAE, evaluation

SOME = 2000


def coverage(vae: VAE, codes: Tensor, seed: int = 0) -> Estimate:
    """The share of codes z ~ q(z|x) (N, L) near which a sample of p(z) falls (Naeem et al. 2020): about 0.97 where the aggregate
    posterior is the prior. A plain autoencoder's prior is a normal of its codes' own mean and deviation."""
    generator = Generator().manual_seed(seed)
    z = codes[torch.randperm(len(codes), generator=generator)[:SOME]]
    if not vae.posterior.has_density:
        return manifolds(z, z.mean(0) + z.std(0) * torch.randn(z.shape, generator=generator)).coverage
    with evaluation(vae):
        return manifolds(z, sample(vae.prior(), generator, (len(z),))).coverage
