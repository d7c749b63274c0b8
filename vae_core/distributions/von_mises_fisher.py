"""The von Mises-Fisher distribution on a sphere of any dimension, in full precision and with exact gradients.

The angle t between z and the mean direction has the density sin(t)^(L-2) exp(k cos t) / Z(k). Its integrals are computed by
Gauss-Legendre quadrature, so that no Bessel function is needed.
"""

import math
from functools import cache
from typing import ClassVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Generator, Size, Tensor
from torch.distributions import Distribution

from vae_core.devices import noise

NODES = 256
LARGEST = 1e4  # the largest concentration: above it the distribution is a point for every practical purpose


@cache
def _gauss_legendre(nodes: int) -> tuple[Tensor, Tensor]:
    """Nodes and weights of Gauss-Legendre quadrature on [0, 1]."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    with torch.inference_mode(False):  # the cached tensors are used in training too
        return torch.from_numpy((x + 1) / 2), torch.from_numpy(w / 2)


def _quadrature(nodes: int, like: Tensor) -> tuple[Tensor, Tensor]:
    x, w = _gauss_legendre(nodes)
    return x.to(like.device), w.to(like.device)


def log_integral(concentration: Tensor, dimensions: int) -> Tensor:
    """ln Z(k) in float64 for each k, where Z(k) is the integral of sin(t)^(L-2) exp(k cos t) from 0 to pi."""
    x, w = _quadrature(NODES, concentration)
    angle = math.pi * x
    logs = (dimensions - 2) * angle.sin().log() + (math.pi * w).log()
    return torch.logsumexp(concentration.double().unsqueeze(-1) * angle.cos() + logs, -1)


def log_area(dimensions: int) -> float:
    """ln of the area of the unit sphere in `dimensions` dimensions; the circle's is 2 pi."""
    return math.log(2) + 0.5 * dimensions * math.log(math.pi) - math.lgamma(0.5 * dimensions)


class VonMisesFisher(Distribution):
    """exp(k m.z) on the unit sphere, direction m (B, L), concentration k (B,) (Davidson et al. 2018, arXiv:1804.00891)."""

    arg_constraints: ClassVar = {}
    has_rsample = True

    def __init__(self, direction: Tensor, concentration: Tensor) -> None:
        self.direction, self.concentration = direction, concentration.double()
        super().__init__(direction.shape[:-1], direction.shape[-1:], validate_args=False)
        self._size = self.event_shape[0]

    @property
    def length(self) -> Tensor:
        """|E z|, the mean of cos t, (B,) in float64: the derivative of ln Z."""
        x, w = _quadrature(NODES, self.concentration)
        angle = math.pi * x
        logs = (self._size - 2) * angle.sin().log() + w.log() + self.concentration.unsqueeze(-1) * angle.cos()
        return (logs.softmax(-1) * angle.cos()).sum(-1)

    @property
    def mean(self) -> Tensor:
        return self.length.float().unsqueeze(-1) * self.direction

    @property
    def variance(self) -> Tensor:
        length = self.length
        across = length / self.concentration
        along = 1 - length.square() - (self._size - 1) * across
        square = self.direction.square()
        return along.clamp(min=0).float().unsqueeze(-1) * square + across.float().unsqueeze(-1) * (1 - square)

    def log_prob(self, value: Tensor) -> Tensor:
        cosine = (value * self.direction).sum(-1).double()
        constant = log_integral(self.concentration, self._size) + log_area(self._size - 1)
        return (self.concentration * cosine - constant).float()

    def kl_to_uniform(self) -> Tensor:
        """KL to the uniform distribution on the sphere, (B,) nats: k E cos t - ln Z(k) + ln Z(0)."""
        k = self.concentration
        uniform = log_integral(k.new_zeros(()), self._size)
        return (k * self.length - log_integral(k, self._size) + uniform).float()

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        """Reparameterised samples, shape + (B, L): the angle by rejection sampling, then a direction orthogonal to m (Wood 1994)."""
        cosine = self._cosine(generator, shape).clamp(-1, 1).float().unsqueeze(-1)
        eps = noise.normal((*shape, *self.direction.shape), self.direction, generator)
        for _ in range(
            2
        ):  # twice, since noise nearly parallel to the direction leaves rounding errors after one projection
            eps = F.normalize(eps - (eps * self.direction).sum(-1, keepdim=True) * self.direction, dim=-1)
        return cosine * self.direction + (1 - cosine.square()).clamp(min=1e-12).sqrt() * eps

    def rsample(self, sample_shape: Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        return self.draw(Generator().manual_seed(torch.seed()), tuple(sample_shape))

    def _cosine(self, generator: Generator, shape: tuple[int, ...]) -> Tensor:
        k = self.concentration.detach().expand(*shape, *self.batch_shape)
        cosine = _sample_cosine(k, self._size, generator)
        if not self.concentration.requires_grad:
            return cosine
        return cosine + (self.concentration - self.concentration.detach()) * _cosine_gradient(
            cosine, k, self.length.detach(), self._size
        )


def _sample_cosine(k: Tensor, dimensions: int, generator: Generator) -> Tensor:
    """cos t for each concentration k by rejection sampling (Wood 1994; Davidson et al. 2018, algorithm 1)."""
    n = dimensions - 1
    b = n / (2 * k + (4 * k.square() + n * n).sqrt())
    x = (1 - b) / (1 + b)
    c = k * x + n * torch.log(1 - x.square())
    cosine, waiting = torch.empty_like(k), torch.ones_like(k, dtype=torch.bool)
    shape = torch.full_like(k, 0.5 * n)
    while waiting.any():
        first, second = (noise.gamma(shape, generator) for _ in range(2))
        z = first / (first + second)
        w = (1 - (1 + b) * z) / (1 - (1 - b) * z)
        level = noise.uniform_like(k, generator).log()
        accepted = waiting & (k * w + n * torch.log(1 - x * w) - c >= level)
        cosine, waiting = torch.where(accepted, w, cosine), waiting & ~accepted
    return cosine


def _cosine_gradient(cosine: Tensor, k: Tensor, length: Tensor, dimensions: int) -> Tensor:
    """d cos t/dk at a fixed quantile, -dF/dk / p, of the angle's distribution function F (Figurnov et al. 2018, arXiv:1805.08498)."""
    x, w = _quadrature(64, k)
    top = cosine.clamp(-1, 1).acos().clamp(min=1e-9).unsqueeze(-1)
    angle = top * x
    # Both integrals are divided by the density at the angle itself, so that nothing overflows.
    logs = (dimensions - 2) * (angle.sin().log() - top.sin().log()) + k.unsqueeze(-1) * (angle.cos() - top.cos())
    moved = (top * w * logs.exp() * (angle.cos() - length.unsqueeze(-1))).sum(-1)
    return moved * top.squeeze(-1).sin()


class SphereUniform(Distribution):
    """The uniform distribution on the unit sphere in L dimensions."""

    arg_constraints: ClassVar = {}

    def __init__(self, like: Tensor) -> None:
        self._like = like
        super().__init__(Size(), like.shape, validate_args=False)

    @property
    def mean(self) -> Tensor:
        return torch.zeros_like(self._like)

    @property
    def variance(self) -> Tensor:
        return torch.full_like(self._like, 1 / len(self._like))

    def log_prob(self, value: Tensor) -> Tensor:
        return value.new_full(value.shape[:-1], -log_area(len(self._like)))

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        eps = noise.normal((*shape, len(self._like)), self._like, generator)
        return F.normalize(eps, dim=-1)
