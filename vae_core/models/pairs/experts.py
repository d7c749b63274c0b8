"""The product of experts: q(z) given several parts, from the normals given each of them."""

from collections.abc import Sequence

import torch
from torch.distributions import Distribution

from vae_core.distributions.normal_and_point import DiagonalNormal


def product(posteriors: Sequence[Distribution]) -> Distribution:
    """q(z|S), proportional to p(z) times q(z|part) / p(z) of each part in S, with p(z) = N(0, I) (Wu and Goodman 2018, eq. 3, 4).

    p(z) is the paper's prior expert, and q(z|part) / p(z) its expert of a part, whose precision is 1 / variance - 1. The result is a
    normal for every set: where q(z|part) is wider than the prior, the quotient has no density, and its precision counts as 0. A single
    part has its own posterior.
    """
    if len(posteriors) == 1:
        return posteriors[0]
    own = torch.stack([q.stddev for q in posteriors]).square().reciprocal()
    precision = 1 + (own - 1).clamp(min=0).sum(0)
    mean = (own * torch.stack([q.mean for q in posteriors])).sum(0) / precision
    return DiagonalNormal(mean, precision.rsqrt())
