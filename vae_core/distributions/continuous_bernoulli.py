"""The continuous Bernoulli distribution of a grey pixel, computed in log space so that it is exact for any logit."""

from typing import ClassVar

import torch
from torch import Size, Tensor
from torch.distributions import Distribution, constraints

HALF_LEVEL = 0.5 / 255  # pixels that are exactly 0 or 1 are moved inward by half a grey level
NEAR = 1.0  # logits of smaller absolute value use a series
# ln(sinh(l/2) / (l/2)) = sum of S_k l^2k, with S_k = B_2k / (2k (2k)!) of the Bernoulli numbers B. The error after five terms is, at
# NEAR, a hundredth of float32's rounding error, in the value and in its first two derivatives.
S = (1 / 24, -1 / 2880, 1 / 181440, -1 / 9676800, 1 / 479001600)
SLOPE = tuple(2 * k * s for k, s in enumerate(S, 1))
BEND = tuple((2 * k - 1) * s for k, s in enumerate(SLOPE, 1))


class ContinuousBernoulli(Distribution):
    """l exp(l x) / (exp(l) - 1) for x in [0, 1], a density for any logit l (Loaiza-Ganem and Cunningham 2019, arXiv:1907.06845, eq. 6).

    With a = |l| and d = 1 - x for l > 0, else x, ln p = -a d + ln a - ln(1 - exp(-a)), which does not overflow. Near l = 0, where this
    is a difference of infinite terms, ln p = l (x - 1/2) - ln(sinh(l/2) / (l/2)) with a series.

    At x = 0 and x = 1 the density grows with a without limit, and the black of an image is exactly 0, so the likelihood would be
    unbounded. Therefore a pixel that is exactly 0 or 1 is moved inward by half a grey level, to 1/510 or 1 - 1/510. Two points do not
    change an integral: this is still a density, and bounds hold for images moved in this way.
    """

    arg_constraints: ClassVar = {"logits": constraints.real}
    support = constraints.unit_interval

    def __init__(self, logits: Tensor) -> None:
        self.logits = logits
        super().__init__(logits.shape, validate_args=False)

    @property
    def _near(self) -> Tensor:
        return self.logits.abs() < NEAR

    @property
    def _steep(self) -> Tensor:
        """|l| where it is not near zero, else NEAR: both branches of a `where` must have finite gradients."""
        return torch.where(self._near, NEAR, self.logits.abs())

    def log_prob(self, value: Tensor) -> Tensor:
        x = torch.where(value <= 0, HALF_LEVEL, torch.where(value >= 1, 1 - HALF_LEVEL, value))
        little, a = torch.where(self._near, self.logits, 0), self._steep
        near = little * (x - 0.5) - _polynomial(little.square(), S) * little.square()
        away = torch.where(self.logits > 0, 1 - x, x)
        return torch.where(self._near, near, a.log() - a * away - torch.log1p(-torch.exp(-a)))

    @property
    def mean(self) -> Tensor:
        little, a = torch.where(self._near, self.logits, 0), self._steep
        away = a.reciprocal() - torch.exp(-a) / -torch.expm1(-a)
        far = torch.where(self.logits > 0, 1 - away, away)
        return torch.where(self._near, 0.5 + _polynomial(little.square(), SLOPE) * little, far)

    @property
    def variance(self) -> Tensor:
        little, a = torch.where(self._near, self.logits, 0), self._steep
        far = a.square().reciprocal() - torch.exp(-a) / torch.expm1(-a).square()
        return torch.where(self._near, _polynomial(little.square(), BEND), far)

    def sample(self, sample_shape: Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        """Samples, sample_shape + batch_shape, by the inverse of the distribution function, with torch's global generator."""
        share = torch.rand(*sample_shape, *self.batch_shape, dtype=self.logits.dtype, device=self.logits.device)
        a = self.logits.abs().clamp(min=1e-30)
        away = -torch.log1p(share * torch.expm1(-a)) / a
        return torch.where(self.logits > 0, 1 - away, away)


def _polynomial(square: Tensor, series: tuple[float, ...]) -> Tensor:
    """The sum of series[k] square^k."""
    total = torch.full_like(square, series[-1])
    for factor in series[-2::-1]:
        total = total * square + factor
    return total


def logit_of(mean: Tensor) -> Tensor:
    """The logit of the continuous Bernoulli that has this mean, by bisection: the mean increases with the logit."""
    low, high = torch.full_like(mean, -1e4), torch.full_like(mean, 1e4)
    for _ in range(60):
        middle = 0.5 * (low + high)
        above = ContinuousBernoulli(middle).mean > mean
        low, high = torch.where(above, low, middle), torch.where(above, middle, high)
    return 0.5 * (low + high)
