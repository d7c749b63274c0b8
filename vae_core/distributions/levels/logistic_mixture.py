"""Mixtures of logistic distributions that are rounded to the 256 levels of a pixel, exact at the ends and far from the mean."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from vae_core.distributions.clamp import clamp
from vae_core.distributions.levels.pixel_levels import LEVELS, LevelDistribution

N = LEVELS - 1
SMALLEST_SCALE, LARGEST_LOG_SCALE = 0.1, 6.0  # in levels: with 0.1 a level has up to 0.987 of the mass


class LogisticMixture(LevelDistribution):
    """P(k) = sum_j w_j [F((k + 1/2 - m_j) / s_j) - F((k - 1/2 - m_j) / s_j)] with F the logistic sigmoid (Salimans et al. 2017, eq. 2).

    Level 0 has all that lies below 1/2, level 255 all above 254.5. Arguments are (K, *batch): `logits` of the weights w, means where 0
    is level 0 and 1 is level 255, and ln of the scales in levels, to which SMALLEST_SCALE is added.
    """

    def __init__(self, logits: Tensor, means: Tensor, log_scales: Tensor) -> None:
        self.log_weights = logits.log_softmax(0)
        self.centres = N * means
        self.scales = scale_of(log_scales)
        super().__init__(logits.shape[1:], validate_args=False)

    def log_mass(self, level: Tensor) -> Tensor:
        parts = -1 - len(self.batch_shape)  # the dimension of the K logistics
        level = level.expand(torch.broadcast_shapes(level.shape, self.batch_shape)).unsqueeze(parts)
        given = torch.broadcast_tensors(self.log_weights, self.centres, self.scales, level)
        found: Tensor = _LogMass.apply(*given[:3], level, parts)
        return found

    @property
    def mean(self) -> Tensor:
        """Of the logistics cut off at levels 0 and 255, before they are rounded: at most a quarter of a level from the exact mean."""
        return (self.log_weights.exp() * mean_of(self.centres, self.scales)).sum(0)


class _LogMass(torch.autograd.Function):
    """ln P(k), with the slopes worked out beside it: a third of the time that automatic ones take.

    With p and m the two arguments of F, F(p) - F(m) = F(p) F(-m) (1 - exp(m - p)): there is no difference of near numbers.
    """

    @staticmethod
    def forward(ctx: Any, log_weights: Tensor, centres: Tensor, scales: Tensor, level: Tensor, parts: int) -> Tensor:
        rate, opens, closes = scales.reciprocal(), (level > 0).to(level), (level < N).to(level)
        upper = (level + 0.5 - centres) * rate
        lower, inside, growth = upper - rate, opens * closes, torch.expm1(rate)
        joint = log_weights + closes * F.logsigmoid(upper) + opens * F.logsigmoid(-lower)  # of w F(p) F(-m)
        joint += inside * (growth / (growth + 1)).log()
        most = joint.amax(parts, keepdim=True)
        share = joint.sub_(most).exp_()
        total = share.sum(parts, keepdim=True)
        share /= total
        up, down = closes * torch.sigmoid(-upper), opens * torch.sigmoid(lower)
        change = share * rate
        ctx.save_for_backward(
            share, change * (down - up), change * (down * lower - up * upper - inside * (rate / growth))
        )
        ctx.parts = parts
        return (most + total.log()).squeeze(parts)

    @staticmethod
    @once_differentiable  # type: ignore[untyped-decorator]
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, Tensor, Tensor, None, None]:
        grad, (weights, centres, scales) = grad.unsqueeze(ctx.parts), ctx.saved_tensors
        return grad * weights, grad * centres, grad * scales, None, None


def scale_of(log_scale: Tensor) -> Tensor:
    """The scale in levels of a raw number."""
    return SMALLEST_SCALE + clamp(log_scale, high=LARGEST_LOG_SCALE).exp()


def mean_of(centre: Tensor, scale: Tensor) -> Tensor:
    """The mean, in [0, 1], of a logistic in levels that is cut off at 0 and 255."""
    return 1 - scale / N * (F.softplus((N - centre) / scale) - F.softplus(-centre / scale))


def centre_of(mean: Tensor, scale: Tensor) -> Tensor:
    """The centre in levels of the logistic whose mean after cutting off is `mean`, in (0, 1), by bisection."""
    low, high = torch.full_like(mean, -40 * N), torch.full_like(mean, 41 * N)
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = mean_of(middle, scale) > mean
        low, high = torch.where(above, low, middle), torch.where(above, middle, high)
    return 0.5 * (low + high)
