"""Out-of-distribution detection: how well a score tells a class that was left out of training from the others, as an AUROC."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vae_core.config import Target
from vae_core.data import Dataset, to_input
from vae_core.data.some_classes import only
from vae_core.errors import UserError
from vae_core.metrics.confidence_intervals import Estimate, student_quantile, wilson
from vae_core.metrics.elbo_nll_bits_per_dim import terms_of
from vae_core.models.vae import VAE

Array = NDArray[np.generic] | Tensor


def auroc(scores: Array, positive: Array) -> Estimate:
    """AUROC: the probability that a positive image scores higher than a negative one; scores (N,), positive (N,) of booleans.

    Ties count half; 1/2 is chance level. The interval is Wilson's for the sample size whose variance is that of DeLong et al. (1988).
    One image of each kind that wins half of its pairs is added to that variance, which is too small for few images and a high AUROC.
    Raises UserError for fewer than two images of either kind.
    """
    from scipy.stats import rankdata

    values, chosen = np.asarray(scores, np.float64), np.asarray(positive, bool)
    inside, outside = values[chosen], values[~chosen]
    n, m = len(inside), len(outside)
    if min(n, m) < 2:
        raise UserError("An AUROC needs at least two images of each kind.")
    ranks = rankdata(np.concatenate([inside, outside]))
    won = (ranks[:n] - rankdata(inside)) / m
    lost = 1 - (ranks[n:] - rankdata(outside)) / n
    area = float(won.mean())
    variance = sum(np.append(each, 0.5).var(ddof=1) / len(each) for each in (won, lost))
    effective_count = area * (1 - area) / variance if variance > 0 and 0 < area < 1 else min(n, m)
    return wilson(area, effective_count, student_quantile(_welch_degrees(won, lost)))


def _welch_degrees(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Degrees of freedom of the difference of two means (Welch 1947)."""
    (a, n), (b, m) = ((each.var(ddof=1) / len(each), len(each)) for each in (one, other))
    both = a**2 / (n - 1) + b**2 / (m - 1)
    return float((a + b) ** 2 / both) if both > 0 else min(n, m) - 1


@dataclass(frozen=True)
class HeldOut:
    """Detection of one class that was left out of training: the AUROC of -ELBO (`auroc`), and that of -ELBO corrected for the
    complexity of each image (`corrected`, see `complexity_corrected`)."""

    label: int
    auroc: Estimate
    corrected: Estimate


def leave_class_out(data: Dataset, label: int) -> Dataset:
    """The data set without one class in the training and validation splits; the test split is unchanged.

    Raises UserError where no other class is left.
    """
    others = [other for other in torch.unique(data.train.labels).tolist() if other != label]
    if not others:
        raise UserError("Nothing is left to train on without label {label}.", label=label)
    return only(data, others)


def complexity(x: Tensor) -> NDArray[np.float64]:
    """Two measures of the complexity of images (N, C, H, W) that need no model, (N, 2): the sum of the pixels, and the sum in nats of
    the entropies of Bernoulli pixels with the grey levels as probabilities. Zeros for points (N, 2)."""
    if x.dim() == 2:
        return np.zeros((len(x), 2))
    grey = to_input(x).flatten(1).double()
    entropy = torch.special.entr(grey) + torch.special.entr(1 - grey)
    return torch.stack([grey.sum(1), entropy.sum(1)], 1).numpy()


def complexity_corrected(loss: Array, x: Tensor, known_loss: Array, known_x: Tensor) -> NDArray[np.float64]:
    """The loss of each image above that of in-distribution images of the same complexity, (N,), in units of the expected deviation.

    A linear regression of the known images' losses on `complexity` predicts the loss, another predicts its absolute deviation. The loss
    alone is low for simple images and high for complex ones of any class (Serra et al. 2020, arXiv:1909.11480, subtract a file's size).
    """
    known, y = _with_intercept(complexity(known_x)), np.asarray(known_loss, np.float64)
    line = np.linalg.lstsq(known, y, rcond=None)[0]
    miss = np.abs(y - known @ line)
    usual = np.linalg.lstsq(known, miss, rcond=None)[0]
    rows = _with_intercept(complexity(x))
    floor = max(float(miss.mean()) / 5, 1e-9)
    return (np.asarray(loss, np.float64) - rows @ line) / np.maximum(rows @ usual, floor)


def _with_intercept(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([np.ones(len(columns)), columns])


def held_out(vae: VAE, data: Dataset, label: int, target: Target = "grey", seed: int = 0) -> HeldOut:
    """AUROC of a model trained without a label (see `leave_class_out`) for detecting that label's images in the test split.

    The score is -ELBO (An and Cho 2015), or the distortion of a plain autoencoder; the validation split is the in-distribution data.
    """
    found, known = (terms_of(vae, part, target, seed).loss for part in (data.test, data.val))
    unseen = data.test.labels == label
    return HeldOut(
        label,
        auroc(found, unseen),
        auroc(complexity_corrected(found, data.test.x, known, data.val.x), unseen),
    )
