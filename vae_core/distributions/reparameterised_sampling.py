"""Reparameterised samples of any distribution with a given generator, so that the gradient passes through them."""

import torch
from torch import Generator, Tensor
from torch.distributions import Distribution

from vae_core.devices import noise


def sample(q: Distribution, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
    """Reparameterised samples z, shape + (B, L), differentiable in q's parameters: mean + std * eps for a normal.

    A distribution of another kind draws by its own method `draw(generator, shape)`.
    """
    draw = getattr(q, "draw", None)  # no protocol: to look for one takes 1 % of a small model's step
    if draw is not None:
        z: Tensor = draw(generator, shape)
        return z
    eps = noise.normal((*shape, *q.mean.shape), q.mean, generator, len(shape) if q.batch_shape else None)
    return torch.addcmul(q.mean, q.stddev, eps)
