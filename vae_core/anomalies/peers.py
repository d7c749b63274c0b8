"""PEERS: detectors of scikit-learn, with its defaults, on the pixels or columns of the same splits as the model."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from vae_core.anomalies.scores import NEIGHBOURS, mean_distance
from vae_core.data import Dataset, Split, to_input

Values = NDArray[np.float64]
Fitted = Callable[[Values], Values]  # rows (N, D) -> how strange each is (N,)
MOST_ROWS = 5000  # training rows of a detector whose time grows with their square
MOST_COLUMNS = 30  # principal components of a detector that needs a covariance of full rank
SHARE = 0.9  # of the variance that principal components keep


def _isolation_forest(rows: Values, seed: int) -> Fitted:
    from sklearn.ensemble import IsolationForest

    return _strangeness(IsolationForest(random_state=seed).fit(rows))


def _one_class_svm(rows: Values, seed: int) -> Fitted:
    from sklearn.svm import OneClassSVM

    return _strangeness(OneClassSVM().fit(some(rows, seed)))


def _local_outlier_factor(rows: Values, seed: int) -> Fitted:
    from sklearn.neighbors import LocalOutlierFactor

    return _strangeness(LocalOutlierFactor(n_neighbors=min(20, len(rows) - 1), novelty=True).fit(some(rows, seed)))


def _elliptic_envelope(rows: Values, seed: int) -> Fitted:
    """On at most MOST_COLUMNS principal components, and fewer than a fifth of the rows, so that the covariance has full rank."""
    from sklearn.covariance import EllipticEnvelope
    from sklearn.decomposition import PCA

    fitted = some(rows, seed)
    spread = int(np.linalg.matrix_rank(fitted - fitted.mean(0)))
    components = PCA(max(1, min(MOST_COLUMNS, len(fitted) // 5, spread)), random_state=seed).fit(fitted)
    found = _strangeness(EllipticEnvelope(random_state=seed).fit(components.transform(fitted)))
    return lambda asked: found(components.transform(asked))


def _pca(rows: Values, seed: int) -> Fitted:
    """The squared error of what the principal components give back."""
    from sklearn.decomposition import PCA

    found = PCA(SHARE, svd_solver="full" if min(rows.shape) < 2000 else "covariance_eigh").fit(rows)
    return lambda asked: np.square(asked - found.inverse_transform(found.transform(asked))).sum(1)


def _neighbours(rows: Values, seed: int) -> Fitted:
    return mean_distance(rows, NEIGHBOURS)


PEERS: dict[str, Callable[[Values, int], Fitted]] = {
    "IsolationForest": _isolation_forest,
    "OneClassSVM": _one_class_svm,
    "LocalOutlierFactor": _local_outlier_factor,
    "EllipticEnvelope": _elliptic_envelope,
    "PCA": _pca,
    "k neighbours": _neighbours,
}


def some(rows: Values, seed: int) -> Values:
    """At most MOST_ROWS of the rows, chosen by the seed."""
    if len(rows) <= MOST_ROWS:
        return rows
    return np.asarray(rows[np.random.default_rng(seed).permutation(len(rows))[:MOST_ROWS]])


def inputs(data: Dataset, split: Split) -> Values:
    """The examples of a split as rows (N, D): pixels in [0, 1], or the columns of a table with mean 0 and deviation 1 in training."""
    rows = _flat(split)
    if not data.columns:
        return rows
    train = _flat(data.train)
    return np.asarray((rows - train.mean(0)) / np.maximum(train.std(0), 1e-6))


def peer_scores(name: str, data: Dataset, seed: int = 0) -> Values:
    """How strange the peer of that name, fitted to the training split, finds each test example, (N,)."""
    return PEERS[name](inputs(data, data.train), seed)(inputs(data, data.test))


def _flat(split: Split) -> Values:
    return to_input(split.x, "grey").flatten(1).to(torch.float64).numpy()


def _strangeness(fitted: Any) -> Fitted:
    return lambda asked: -np.asarray(fitted.score_samples(asked), np.float64)
