"""Mixtures of logistic distributions that are rounded to the 256 levels of a pixel, exact at the ends and far from the mean."""

import torch
import torch.nn.functional as F
from torch import Tensor

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
        """With p and m the two arguments of F, F(p) - F(m) = F(p) F(-m) (1 - exp(m - p)): no difference of near numbers."""
        parts = -1 - len(self.batch_shape)  # the dimension of the K logistics
        level = level.expand(torch.broadcast_shapes(level.shape, self.batch_shape)).unsqueeze(parts)
        away, is_first, is_last = level - self.centres, level == 0, level == N
        above = F.softplus((-0.5 - away) / self.scales).masked_fill(is_last, 0)
        below = F.softplus((away - 0.5) / self.scales).masked_fill(is_first, 0)
        width = torch.log(-torch.expm1(-1 / self.scales)).masked_fill(is_first | is_last, 0)
        return torch.logsumexp(self.log_weights + width - above - below, parts)

    @property
    def mean(self) -> Tensor:
        """Of the logistics cut off at levels 0 and 255, before they are rounded: at most a quarter of a level from the exact mean."""
        return (self.log_weights.exp() * mean_of(self.centres, self.scales)).sum(0)


def scale_of(log_scale: Tensor) -> Tensor:
    """The scale in levels of a raw number."""
    return SMALLEST_SCALE + log_scale.clamp(max=LARGEST_LOG_SCALE).exp()


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
