"""Reparameterised samples of any distribution with a given generator, so that the gradient passes through them."""

from typing import Protocol, runtime_checkable

import torch
from torch import Generator, Tensor
from torch.distributions import Distribution

from vae_core.devices import noise


@runtime_checkable
class Sampleable(Protocol):
    """A distribution with its own reparameterised sampler that takes a generator."""

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        """Samples, shape + (B, L)."""


def sample(q: Distribution, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
    """Reparameterised samples z, shape + (B, L), differentiable in q's parameters: mean + std * eps for a normal."""
    if isinstance(q, Sampleable):
        return q.draw(generator, shape)
    eps = noise.normal((*shape, *q.mean.shape), q.mean, generator, len(shape) if q.batch_shape else None)
    return torch.addcmul(q.mean, q.stddev, eps)
