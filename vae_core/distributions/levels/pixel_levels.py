"""What both families of masses on 256 levels share: the levels k / 255, and what a value between two levels counts."""

from typing import ClassVar

import torch
from torch import Size, Tensor
from torch.distributions import Distribution, constraints

LEVELS = 256
ON_A_LEVEL = 1e-3  # of a level: how far a pixel may be from it by rounding in float32


class LevelDistribution(Distribution):
    """A probability mass on the levels k / 255, k = 0..255, of a pixel that is stored in 8 bits; batch of any shape, event ().

    A value between two levels has no mass. Its `log_prob` is the mean of ln p of both levels by its distance from them, which is what
    a pixel costs on average that is rounded to one of them at random with its own value as mean; it is a bound of no coded file.
    """

    arg_constraints: ClassVar = {}
    support = constraints.unit_interval

    def log_mass(self, level: Tensor) -> Tensor:
        """ln P(k) in nats of levels k, whole numbers 0..255 as floats, of a shape that broadcasts with the batch."""
        raise NotImplementedError

    def log_prob(self, value: Tensor) -> Tensor:
        scaled = 255 * value.clamp(0, 1)
        nearest = scaled.round()
        if ((scaled - nearest).abs() <= ON_A_LEVEL).all():
            return self.log_mass(nearest)
        low = scaled.floor().clamp(max=LEVELS - 2)
        return torch.lerp(self.log_mass(low), self.log_mass(low + 1), scaled - low)

    def log_masses(self) -> Tensor:
        """ln P(k) of every level, (*batch, 256)."""
        level = torch.arange(LEVELS).to(self.mean)
        return self.log_mass(level.reshape(-1, *(1 for _ in self.batch_shape))).movedim(0, -1)

    @property
    def variance(self) -> Tensor:
        masses, x = self.log_masses().exp(), torch.arange(LEVELS).to(self.mean) / (LEVELS - 1)
        return (masses * (x - (masses * x).sum(-1, keepdim=True)).square()).sum(-1)

    def sample(self, sample_shape: Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        """Samples, sample_shape + batch_shape, by the inverse of the distribution function, with torch's global generator."""
        with torch.no_grad():
            below = self.log_masses().exp().cumsum(-1)
            share = torch.rand(*self.batch_shape, Size(sample_shape).numel()).to(below) * below[..., -1:]
            level = torch.searchsorted(below, share, right=True).clamp(max=LEVELS - 1)
        return (level.to(below) / (LEVELS - 1)).movedim(-1, 0).reshape(*sample_shape, *self.batch_shape)
