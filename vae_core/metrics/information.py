"""How much each number of a code tells of each true factor: mutual information in nats, by counting or from q(z|x) itself."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

Codes = NDArray[np.floating]
Factors = NDArray[np.int64]
Matrix = NDArray[np.float64]
PAIRS = 4_000_000  # (sample, image) pairs at a time


def entropies(factors: Factors) -> Matrix:
    """H(v_k) of each factor (N, F) in nats, (F,), corrected for the number of images like `information`."""
    return np.array([_entropy(np.bincount(column)) for column in _dense(factors).T])


def information(codes: Codes, factors: Factors, bins: int = 20) -> Matrix:
    """I(z_j; v_k) of codes (N, L) and factors (N, F), (L, F) nats, each dimension cut into `bins` of equal count.

    Bins as in Locatello et al. 2019 (arXiv:1811.12359, app. B); counting alone finds about (bins - 1)(values - 1) / 2N nats in pure
    noise, so each entropy is corrected by (occupied cells - 1) / 2N (Miller 1955). A dimension with no more than `bins` values is
    taken as it is, so that a code that *is* its factor reaches H(v) exactly.
    """
    counted = _dense(factors)
    return np.array([[_mutual(_cut(z, bins), v) for v in counted.T] for z in np.asarray(codes).T])


def information_by_image(
    mean: Tensor, scale: Tensor, factors: Tensor, samples: int = 1000, seed: int = 0
) -> tuple[Tensor, Tensor]:
    """ln q(z_j|v_k) - ln q(z_j) at `samples` codes z ~ q(z|x_n), (S, L, F), whose mean is I(z_j; v_k); and H(v), (F,), in nats.

    With the noise of q(z|x) and without bins (Chen et al. 2018, arXiv:1802.04942, app. C): q(z_j) is the mixture over all N images
    of normals `mean`, `scale` (N, L), and q(z_j|v_k) that over the images whose factor k has the sample's value.
    """
    generator = Generator().manual_seed(seed)
    rows = torch.randperm(len(mean), generator=generator)[:samples]
    z = mean[rows] + scale[rows] * torch.randn(len(rows), mean.shape[1], generator=generator)
    values = torch.from_numpy(_dense(factors.numpy()))
    members = [torch.nn.functional.one_hot(column).float() for column in values.T]
    found = torch.empty(len(rows), mean.shape[1], len(members))
    for j in range(mean.shape[1]):
        for part in torch.arange(len(rows)).split(max(1, PAIRS // len(mean))):
            logs = -0.5 * ((z[part, j, None] - mean[:, j]) / scale[:, j]).square() - scale[:, j].log()
            density = (logs - logs.amax(1, keepdim=True)).exp()  # (s, N), up to a constant that cancels
            for k, member in enumerate(members):
                mine = values[rows[part], k]
                within = (density @ member).gather(1, mine[:, None])[:, 0] / member.sum(0)[mine]
                found[part, j, k] = (within / density.mean(1)).log()
    return found, torch.from_numpy(entropies(factors.numpy())).float()


def _dense(factors: Factors) -> Factors:
    """Each factor's values renumbered from 0."""
    return np.stack([np.unique(column, return_inverse=True)[1] for column in np.asarray(factors).T], 1)


def _cut(z: NDArray[np.floating], bins: int) -> Factors:
    values, which = np.unique(z, return_inverse=True)
    if len(values) <= bins:
        return which
    edges = np.quantile(z, np.arange(1, bins) / bins)
    return np.unique(np.searchsorted(edges, z), return_inverse=True)[1]


def _mutual(a: Factors, b: Factors) -> float:
    table = np.bincount(a * (b.max() + 1) + b)
    return max(0.0, _entropy(np.bincount(a)) + _entropy(np.bincount(b)) - _entropy(table))


def _entropy(counts: NDArray[np.integer]) -> float:
    p = counts[counts > 0] / counts.sum()
    return float(-(p * np.log(p)).sum() + (len(p) - 1) / (2 * counts.sum()))
