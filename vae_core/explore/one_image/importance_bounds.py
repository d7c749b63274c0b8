"""The bounds L_k of ln p(x) of one image by k importance samples, and ln p(x) itself by quadrature for codes of one or two numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vae_core.utils.lazy import Lazy, torch

if TYPE_CHECKING:
    from torch import Tensor

    from vae_core.models import vae as vaes
    from vae_core.models.vae import VAE
    from vae_core.objectives import importance_weights
else:
    vaes, importance_weights = Lazy("vae_core.models.vae"), Lazy("vae_core.objectives.importance_weights")

COUNTS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
SAMPLES = 10_000  # two groups of the largest k
AT_ONCE = 1000  # codes that are decoded at a time
CELLS, REACH = (
    64,
    6.0,
)  # of the quadrature's first grid: cells along an axis, and standard deviations of the prior on either side
SPLIT, ROUNDS, MOST = (
    4,
    2,
    1500,
)  # its refinements: parts along an axis, how many, and the most cells that are split at once
LEAST = 60.0  # a cell of so many nats less than the best one is not split


@dataclass(frozen=True)
class ImportanceBound:
    """L_k: its mean over `repeats` groups of k samples, and their standard deviation; NaN for one group. In nats."""

    k: int
    mean: float
    deviation: float
    repeats: int


def importance_bounds(
    vae: VAE, x: Tensor, y: Tensor | None, samples: int = SAMPLES, seed: int = 0
) -> list[ImportanceBound]:
    """L_k = E[ln 1/k sum w] of one image x (1, *shape) for each k of COUNTS (Burda et al. 2016, eq. 8), from `samples` codes of q.

    L_1 is the ELBO, L_k does not fall with k, and it tends to ln p(x). Empty for a plain autoencoder.
    """
    if not vae.posterior.has_density:
        return []
    generator = torch.Generator().manual_seed(seed)
    with vaes.evaluation(vae):
        q = vae.encode(x, y)
        sizes = [min(AT_ONCE, samples - start) for start in range(0, samples, AT_ONCE)]
        parts = [importance_weights.draw(vae, x, y, q, size, generator).log_w[:, 0].double() for size in sizes]
    log_w = torch.cat(parts)
    return [_bound(log_w, k) for k in COUNTS if k <= samples]


def _bound(log_w: Tensor, k: int) -> ImportanceBound:
    repeats = len(log_w) // k
    each = log_w[: repeats * k].reshape(repeats, k).logsumexp(1) - math.log(k)
    return ImportanceBound(k, each.mean().item(), each.std().item() if repeats > 1 else math.nan, repeats)


def log_marginal(vae: VAE, x: Tensor, y: Tensor | None) -> float | None:
    """ln p(x) = ln of the integral of p(x|z) p(z) over z, in nats, of one image x (1, *shape).

    By the midpoint rule on a grid whose heavy cells are split again and again. None for a code of more than two numbers, where a grid
    would be too large, and for a prior that is not a standard normal.
    """
    config = vae.config
    if config.latent_dim > 2 or config.prior != "normal" or not vae.posterior.has_density:
        return None
    width = 2 * REACH / CELLS
    axis = (torch.arange(CELLS) + 0.5) * width - REACH
    centres = torch.cartesian_prod(*[axis] * config.latent_dim).reshape(-1, config.latent_dim)
    settled: list[Tensor] = []  # ln of the mass of cells that are not split any more
    with vaes.evaluation(vae):
        logs = _log_masses(vae, x, y, centres, width)
        for _ in range(ROUNDS):
            heavy = _heavy(logs)
            settled.append(logs[~heavy])
            centres, width = _split(centres[heavy], width)
            logs = _log_masses(vae, x, y, centres, width)
    return torch.cat([*settled, logs]).logsumexp(0).item()


def _heavy(logs: Tensor) -> Tensor:
    """Which cells, of these ln masses (N,), hold enough to be split, at most MOST."""
    few = logs.topk(min(MOST, len(logs))).values[-1]
    return (logs >= few) & (logs > logs.max() - LEAST)


def _log_masses(vae: VAE, x: Tensor, y: Tensor | None, z: Tensor, width: float) -> Tensor:
    """ln of p(x|z) p(z) times the size of the cell around each code z (N, L), (N,)."""
    parts = [vae.log_likelihood(x, part[:, None], y)[:, 0].double() for part in z.split(AT_ONCE)]
    return torch.cat(parts) + vae.prior().log_prob(z).double() + z.shape[1] * math.log(width)


def _split(centres: Tensor, width: float) -> tuple[Tensor, float]:
    """The centres of the SPLIT parts along each axis of cells (N, L) of this width, and their width."""
    size = centres.shape[1]
    steps = ((torch.arange(SPLIT) + 0.5) / SPLIT - 0.5) * width
    offsets = torch.cartesian_prod(*[steps] * size).reshape(-1, size)
    return (centres[:, None] + offsets).flatten(0, 1), width / SPLIT
