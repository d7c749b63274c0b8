"""How far codes are from where they should be: the estimates that objectives are made of."""

import math
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Generator, Tensor
from torch.distributions import Distribution

Kernel = Literal["rbf", "imq"]
Sampling = Literal["weighted", "stratified"]
SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


def squared_distances(a: Tensor, b: Tensor) -> Tensor:
    """|a_i - b_j|^2 for rows of a (N, L) and b (M, L): (N, M), never below zero."""
    products = a @ b.t()
    return (a.square().sum(1, keepdim=True) - 2 * products + b.square().sum(1)).clamp(min=0)


def kernel(distances: Tensor, name: Kernel, dimensions: int) -> Tensor:
    """A sum of kernels at squared distances d, of the widths C = 2 L s for the seven s of SCALES: "rbf" exp(-d / C), "imq" C / (C + d).

    2 L is what two samples of a standard normal are apart (Tolstikhin et al. 2018, arXiv:1711.01558, sec. 4). Their paper, as Zhao et
    al. 2019, writes one kernel of one width; the sum over these seven is that of their code for "imq".
    """
    total = torch.zeros_like(distances)
    for width in (2.0 * dimensions * scale for scale in SCALES):
        total = total + (torch.exp(distances / -width) if name == "rbf" else width / (width + distances))
    return total


@torch.autocast("cpu", enabled=False)
def mmd(a: Tensor, b: Tensor, name: Kernel) -> Tensor:
    """The squared maximum mean discrepancy of samples a (N, L) and b (M, L), without bias: it may fall below zero.

    Gretton et al. 2012, JMLR 13, eq. 3; as in Tolstikhin et al. 2018, algorithm 2.
    """
    within = torch.zeros((), device=a.device)
    for part in (a, b):
        k = kernel(squared_distances(part, part), name, part.shape[1])
        within = within + (k.sum() - k.diagonal().sum()) / max(1, len(part) * (len(part) - 1))
    return within - 2 * kernel(squared_distances(a, b), name, a.shape[1]).mean()


@torch.autocast("cpu", enabled=False)
def sliced(a: Tensor, b: Tensor, directions: Tensor) -> Tensor:
    """The mean over `directions` (P, L) of the squared 2-Wasserstein distance of a and b (N, L) cast on them."""
    lines = F.normalize(directions, dim=1).t()
    return ((a @ lines).sort(0).values - (b @ lines).sort(0).values).square().mean()


def aggregate(q: Distribution, z: Tensor, images: int, sampling: Sampling) -> tuple[Tensor, Tensor]:
    """Estimates of ln q(z), (B,), and ln q(z_j), (B, L), at samples z (B, L) of q, for `images` training images."""
    logs = q.base_dist.log_prob(z.unsqueeze(1))  # type: ignore[attr-defined]  # (B, B, L): of sample i under image j
    weights = log_weights(len(z), images, sampling).to(z.device)
    return (logs.sum(2) + weights).logsumexp(1), (logs + weights.unsqueeze(2)).logsumexp(1)


def log_weights(batch: int, images: int, sampling: Sampling) -> Tensor:
    """ln of the weight of q(z_i|x_j) in the estimate of q(z_i), (B, B).

    Weighted: 1/(N B) for all (Chen et al. 2018, app. C). Stratified: 1/N for a sample's own image, 1/M for others and
    (N - M)/(N M) for one of them, with M = B - 1, so that each row sums to one.
    """
    if sampling == "weighted" or batch == 1:
        return torch.full((batch, batch), -math.log(images * batch))
    others, images = batch - 1, max(images, batch)
    weights = torch.full((batch, batch), 1 / others)
    row = torch.arange(batch)
    weights[row, (row + 1) % batch] = (images - others) / (images * others)
    weights[row, row] = 1 / images
    return weights.log()


@torch.autocast("cpu", enabled=False)
def covariance_of(codes: Tensor) -> Tensor:
    """The covariance (L, L) of codes (B, L), divided by B."""
    centred = codes - codes.mean(0)
    return centred.t() @ centred / len(codes)


def squared_slope(pictures: Tensor, z: Tensor, generator: Generator) -> Tensor:
    """The mean over images of |d picture/dz|^2, all entries of the Jacobian, estimated without bias by one random
    projection with signs v: E|J^T v|^2 = |J|^2 (Hutchinson 1990)."""
    signs = torch.randint(0, 2, pictures.shape, generator=generator).to(pictures) * 2 - 1
    (slope,) = torch.autograd.grad((pictures * signs).sum(), z, create_graph=True)
    return slope.square().sum(1).mean()
