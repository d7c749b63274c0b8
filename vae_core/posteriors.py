"""POSTERIORS: an encoder's raw numbers -> q(z|x), a torch Distribution with batch (B,) and event (L,)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Generator, Size, Tensor
from torch.distributions import Distribution, Independent, Normal, constraints

# One image unlike all others can drive an encoder's log-variance to hundreds, whose exponential ends the training as
# infinity; no variance of use lies outside.
LOG_VARIANCE = (-20.0, 8.0)


class Point(Distribution):
    """All mass on one code: what a plain autoencoder's encoder says. It has no density, hence no rate and no bound."""

    arg_constraints: ClassVar = {"mean": constraints.real_vector}
    has_rsample = True

    def __init__(self, mean: Tensor) -> None:
        self._mean = mean
        super().__init__(mean.shape[:-1], mean.shape[-1:], validate_args=False)

    @property
    def mean(self) -> Tensor:
        return self._mean

    @property
    def variance(self) -> Tensor:
        return torch.zeros_like(self._mean)

    def rsample(self, sample_shape: Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        return self._mean.expand(*sample_shape, *self._mean.shape)


@dataclass(frozen=True)
class Posterior:
    """`outputs`: raw numbers per code dimension; `make`: raw (B, outputs * L) -> q; `has_density`: whether a rate exists."""

    outputs: int
    has_density: bool
    make: Callable[[Tensor], Distribution]


class DiagonalNormal(Independent):
    """Independent normals whose standard deviation is read, not worked out as the root of its square at every step."""

    def __init__(self, mean: Tensor, scale: Tensor) -> None:
        super().__init__(Normal(mean, scale, validate_args=False), 1, validate_args=False)

    @property
    def stddev(self) -> Tensor:
        return self.base_dist.stddev


def _normal(raw: Tensor) -> Distribution:
    mean, log_variance = raw.chunk(2, dim=-1)
    return DiagonalNormal(mean, (0.5 * log_variance.clamp(*LOG_VARIANCE)).exp())


def sample(q: Distribution, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
    """z = mean + std * eps with a fresh eps per image and dimension: shape + (B, L), differentiable in q."""
    if isinstance(q, Point):
        return q.rsample(shape)
    eps = torch.empty(*shape, *q.mean.shape, device=q.mean.device).normal_(generator=generator)
    return torch.addcmul(q.mean, q.stddev, eps)


POSTERIORS: dict[str, Posterior] = {
    "normal": Posterior(2, True, _normal),
    "point": Posterior(1, False, Point),
}
