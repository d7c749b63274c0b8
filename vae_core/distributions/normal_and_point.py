"""The diagonal normal, and the point distribution of a plain autoencoder."""

from typing import ClassVar

import torch
from torch import Generator, Size, Tensor
from torch.distributions import Distribution, Independent, Normal, constraints


class Point(Distribution):
    """A point mass at one code, the posterior of a plain autoencoder. It has no density, so there is no rate and no bound."""

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

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        return self.rsample(shape)


class DiagonalNormal(Independent):
    """A diagonal normal; `stddev` is the stored scale, where torch takes the square root of the variance at each call."""

    def __init__(self, mean: Tensor, scale: Tensor) -> None:
        super().__init__(Normal(mean, scale, validate_args=False), 1, validate_args=False)

    @property
    def stddev(self) -> Tensor:
        return self.base_dist.stddev
