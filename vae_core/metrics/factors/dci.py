"""DCI: disentanglement, completeness and informativeness, from the feature importances of classifiers of the true factors.

Codes (N, L) have one row per image, factors (N, F) are integers. All scores lie in [0, 1] and higher is better.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vae_core.metrics.confidence_intervals import Estimate, mean_of, share_from_error, without_interval
from vae_core.metrics.factors.mutual_information import Codes, Factors, Matrix


@dataclass(frozen=True)
class Dci:
    """`disentanglement`: each dimension encodes one factor; `completeness`: each factor is encoded by one dimension; `informativeness`:
    the accuracy of the classifiers on test images. `importance` (L, F) sums to 1 over L, for a heat map."""

    disentanglement: Estimate
    completeness: Estimate
    informativeness: Estimate
    importance: Matrix


def dci(
    codes: Codes,
    factors: Factors,
    test_codes: Codes,
    test_factors: Factors,
    *,
    stages: int = 100,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Dci:
    """Disentanglement, completeness, informativeness (Eastwood and Williams 2018, ICLR, sec. 2) by gradient boosting.

    As in the tables of Locatello et al. 2019 (arXiv:1811.12359, app. B) and their disentanglement_lib: for each factor
    scikit-learn's GradientBoostingClassifier with default settings and `stages` trees for each value predicts it from the posterior
    mean; its feature importances are R. Their tables use 10,000 images for training and 5,000 for testing.

    The first two scores have no interval, which would need many more fits. The interval of the third is over the test images, for fixed
    classifiers. `progress` is called with the share of factors done, in [0, 1].
    """
    importance, right = [], []
    for k in range(factors.shape[1]):
        weights, hits = _boosted(codes, factors[:, k], test_codes, test_factors[:, k], stages, seed)
        importance.append(weights)
        right.append(hits)
        if progress:
            progress((k + 1) / factors.shape[1])
    matrix = np.stack(importance, 1)
    return Dci(
        without_interval(disentanglement_of(matrix)),
        without_interval(completeness_of(matrix)),
        _informed(np.stack(right, 1)),
        matrix,
    )


def _boosted(
    codes: Codes, factor: Factors, test_codes: Codes, test_factor: Factors, stages: int, seed: int
) -> tuple[Matrix, Matrix]:
    """The importance of each dimension for one factor, (L,), and which test images are classified correctly, (M,)."""
    from sklearn.ensemble import GradientBoostingClassifier

    if len(np.unique(factor)) < 2:  # a single value needs no classifier
        return np.zeros(codes.shape[1]), (test_factor == factor[0]).astype(np.float64)
    model = GradientBoostingClassifier(n_estimators=stages, random_state=seed).fit(codes, factor)
    return np.abs(model.feature_importances_), (model.predict(test_codes) == test_factor).astype(np.float64)


def _informed(hits: Matrix) -> Estimate:
    """The mean accuracy over factors, of hits (M, F); the interval allows for the dependence between factors of one image."""
    found = mean_of(hits.mean(1))
    error = found.margin / 1.96 if len(hits) > 1 else 0.0
    return share_from_error(found.value, error, hits.size if error else len(hits))


def disentanglement_of(importance: Matrix) -> float:
    """The mean over dimensions, weighted by importance, of 1 - the entropy (in units of ln F) of each row of R (L, F)."""
    total = importance.sum()
    weights = importance.sum(1) / total if total > 0 else importance.sum(1)
    return float((weights * (1 - _normed_entropy(importance))).sum())


def completeness_of(importance: Matrix) -> float:
    """The mean over factors, weighted by importance, of 1 - the entropy (in units of ln L) of each column of R (L, F)."""
    return disentanglement_of(importance.T)


def _normed_entropy(rows: Matrix) -> Matrix:
    """Entropy of each row's shares (R, C) in units of ln C, (R,); 1 for a row of zeros."""
    sums = rows.sum(1, keepdims=True)
    shares = np.divide(rows, sums, out=np.full_like(rows, 1 / rows.shape[1]), where=sums > 0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    return np.asarray(-(shares * logs).sum(1) / np.log(rows.shape[1])) if rows.shape[1] > 1 else np.zeros(len(rows))
