"""Sample quality from features of real and generated images: precision, recall, density, coverage, MMD (KID) and diversity.

Features are (N, D) and (M, D), real images first. Intervals are over both the real and the generated images.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vae_core.errors import UserError
from vae_core.metrics.confidence_intervals import (
    GROUPS,
    Estimate,
    clipped,
    jackknife_error,
    jackknife_groups,
    share_from_error,
    student_interval,
    without_interval,
)

CHUNK = 1000
FEW = 20
NAMES = ("precision", "recall", "density", "coverage")


@dataclass(frozen=True)
class Manifolds:
    """`precision`, `recall`: shares in [0, 1] (Kynkaanniemi et al. 2019); `density`, `coverage` (Naeem et al. 2020).

    Samples drawn from the real distribution have all four near 1, `coverage` near 1 - 2^-k; `density` may exceed 1.
    """

    precision: Estimate
    recall: Estimate
    density: Estimate
    coverage: Estimate


def manifolds(real: Tensor, made: Tensor, k: int = 5, seed: int = 0) -> Manifolds:
    """The overlap of two sets of features; the ball of an image has its distance to its k-th nearest neighbour in its set as radius.

    precision: share of generated images inside a real ball; recall: share of real images inside a generated ball (arXiv:1904.06991,
    eq. 1, 2). density: number of real balls that contain a generated image, divided by k, mean over generated images; coverage: share
    of real balls that contain a generated image (arXiv:2002.09797, eq. 6, 7). Use sets of equal size: recall grows with the number of
    generated images.

    Intervals are by the jackknife over both sets, in Wilson's form for shares. They are unknown for fewer than forty images of either
    kind, and where all matches lie in fewer than FEW balls, since then they depend on a few outliers.
    Raises UserError for fewer than k + 1 images of either kind.
    """
    if min(len(real), len(made)) <= k:
        raise UserError(
            "Overlap is measured with {k} nearest neighbours: give at least {least} pictures of each.", k=k, least=k + 1
        )
    groups = [torch.from_numpy(jackknife_groups(len(x), seed)) for x in (real, made)]
    found, balls = _overlaps(real.float(), made.float(), k, *groups)
    value = dict(zip(NAMES, found[0].tolist(), strict=True))
    if min(len(real), len(made)) < 2 * GROUPS:
        return Manifolds(**{name: without_interval(each) for name, each in value.items()})
    error = {name: jackknife_error(column) for name, column in zip(NAMES, found[1:].T, strict=True)}
    counts = {"precision": len(made), "recall": len(real), "coverage": len(real)}
    shares = {name: share_from_error(value[name], error[name], count, GROUPS - 1) for name, count in counts.items()}
    density = clipped(student_interval(value["density"], error["density"], GROUPS - 1), 0.0, math.inf)
    intervals = {**shares, "density": density}
    for name, holding in (("precision", balls[0]), ("density", balls[0]), ("recall", balls[1])):
        if holding < FEW:
            intervals[name] = without_interval(value[name])
    return Manifolds(**intervals)


def _overlaps(
    real: Tensor, made: Tensor, k: int, real_group: Tensor, made_group: Tensor
) -> tuple[NDArray[np.float64], tuple[int, int]]:
    """The four figures in the order of NAMES, of all rows and then with each of GROUPS groups left out, (1 + GROUPS, 4).

    Also the number of real balls that contain a generated image, and of generated balls that contain a real one.
    """
    left = range(-1, GROUPS)  # -1: no group
    reaches = [_reaches(real, k, real_group), _reaches(made, k, made_group)]  # (1 + GROUPS, N), (1 + GROUPS, M)
    inside = torch.zeros(1 + GROUPS, len(made), dtype=torch.float64)
    recalled, covered = torch.zeros(2, 1 + GROUPS, dtype=torch.float64)
    holding = torch.zeros(len(made), dtype=torch.bool)
    for rows in torch.arange(len(real)).split(CHUNK):
        distance = distances(real[rows], made)
        holding |= (distance <= reaches[1][0]).any(0)
        for i, g in enumerate(left):
            mine, theirs = real_group[rows] != g, made_group != g
            holds = (distance <= reaches[0][i, rows, None]) & mine[:, None]
            inside[i] += holds.sum(0)
            covered[i] += (holds & theirs).any(1).sum()
            recalled[i] += ((distance <= reaches[1][i]) & theirs).any(1)[mine].sum()
    kept = torch.stack([made_group != g for g in left])
    reals = torch.tensor([int((real_group != g).sum()) for g in left])
    mades = kept.sum(1)
    columns = (
        ((inside > 0) & kept).sum(1).double() / mades,
        recalled / reals,
        (inside * kept).sum(1) / (k * mades),
        covered / reals,
    )
    return torch.stack(columns, 1).numpy(), (int(covered[0]), int(holding.sum()))


def _reaches(x: Tensor, k: int, group: Tensor) -> Tensor:
    """The distance from each row (N, D) to its k-th nearest other row, of all and with each group left out, (1 + GROUPS, N)."""
    most = min(len(x), 4 * k + 20)  # one in twenty is left out, so enough remain
    parts = []
    for rows in x.split(CHUNK):
        near = distances(rows, x).topk(most, largest=False)  # (n, most), the row itself first
        kept = torch.stack([group[near.indices] != g for g in range(-1, GROUPS)])
        place = (kept.cumsum(2) > k).float().argmax(2, keepdim=True)
        parts.append(near.values.expand(len(kept), -1, -1).gather(2, place)[..., 0])
    return torch.cat(parts, 1)


def distances(a: Tensor, b: Tensor) -> Tensor:
    """Euclidean distances (N, M), without the cancellation of a^2 + b^2 - 2ab: the distance of equal rows is exactly 0."""
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


Kernel = Literal["polynomial", "rbf"]


def mmd(real: Tensor, made: Tensor, kernel: Kernel = "polynomial") -> Estimate:
    """The unbiased estimate of the squared MMD of two sets of equal size (Gretton et al. 2012, JMLR 13, eq. 4).

    It is near 0, and may be negative, for equal distributions. "polynomial", (x.y / D + 1)^3, is the kernel of the kernel inception
    distance (Binkowski et al. 2018, arXiv:1801.01401, sec. 3), here with this project's own features; "rbf" has the median distance as
    its width. The interval is by the jackknife, unknown for fewer than forty rows. The larger set is cut to the size of the smaller.
    """
    n = min(len(real), len(made))
    if n < 3:
        raise UserError("The MMD needs at least three pictures of each.")
    x, y = real[:n].double(), made[:n].double()
    scale = float(x.shape[1]) if kernel == "polynomial" else _median(x, y)
    group = torch.from_numpy(jackknife_groups(n))
    member = torch.nn.functional.one_hot(group, GROUPS).double()
    sums = torch.zeros(n, GROUPS, dtype=torch.float64)  # of each row's h with the rows of each group
    for rows in torch.arange(n).split(CHUNK):
        h = _kernel(x[rows], x, kernel, scale) + _kernel(y[rows], y, kernel, scale)
        h -= _kernel(x[rows], y, kernel, scale) + _kernel(y[rows], x, kernel, scale)
        h[torch.arange(len(rows)), rows] = 0
        sums[rows] = h @ member
    value = sums.sum().item() / (n * (n - 1))
    if n < 2 * GROUPS:
        return without_interval(value)
    kept, between = n - member.sum(0), member.T @ sums  # (GROUPS, GROUPS): the sum of h over two groups' pairs
    left = (sums.sum() - 2 * between.sum(1) + between.diagonal()) / (kept * (kept - 1))
    return student_interval(value, jackknife_error(left.numpy()), GROUPS - 1)


def _kernel(a: Tensor, b: Tensor, kernel: Kernel, scale: float) -> Tensor:
    if kernel == "polynomial":
        return (a @ b.T / scale + 1) ** 3
    return (-0.5 * (torch.cdist(a, b) / scale).square()).exp()


def _median(x: Tensor, y: Tensor) -> float:
    some = torch.cat([x[:500], y[:500]])
    return max(torch.pdist(some).median().item(), 1e-9)


def diversity(features: Tensor) -> Estimate:
    """The mean distance between two images, in units of the features; 0 where all are equal.

    The interval is that of a U-statistic, over images, not over pairs. Compare it with the diversity of real images.
    """
    x, n = features.float(), len(features)
    if n < 3:
        raise UserError("Diversity needs at least three pictures.")
    each = torch.cat([distances(part, x).sum(1) for part in x.split(CHUNK)]).double() / (n - 1)
    return student_interval(each.mean().item(), 2 * each.std().item() / math.sqrt(n))
