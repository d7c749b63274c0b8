"""Mean and variance of distributions that have no formula for them, from fixed draws spread evenly: the same each time."""

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor

DRAWS = 512  # leave a variance right by 1 % where maps are as smooth as networks make them
SHARE = 8  # a mean, which is asked for while a model trains too, is good enough with so many times fewer draws
ROWS = 65_536  # codes worked out at a time, so that memory does not grow with the draws

ConditionalMoments = Callable[[Tensor], tuple[Tensor, Tensor]]


def moments(conditional_moments: ConditionalMoments, like: Tensor, draws: int) -> tuple[Tensor, Tensor]:
    """Mean and variance (..., M) of what is normal once noise is given: noise (n, *like.shape) -> mean and variance (n, ..., M).

    The law of total variance: the mean of the variances, and the variance of the means. `like` is (..., L).
    """
    parts = sobol_noise(draws, like.shape[-1]).to(like).split(max(1, ROWS // max(1, like[..., 0].numel())))
    spread = (
        conditional_moments(eps.reshape(len(eps), *[1] * (like.dim() - 1), -1).expand(-1, *like.shape)) for eps in parts
    )
    mean, variance = next(spread)
    centre = mean.mean(0)  # sums are taken from near the mean: far from it float32 would lose the variance
    first, second = (mean - centre).sum(0), ((mean - centre).square() + variance).sum(0)
    for mean, variance in spread:
        first, second = first + (mean - centre).sum(0), second + ((mean - centre).square() + variance).sum(0)
    return centre + first / draws, (second / draws - (first / draws).square()).clamp(min=0)


@lru_cache(maxsize=8)
def sobol_noise(draws: int, size: int) -> Tensor:
    """Standard normal noise (draws, size) in float64, a scrambled Sobol sequence's, whose mean is 0 and whose covariance is 1.

    Both exactly, so that of a linear map mean and variance are exact; the covariance only where there are draws enough.
    """
    with torch.inference_mode(False):  # kept for trainings too
        even = torch.quasirandom.SobolEngine(size, scramble=True, seed=0).draw(draws, dtype=torch.float64)
        eps = torch.special.ndtri(even.clamp(1e-9, 1 - 1e-9))
        eps = eps - eps.mean(0)
        if draws < 2 * size:
            return eps
        root = torch.linalg.cholesky(eps.t() @ eps / draws)
        return torch.linalg.solve_triangular(root, eps.t(), upper=False).t().contiguous()
