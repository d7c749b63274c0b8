"""What codes are good for: naming the class by neighbours or by a line, and finding what does not belong."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vae_core.config import Target
from vae_core.datasets import Dataset, Split
from vae_core.errors import UserError
from vae_core.metrics.bounds import terms_of
from vae_core.metrics.estimates import Estimate, around, share_of
from vae_core.vae import VAE

Array = NDArray[np.generic] | Tensor


def knn_accuracy(codes: Array, labels: Array, test_codes: Array, test_labels: Array, k: int = 10) -> Estimate:
    """Share of test codes (M, L) whose label is the commonest among the `k` nearest of the codes (N, L), nearer ones counting more."""
    from sklearn.neighbors import KNeighborsClassifier

    model = KNeighborsClassifier(min(k, len(codes)), weights="distance")
    model.fit(np.asarray(codes), np.asarray(labels))
    return share_of(model.predict(np.asarray(test_codes)) == np.asarray(test_labels))


def probe_accuracy(codes: Array, labels: Array, test_codes: Array, test_labels: Array) -> Estimate:
    """Share of test codes (M, L) that a linear classifier names rightly: logistic regression on standardised codes (N, L)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if len(np.unique(np.asarray(labels))) < 2:
        raise UserError("A classifier needs at least two labels.")
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    model.fit(np.asarray(codes), np.asarray(labels))
    return share_of(model.predict(np.asarray(test_codes)) == np.asarray(test_labels))


def auroc(scores: Array, positive: Array) -> Estimate:
    """Chance that a positive one scores higher than a negative one, ties counting half: scores (N,), positive (N,) of booleans.

    1/2 is guessing. The interval is DeLong's (1988), from the spread of each image's own share of pairs won.
    Raises UserError unless there are two of each.
    """
    from scipy.stats import rankdata

    values, chosen = np.asarray(scores, np.float64), np.asarray(positive, bool)
    inside, outside = values[chosen], values[~chosen]
    n, m = len(inside), len(outside)
    if min(n, m) < 2:
        raise UserError("A ranking is judged by two images of each kind at least.")
    ranks = rankdata(np.concatenate([inside, outside]))
    won = (ranks[:n] - rankdata(inside)) / m
    lost = 1 - (ranks[n:] - rankdata(outside)) / n
    found = around(float(won.mean()), float(np.sqrt(won.var(ddof=1) / n + lost.var(ddof=1) / m)))
    return Estimate(found.value, max(0.0, found.low), min(1.0, found.high))


@dataclass(frozen=True)
class HeldOut:
    """One class that a model has not seen, and how well -ELBO tells its test images from the others'."""

    label: int
    auroc: Estimate


def without(data: Dataset, label: int) -> Dataset:
    """The data set with one class left out of training and validation; the test split keeps it.

    Raises UserError where nothing would be left.
    """
    train, val = (_rows(part, part.labels != label) for part in (data.train, data.val))
    if not len(train) or not len(val):
        raise UserError(f"Nothing is left to train on without label {label}.")
    return replace(data, train=train, val=val)


def held_out(vae: VAE, test: Split, label: int, target: Target = "grey", seed: int = 0) -> HeldOut:
    """How well a model trained `without` a label finds it in the test split by its -ELBO (An and Cho 2015), or, for a plain
    autoencoder, its distortion: high means strange."""
    found = terms_of(vae, test, target, seed)
    return HeldOut(label, auroc(found.loss, test.labels == label))


def held_out_each(
    data: Dataset, train: Callable[[Dataset], VAE], labels: list[int], target: Target = "grey"
) -> list[HeldOut]:
    """`held_out` for each of `labels`, with a model that `train` makes of the data without it."""
    return [held_out(train(without(data, label)), data.test, label, target) for label in labels]


def _rows(part: Split, keep: Tensor) -> Split:
    rows = torch.nonzero(keep)[:, 0]
    return Split(part.x[rows], part.labels[rows], None if part.factors is None else part.factors[rows])
