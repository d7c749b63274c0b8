"""Normalising flows: a simple distribution transformed by invertible maps, for flow posteriors and flow priors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Generator, Size, Tensor, nn
from torch.distributions import Distribution, Transform, constraints

from vae_core.devices.choice import in_full_precision
from vae_core.devices.noise import normal
from vae_core.distributions.moments import DRAWS, SHARE, moments

if TYPE_CHECKING:
    from vae_core.config import ModelConfig

LIMIT = 0.999  # w.u of a planar flow stays above -LIMIT, so that it is invertible also with rounding errors
SOFTPLUS_SHIFT = math.log(math.expm1(LIMIT))  # with this shift w.u = 0 is left unchanged
PLANAR_DRAWS = 4096  # give the variance within 2 % where planar flows bend it sharply


class Transformed(Distribution):
    """The distribution of z = out(noise), with noise from `base`, event (L,), and an invertible transform `out`.

    Mean and variance have no closed form. They are estimated from fixed samples (`draws` for the variance), so they are repeatable.
    """

    arg_constraints: ClassVar = {}
    has_rsample = True

    def __init__(self, base: Distribution, out: Transform, draws: int = DRAWS) -> None:
        self.base, self.out, self.draws = base, out, draws
        self._drawn: tuple[Tensor, Tensor] | None = None
        super().__init__(base.batch_shape, base.event_shape, validate_args=False)

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        """Reparameterised samples, shape + (B, L); their log-density is stored, so that log_prob needs no inverse."""
        return self._carry(
            normal((*shape, *self.base.mean.shape), self.base.mean, generator, len(shape) if self.batch_shape else None)
        )

    def rsample(self, sample_shape: Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        return self._carry(torch.randn(*sample_shape, *self.base.mean.shape, device=self.base.mean.device))

    def _carry(self, eps: Tensor) -> Tensor:
        with in_full_precision(eps):
            noise = self.base.mean + self.base.stddev * eps
            z, stretch = self.out.call_and_ladj(noise)  # type: ignore[attr-defined]
            self._drawn = z, self.base.log_prob(noise) - stretch
        return z

    def log_prob(self, value: Tensor) -> Tensor:
        if self._drawn is not None and value is self._drawn[0]:
            return self._drawn[1]
        with in_full_precision(value):
            noise, stretch = self.out.inv.call_and_ladj(value)  # type: ignore[attr-defined]
            return self.base.log_prob(noise) + stretch

    @property
    def mean(self) -> Tensor:
        return self._moments(self.draws // SHARE)[0]

    @property
    def variance(self) -> Tensor:
        return self._moments(self.draws)[1]

    def _moments(self, draws: int) -> tuple[Tensor, Tensor]:
        def conditional_moments(eps: Tensor) -> tuple[Tensor, Tensor]:
            z = self.out(self.base.mean + self.base.stddev * eps)
            return z, torch.zeros_like(z)

        with in_full_precision(self.base.mean):
            return moments(conditional_moments, self.base.mean, draws)


class Planar(Transform):
    """The planar flow z + u tanh(w.z + b) with parameters of each image: u, w (B, L), b (B,).

    Rezende and Mohamed 2015, arXiv:1505.05770, eq. 10. u is changed as in their appendix A.1, so that w.u > -1 and the map is
    invertible; here the change leaves u = 0 unchanged.
    """

    domain = constraints.real_vector
    codomain = constraints.real_vector
    bijective = True

    def __init__(self, u: Tensor, w: Tensor, b: Tensor) -> None:
        super().__init__()
        along = (u * w).sum(-1, keepdim=True)
        pushed = F.softplus(along + SOFTPLUS_SHIFT) - LIMIT
        self.u = u + (pushed - along) * w / w.square().sum(-1, keepdim=True).clamp(min=1e-8)
        self.w, self.b, self.slope = w, b, pushed.squeeze(-1)  # w.u after the change

    def _call(self, x: Tensor) -> Tensor:
        return x + self.u * torch.tanh((self.w * x).sum(-1) + self.b).unsqueeze(-1)

    def log_abs_det_jacobian(self, x: Tensor, y: Tensor) -> Tensor:
        bend = 1 - torch.tanh((self.w * x).sum(-1) + self.b).square()
        return torch.log1p(self.slope * bend)

    def _inverse(self, y: Tensor) -> Tensor:
        """The inverse by bisection: a = w.x solves a + w.u tanh(a + b) = w.y, whose left side increases with a."""
        target = (self.w * y).sum(-1)
        low, high = target - self.slope.abs() - 1e-6, target + self.slope.abs() + 1e-6
        for _ in range(40):
            middle = 0.5 * (low + high)
            above = middle + self.slope * torch.tanh(middle + self.b) > target
            low, high = torch.where(above, low, middle), torch.where(above, middle, high)
        return y - self.u * torch.tanh(0.5 * (low + high) + self.b).unsqueeze(-1)


def compose(*transforms: Transform) -> Transform:
    """The composition of transforms, applied in order. zuko is imported inside functions, since it changes torch's defaults."""
    from zuko.transforms import ComposedTransform

    return ComposedTransform(*transforms)


def autoregressive_flow(config: ModelConfig, context: int) -> nn.ModuleList:
    """Masked autoregressive affine transforms in alternating order, conditioned on `context` numbers.

    Applied from noise to code they are inverse autoregressive flows (Kingma et al. 2016, arXiv:1606.04934, eq. 10).
    """
    from zuko.flows.autoregressive import MaskedAutoregressiveTransform

    size = config.latent_dim
    orders = [torch.arange(size), torch.arange(size - 1, -1, -1)]
    width = (config.flow_width, config.flow_width)
    return nn.ModuleList(
        MaskedAutoregressiveTransform(size, context, order=orders[step % 2], hidden_features=width)
        for step in range(config.flow_steps)
    )


def spline_flow(config: ModelConfig) -> nn.Module:
    """A neural spline flow from codes to noise (Durkan et al. 2019, arXiv:1906.04032); coupling layers above 8 dimensions."""
    from zuko.flows import NSF

    passes = {} if config.latent_dim <= 8 else {"passes": 2}  # else the inverse needs a pass for each dimension
    width: dict[str, Any] = {"hidden_features": (config.flow_width, config.flow_width)}
    return NSF(config.latent_dim, transforms=config.flow_steps, **passes, **width).transform
