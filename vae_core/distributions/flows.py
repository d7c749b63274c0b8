"""Distributions that are a simple one carried through invertible maps: flow posteriors and flow priors."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar

import torch
import torch.nn.functional as F
from torch import Generator, Size, Tensor, nn
from torch.distributions import Distribution, Transform, constraints

from vae_core.distributions.moments import DRAWS, SHARE, moments

if TYPE_CHECKING:
    from vae_core.config import ModelConfig

LIMIT = 0.999  # w.u of a planar step stays above -LIMIT, so that rounding leaves it invertible
SOFTPLUS_SHIFT = math.log(math.expm1(LIMIT))  # and zero stays zero
PLANAR_DRAWS = 4096  # leave the variance of a cloud right by 2 % where planes fold it sharply, and cost little


class Transformed(Distribution):
    """z = out(noise), noise from `base` with event (L,); `out` is a transform of vectors.

    Mean and variance have no formula: they are those of fixed draws, the variance of `draws`, and so the same each time.
    """

    arg_constraints: ClassVar = {}
    has_rsample = True

    def __init__(self, base: Distribution, out: Transform, draws: int = DRAWS) -> None:
        self.base, self.out, self.draws = base, out, draws
        self._drawn: tuple[Tensor, Tensor] | None = None
        super().__init__(base.batch_shape, base.event_shape, validate_args=False)

    def draw(self, generator: Generator, shape: tuple[int, ...] = ()) -> Tensor:
        """Samples shape + (B, L), differentiable; their density is kept, so that it need not be found by going back."""
        return self._carry(
            torch.empty(*shape, *self.base.mean.shape, device=self.base.mean.device).normal_(generator=generator)
        )

    def rsample(self, sample_shape: Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        return self._carry(torch.randn(*sample_shape, *self.base.mean.shape))

    @torch.autocast("cpu", enabled=False)
    def _carry(self, eps: Tensor) -> Tensor:
        noise = self.base.mean + self.base.stddev * eps
        z, stretch = self.out.call_and_ladj(noise)  # type: ignore[attr-defined]
        self._drawn = z, self.base.log_prob(noise) - stretch
        return z

    @torch.autocast("cpu", enabled=False)
    def log_prob(self, value: Tensor) -> Tensor:
        if self._drawn is not None and value is self._drawn[0]:
            return self._drawn[1]
        noise, stretch = self.out.inv.call_and_ladj(value)  # type: ignore[attr-defined]
        return self.base.log_prob(noise) + stretch

    @property
    def mean(self) -> Tensor:
        return self._moments(self.draws // SHARE)[0]

    @property
    def variance(self) -> Tensor:
        return self._moments(self.draws)[1]

    @torch.autocast("cpu", enabled=False)
    def _moments(self, draws: int) -> tuple[Tensor, Tensor]:
        def conditional_moments(eps: Tensor) -> tuple[Tensor, Tensor]:
            z = self.out(self.base.mean + self.base.stddev * eps)
            return z, torch.zeros_like(z)

        return moments(conditional_moments, self.base.mean, draws)


class Planar(Transform):
    """z + u tanh(w.z + b), bent along one plane for each image: u, w (B, L), b (B,).

    Rezende and Mohamed 2015, arXiv:1505.05770, eq. 10. u is changed as in their appendix A.1, so that w.u > -1 and the map
    is invertible, here with u = 0 left as it is.
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
        """Halving: a = w.x solves a + w.u tanh(a + b) = w.y, whose left side rises."""
        target = (self.w * y).sum(-1)
        low, high = target - self.slope.abs() - 1e-6, target + self.slope.abs() + 1e-6
        for _ in range(40):
            middle = 0.5 * (low + high)
            above = middle + self.slope * torch.tanh(middle + self.b) > target
            low, high = torch.where(above, low, middle), torch.where(above, middle, high)
        return y - self.u * torch.tanh(0.5 * (low + high) + self.b).unsqueeze(-1)


def compose(*transforms: Transform) -> Transform:
    """One transform of several, the first first. zuko is imported where a flow is used: it changes torch's defaults."""
    from zuko.transforms import ComposedTransform

    return ComposedTransform(*transforms)


def autoregressive_flow(config: ModelConfig, context: int) -> nn.ModuleList:
    """Masked autoregressive affine maps of noise, in alternating order, that see `context` numbers beside it.

    Carried from noise to code they are inverse autoregressive flows (Kingma et al. 2016, arXiv:1606.04934, eq. 10).
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
    """A neural spline flow from codes to noise (Durkan et al. 2019, arXiv:1906.04032); coupled halves for long codes."""
    from zuko.flows import NSF

    passes = {} if config.latent_dim <= 8 else {"passes": 2}  # going back takes a pass for each dimension otherwise
    width: dict[str, Any] = {"hidden_features": (config.flow_width, config.flow_width)}
    return NSF(config.latent_dim, transforms=config.flow_steps, **passes, **width).transform
