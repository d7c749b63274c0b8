"""The beta-binomial distribution of a pixel of 256 levels, without the gamma function, which would take most of a training step."""

import math

import torch
from torch import Tensor

from vae_core.distributions.levels.pixel_levels import LEVELS, LevelDistribution

N = LEVELS - 1
LOG_RANGE = (
    -12.0,
    9.0,
)  # of ln alpha and ln beta: from a pixel that is nearly always 0 to a binomial, which is the narrowest
_LEVELS = torch.arange(LEVELS, dtype=torch.float64)
LOG_CHOICES = math.lgamma(N + 1) - torch.lgamma(_LEVELS + 1) - torch.lgamma(N - _LEVELS + 1)  # ln of N over k


class BetaBinomial(LevelDistribution):
    """P(k) = (n over k) B(k + a, n - k + b) / B(a, b), n = 255: a binomial whose chance is beta distributed (Townsend et al. 2019).

    `log_alpha` and `log_beta` are ln a and ln b, of any shape, limited to LOG_RANGE. Below 1 they favour the ends, black and white.
    ln P is a sum of rising factorials, ln a (a + 1) ... (a + k - 1), by Stirling's series: exact to 1e-9 in float64 and about 1e-4 in
    float32, in value and gradient.
    """

    def __init__(self, log_alpha: Tensor, log_beta: Tensor) -> None:
        self.alpha, self.beta = (part.clamp(*LOG_RANGE).exp() for part in (log_alpha, log_beta))
        super().__init__(log_alpha.shape, validate_args=False)

    def log_mass(self, level: Tensor) -> Tensor:
        choices, total = LOG_CHOICES.to(level)[level.long()], self.alpha + self.beta
        unit = total + 4 + N
        both = log_rising(self.alpha, level, unit) + log_rising(self.beta, N - level, unit)
        return choices + both - log_rising(total, N, unit)

    @property
    def mean(self) -> Tensor:
        return self.alpha / (self.alpha + self.beta)


def log_rising(a: Tensor, k: Tensor | int, unit: Tensor) -> Tensor:
    """ln of a (a + 1) ... (a + k - 1) / unit^k, for a > 0 and k >= 0; exactly 0 at k = 0.

    Gamma(a + k) / Gamma(a) with both gammas moved to a + 4, from where Stirling's series holds: Gamma(a + 4) = Gamma(a) t (t + 2) with
    t = a (a + 3). A unit near a + k keeps the sum small, so that float32 loses little.
    """
    u, end = a + 4, a + 4 + k
    first, last = a * (a + 3), (a + k) * (a + k + 3)
    slope = (u - 0.5) * torch.log1p(k / u) + k * ((end / unit).log() - 1)
    return slope + _stirling(end) - _stirling(u) + (first / last * ((first + 2) / (last + 2))).log()


def _stirling(u: Tensor) -> Tensor:
    """ln Gamma(u) - (u - 1/2) ln u + u - ln(2 pi) / 2 for u of 4 or more, to 1e-9."""
    v = u.reciprocal()
    w = v * v
    return v * (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w * (1 / 1680 - w * (1 / 1188 - w * (691 / 360360))))))
