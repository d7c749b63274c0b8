"""The rate split into mutual information of index and code, total correlation, and dimension-wise KL.

rate = E_x KL(q(z|x) to p(z)) = mutual information + total correlation + dimension-wise KL
(Hoffman and Johnson 2016, "ELBO surgery"; Chen et al. 2018, arXiv:1802.04942, eq. 2), with q(z) = 1/N sum q(z|x_n) over the split,
which includes the image that z was sampled from. The terms are exact for these N images, but biased for the distribution of images:
where the posteriors do not overlap (a rate near ln N or above), q(z) near a sample is its own posterior only, the mutual information
cannot exceed ln N, and the rest is counted as total correlation and dimension-wise KL.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Generator, Tensor
from torch.distributions import Distribution, Independent, Normal

from vae_core.errors import UserError
from vae_core.metrics.confidence_intervals import (
    GROUPS,
    Estimate,
    jackknife_error,
    jackknife_groups,
    student_interval,
    without_interval,
)
from vae_core.metrics.encoded_split import Encoded
from vae_core.models.vae import evaluation

TRIPLES = 2_000_000  # (sample, image, dimension) triples at a time: 16 MB a tensor


@dataclass(frozen=True)
class Decomposition:
    """The terms of the rate in nats per image, each with its interval over images; the first three sum to `rate`.

    `mutual_information`: I(n; z), at most ln N; with a rate near ln N it is too small and the total correlation too large.
    `total_correlation`: KL(q(z) to prod q(z_j)), the dependence between dimensions. `dimension_wise`: E[ln prod q(z_j) - ln p(z)],
    which is sum_j KL(q(z_j) to p(z_j)) for a prior that is independent by dimension. `marginal`: KL(q(z) to p(z)), their sum.
    """

    mutual_information: Estimate
    total_correlation: Estimate
    dimension_wise: Estimate
    marginal: Estimate
    rate: Estimate


def decompose(
    encoded: Encoded, *, samples: int = 1000, progress: Callable[[float], None] | None = None
) -> Decomposition:
    """The terms of the rate from about `samples` codes z ~ q(z|x_n), with ln q(z) of the exact mixture over all N images.

    This is no minibatch estimate: each ln q(z) sums over every image, in chunks of bounded memory.
    Raises UserError for a plain autoencoder, and for a posterior that is not a diagonal normal, whose marginals have no closed form.
    """
    vae, count = encoded.vae, len(encoded.split)
    if not vae.posterior.has_density:
        raise UserError("A plain autoencoder has no rate to decompose.")
    if not all(map(is_normal, encoded.posteriors)):
        raise UserError(
            "Only the rate of a diagonal normal posterior can be decomposed; this model has another posterior."
        )
    generator, mean, scale = Generator().manual_seed(encoded.seed), encoded.mean, encoded.scale
    rows = torch.randperm(count, generator=generator)[:samples].repeat(max(1, samples // count))
    z = mean[rows] + scale[rows] * torch.randn(len(rows), mean.shape[1], generator=generator)
    own = Independent(Normal(mean[rows], scale[rows], validate_args=False), 1).log_prob(z).double()
    included = jackknife_masks(count, encoded.seed)
    joint, marginals = aggregate(mean, scale, z, progress, included)  # (K, S), (K, S, L)
    with evaluation(vae):
        prior = vae.prior().log_prob(z).double()
    product = marginals.sum(2)
    parts = (own - joint, joint - product, product - prior, joint - prior, (own - prior).expand_as(joint))
    return Decomposition(*(_mean(part, included[:, rows], count) for part in parts))


def jackknife_masks(count: int, seed: int = 0) -> Tensor:
    """Which of `count` images are included: all, then all but one of the jackknife's groups at a time, (1 + GROUPS, count)."""
    group = torch.from_numpy(jackknife_groups(count, seed))
    return torch.stack([group != g for g in range(-1, GROUPS)])


def _mean(values: Tensor, included: Tensor, images: int) -> Estimate:
    """The mean of values (K, S) over the included samples, and its interval by the jackknife over images, which also changes q(z)."""
    means = values.where(included, 0.0).sum(1) / included.sum(1)
    if images < 2 * GROUPS:
        return without_interval(means[0].item())
    return student_interval(means[0].item(), jackknife_error(means[1:].numpy()), GROUPS - 1)


def is_normal(q: Distribution) -> bool:
    """Whether q is a diagonal normal."""
    return isinstance(q, Independent) and isinstance(q.base_dist, Normal)


def aggregate(
    mean: Tensor,
    scale: Tensor,
    z: Tensor,
    progress: Callable[[float], None] | None = None,
    included: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """ln q(z) (S,) and ln q(z_j) (S, L) at codes z (S, L), for the mixture of the normals `mean`, `scale` (N, L), in nats.

    With `included` (K, N), for the mixture of the images that each row includes: (K, S) and (K, S, L).
    """
    count, dimensions = mean.shape
    size = max(1, TRIPLES // (count * dimensions))
    shares = torch.ones(1, count) if included is None else included
    weights = (shares / shares.sum(1, keepdim=True)).double().T  # (N, K)
    # filled in place: small results kept between large temporary ones would fragment the memory
    joint = torch.empty(len(z), len(shares), dtype=torch.double)
    marginals = torch.empty(len(z), dimensions, len(shares), dtype=torch.double)
    for start in range(0, len(z), size):
        rows = slice(start, start + size)
        distance = (z[rows, None] - mean) / scale  # (s, N, L)
        logs = distance.square_().mul_(-0.5).sub_(scale.log() + 0.5 * math.log(2 * math.pi))
        joint[rows] = _log_mixture(logs.sum(2), weights)
        marginals[rows] = _log_mixture(logs.transpose(1, 2), weights)
        if progress:
            progress(min(1.0, (start + size) / len(z)))
    found = joint.movedim(-1, 0), marginals.movedim(-1, 0)
    return found if included is not None else (found[0][0], found[1][0])


def _log_mixture(logs: Tensor, weights: Tensor) -> Tensor:
    """ln sum_n w_nk exp(logs_n) of logs (..., N) and weights (N, K), (..., K)."""
    top = logs.amax(-1, keepdim=True).double()
    return ((logs.double() - top).exp() @ weights).log() + top
