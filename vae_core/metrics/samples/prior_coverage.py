"""Coverage of the aggregate posterior by the prior, which is low where there is a prior hole."""

import torch
from torch import Generator, Tensor

from vae_core.distributions.reparameterised_sampling import sample
from vae_core.metrics.confidence_intervals import Estimate
from vae_core.metrics.samples.precision_recall_kid import manifolds
from vae_core.models.vae import VAE, evaluation

SOME = 2000


def coverage(vae: VAE, codes: Tensor, seed: int = 0) -> Estimate:
    """The share of codes z ~ q(z|x) (N, L) with a prior sample in their neighbourhood (Naeem et al. 2020, arXiv:2002.09797).

    About 0.97 where the aggregate posterior equals the prior. For a plain autoencoder, the prior is a normal with the mean and the
    standard deviation of its codes.
    """
    generator = Generator().manual_seed(seed)
    z = codes[torch.randperm(len(codes), generator=generator)[:SOME]]
    if not vae.posterior.has_density:
        return manifolds(z, z.mean(0) + z.std(0) * torch.randn(z.shape, generator=generator)).coverage
    with evaluation(vae):
        return manifolds(z, sample(vae.prior(), generator, (len(z),))).coverage
