"""Mean and variance without a closed form, estimated from fixed quasi-random (Sobol) samples, so that they are repeatable."""

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor

DRAWS = 512  # samples; they give the variance of smooth transforms within 1 %
SHARE = 8  # the mean, which is also needed in training, uses so many times fewer samples
ROWS = 65_536  # codes computed at a time, so that memory does not grow with the number of samples

ConditionalMoments = Callable[[Tensor], tuple[Tensor, Tensor]]


def moments(conditional_moments: ConditionalMoments, like: Tensor, draws: int) -> tuple[Tensor, Tensor]:
    """Mean and variance (..., M), by the law of total variance.

    `conditional_moments` maps standard normal noise (n, *like.shape), where `like` is (..., L), to the mean and variance (n, ..., M)
    given that noise. The total variance is the mean of these variances plus the variance of these means.
    """
    parts = sobol_noise(draws, like.shape[-1]).to(like).split(max(1, ROWS // max(1, like[..., 0].numel())))
    spread = (
        conditional_moments(eps.reshape(len(eps), *[1] * (like.dim() - 1), -1).expand(-1, *like.shape)) for eps in parts
    )
    mean, variance = next(spread)
    centre = mean.mean(0)  # subtracted first: far from the mean float32 would lose the variance
    first, second = (mean - centre).sum(0), ((mean - centre).square() + variance).sum(0)
    for mean, variance in spread:
        first, second = first + (mean - centre).sum(0), second + ((mean - centre).square() + variance).sum(0)
    return centre + first / draws, (second / draws - (first / draws).square()).clamp(min=0)


@lru_cache(maxsize=8)
def sobol_noise(draws: int, size: int) -> Tensor:
    """Standard normal noise (draws, size) in float64 from a scrambled Sobol sequence, with mean exactly 0 and covariance exactly I.

    So the moments of a linear map are exact. The covariance is not corrected where there are fewer than 2 * size samples.
    """
    with torch.inference_mode(False):  # the cached tensor is used in training too
        even = torch.quasirandom.SobolEngine(size, scramble=True, seed=0).draw(draws, dtype=torch.float64)
        eps = torch.special.ndtri(even.clamp(1e-9, 1 - 1e-9))
        eps = eps - eps.mean(0)
        if draws < 2 * size:
            return eps
        root = torch.linalg.cholesky(eps.t() @ eps / draws)
        return torch.linalg.solve_triangular(root, eps.t(), upper=False).t().contiguous()
