"""The hyperbolic secant distribution, whose negative log-density is the log-cosh error plus a constant."""

import math
from typing import ClassVar

import torch
from torch import Size, Tensor
from torch.distributions import Distribution, constraints


class HyperbolicSecant(Distribution):
    """sech((x - mean) / sigma) / (pi sigma): quadratic near the mean as a normal, linear far from it as a Laplace."""

    arg_constraints: ClassVar = {"mean": constraints.real}
    support = constraints.real

    def __init__(self, mean: Tensor, sigma: Tensor) -> None:
        self._mean, self.sigma = mean, sigma
        super().__init__(mean.shape, validate_args=False)

    @property
    def mean(self) -> Tensor:
        return self._mean

    @property
    def variance(self) -> Tensor:
        return (0.5 * math.pi * self.sigma).square().expand(self._mean.shape)

    def sample(self, sample_shape: Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        share = torch.rand(*sample_shape, *self._mean.shape, dtype=self._mean.dtype, device=self._mean.device)
        share = share.clamp(
            min=torch.finfo(share.dtype).eps / 4
        )  # torch's uniform noise may be 0, whose quantile is infinite
        return self._mean + self.sigma * (0.5 * math.pi * share).tan().log()

    def log_prob(self, value: Tensor) -> Tensor:
        far = ((value - self._mean) / self.sigma).abs()
        return math.log(2 / math.pi) - self.sigma.log() - far - torch.log1p(torch.exp(-2 * far))
