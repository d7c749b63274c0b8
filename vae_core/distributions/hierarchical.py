"""Codes of two levels: the distribution of the lower dimensions depends on the upper ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import torch
from torch import Generator, Size, Tensor
from torch.distributions import Distribution

from vae_core.devices.noise import normal
from vae_core.distributions.moments import DRAWS, SHARE, moments
from vae_core.distributions.normal_and_point import DiagonalNormal

Lower = Callable[[Tensor], DiagonalNormal]


class HierarchicalNormal(Distribution):
    """z = [upper, lower]: a diagonal normal, and a diagonal normal whose mean and scale `lower` computes from a sample of the upper.

    Mean and variance of the lower dimensions are averages over fixed quasi-random samples of the upper ones, so they are repeatable.
    """

    arg_constraints: ClassVar = {}

    def __init__(self, upper: DiagonalNormal, lower: Lower) -> None:
        self.upper, self.lower, self.top = upper, lower, upper.event_shape[0]
        below = lower(upper.mean).event_shape[0]
        super().__init__(upper.batch_shape, Size((self.top + below,)), validate_args=False)

    def conditional(self, upper: Tensor) -> DiagonalNormal:
        """The diagonal normal of all dimensions, of the lower ones given upper (..., B, T): event (L,)."""
        mean, scale, upper = torch.broadcast_tensors(self.upper.mean, self.upper.stddev, upper)
        lower = self.lower(upper)
        return DiagonalNormal(torch.cat([mean, lower.mean], -1), torch.cat([scale, lower.stddev], -1))

    def log_prob(self, value: Tensor) -> Tensor:
        return self.conditional(value[..., : self.top]).log_prob(value)

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        eps = normal(
            (*shape, *self.batch_shape, *self.event_shape),
            self.upper.mean,
            generator,
            len(shape) if self.batch_shape else None,
        )
        upper = torch.addcmul(self.upper.mean, self.upper.stddev, eps[..., : self.top])
        found = self.conditional(upper)
        return torch.addcmul(found.mean, found.stddev, eps)

    @property
    def mean(self) -> Tensor:
        return self._moments(DRAWS // SHARE)[0]

    @property
    def variance(self) -> Tensor:
        return self._moments(DRAWS)[1]

    def _moments(self, draws: int) -> tuple[Tensor, Tensor]:
        def conditional_moments(eps: Tensor) -> tuple[Tensor, Tensor]:
            found = self.conditional(self.upper.mean + self.upper.stddev * eps)
            return found.mean, found.variance

        return moments(conditional_moments, self.upper.mean, draws)


def product_of_normals(first: DiagonalNormal, second: DiagonalNormal) -> DiagonalNormal:
    """The normal whose density is proportional to the product of two normal densities.

    1/s^2 = 1/s1^2 + 1/s2^2 and m = s^2 (m1/s1^2 + m2/s2^2) (Sonderby et al. 2016, arXiv:1602.02282).
    """
    one, two = first.stddev.square().reciprocal(), second.stddev.square().reciprocal()
    both = one + two
    return DiagonalNormal((first.mean * one + second.mean * two) / both, both.rsqrt())
