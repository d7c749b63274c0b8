"""Bounds of the log-likelihood of pairs, in nats: of both parts, and of one part given the other."""

import math
from collections.abc import Mapping

import torch
from torch import Generator, Tensor

from vae_core.distributions.reparameterised_sampling import sample
from vae_core.models.pairs.pair_vae import PairVAE
from vae_core.models.vae import evaluation


def joint_bound(
    vae: PairVAE, parts: Mapping[str, Tensor], given: tuple[str, ...], generator: Generator, samples: int = 1
) -> Tensor:
    """A bound of ln p of all `parts`, (B,) nats, by codes z of q(z) given the parts of the names `given`.

    ln 1/K sum w with w = p(parts|z) p(z) / q(z|given) and K = `samples` (Burda et al. 2016, eq. 8): in expectation at most ln p(parts),
    and the ELBO where K is 1.
    """
    with evaluation(vae):
        q = vae.encode({name: parts[name] for name in given})
        z = sample(q, generator, (samples,))
        log_w = vae.log_likelihood(parts, z) + vae.prior().log_prob(z) - q.log_prob(z)
    return log_w.logsumexp(0) - math.log(samples)


def conditional_bound(
    vae: PairVAE, parts: Mapping[str, Tensor], given: tuple[str, ...], generator: Generator, samples: int = 1
) -> Tensor:
    """A bound of ln of the density that the model gives the other parts of `parts` where it sees those `given`, (B,) nats.

    That density is the mean of p(others|z) over q(z|given), which takes the place of p(z|given); the bound is ln of the mean over K
    samples, in expectation at most the ln of the whole mean, and rises with K.
    """
    others = {name: part for name, part in parts.items() if name not in given}
    with evaluation(vae):
        z = sample(vae.encode({name: parts[name] for name in given}), generator, (samples,))
        log_p = vae.log_likelihood(others, z)
    return torch.logsumexp(log_p, 0) - math.log(samples)
