"""Whether each true factor lives in one number of the code, and each number holds one factor: MIG, SAP, DCI, modularity.

Codes (N, L) are one row per image, factors (N, F) whole numbers. All scores lie in [0, 1] and higher is better.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vae_core.metrics.estimates import Estimate, bootstrap, mean_of, share_of
from vae_core.metrics.information import Codes, Factors, Matrix, entropies, information

UNIT = (0.0, 1.0)


def gaps(matrix: Matrix) -> Matrix:
    """The largest of each column of (L, F) less the second largest, (F,); a code of one number has no second."""
    ordered = np.sort(np.vstack([matrix, np.zeros_like(matrix[:1])]), axis=0)
    return np.asarray(ordered[-1] - ordered[-2])


def mig_of(matrix: Matrix, entropy: Matrix) -> float:
    """Mutual information gap: mean over factors of (best - second best I) / H(v_k), of I (L, F), H (F,) (Chen et al. 2018, eq. 6)."""
    known = entropy > 0
    return float((gaps(matrix)[known] / entropy[known]).mean()) if known.any() else 0.0


def mig(codes: Codes, factors: Factors, bins: int = 20, seed: int = 0) -> Estimate:
    """MIG by counting (see `information`), with its bootstrap interval over images: 1 for a code that is the factors."""
    return bootstrap(
        lambda rows: mig_of(information(codes[rows], factors[rows], bins), entropies(factors[rows])),
        len(codes),
        seed,
        draws=30,
        within=UNIT,
    )


def mig_of_samples(contributions: Matrix, entropy: Matrix, seed: int = 0) -> Estimate:
    """MIG from `information_by_image`'s (S, L, F), with its bootstrap interval over the samples of z."""
    return bootstrap(lambda rows: mig_of(contributions[rows].mean(0), entropy), len(contributions), seed, within=UNIT)


def modularity_of(matrix: Matrix, floor: float = 0.02) -> float:
    """Mean over dimensions of 1 - sum of I^2 to other factors / ((F - 1) best I^2), I (L, F) (Ridgeway and Mozer 2018).

    A dimension that tells less than `floor` nats of every factor is no module and left out; with none left the score is 0.
    """
    used = matrix[matrix.max(1) > floor]
    if not len(used) or used.shape[1] < 2:
        return 0.0
    squares = np.square(used)
    best = squares.max(1)
    return float((1 - (squares.sum(1) - best) / (best * (used.shape[1] - 1))).mean())


def modularity(codes: Codes, factors: Factors, bins: int = 20, seed: int = 0) -> Estimate:
    """Modularity by counting (see `information`), with its bootstrap interval over images."""
    return bootstrap(
        lambda rows: modularity_of(information(codes[rows], factors[rows], bins)), len(codes), seed, 30, UNIT
    )


def sap_matrix(codes: Codes, factors: Factors, categorical: Sequence[int] = ()) -> Matrix:
    """How well each dimension alone predicts each factor, (L, F): R^2 of a line, or for `categorical` factors how far the balanced
    accuracy of thresholds lies above chance, scaled to 1 (Kumar et al. 2018, arXiv:1711.00848, sec. 3)."""
    z, v = np.asarray(codes, np.float64), np.asarray(factors, np.float64)
    spread = np.outer(z.std(0), v.std(0))
    product = (z - z.mean(0)).T @ (v - v.mean(0)) / len(z)
    scores = np.square(np.divide(product, spread, out=np.zeros_like(product), where=spread > 1e-12))
    for k in categorical:
        scores[:, k] = [_threshold_score(column, factors[:, k]) for column in z.T]
    return np.asarray(scores)


def _threshold_score(z: Matrix, values: Factors) -> float:
    from sklearn.metrics import balanced_accuracy_score
    from sklearn.tree import DecisionTreeClassifier

    classes = len(np.unique(values))
    if classes < 2:
        return 0.0
    tree = DecisionTreeClassifier(max_leaf_nodes=classes, class_weight="balanced", random_state=0)
    said = tree.fit(z[:, None], values).predict(z[:, None])
    return float(max(0.0, (balanced_accuracy_score(values, said) - 1 / classes) / (1 - 1 / classes)))


def sap(codes: Codes, factors: Factors, categorical: Sequence[int] = (), seed: int = 0) -> Estimate:
    """Separated attribute predictability: the mean over factors of `sap_matrix`'s gap, with its bootstrap interval over images."""
    return bootstrap(
        lambda rows: float(gaps(sap_matrix(codes[rows], factors[rows], categorical)).mean()), len(codes), seed, 30, UNIT
    )


@dataclass(frozen=True)
class Dci:
    """`disentanglement`: each dimension serves one factor; `completeness`: each factor sits in one dimension; `informativeness`:
    the factors' accuracy on images the forests have not seen. `importance` (L, F) sums to 1 over L: a heat map."""

    disentanglement: Estimate
    completeness: Estimate
    informativeness: Estimate
    importance: Matrix


def dci(codes: Codes, factors: Factors, trees: int = 20, limit: int = 5000, seed: int = 0) -> Dci:
    """Disentanglement, completeness, informativeness by random forests (Eastwood and Williams 2018, ICLR, sec. 2).

    At most `limit` images, half of them to learn from. The intervals of the first two are bootstrapped over the trees, each of
    which grew on a bootstrap of the images; the third's is a share's, over held-out images and factors.
    """
    from sklearn.ensemble import RandomForestClassifier

    order = np.random.default_rng(seed).permutation(len(codes))[:limit]
    learn, test = np.array_split(order, 2)
    by_tree, right = [], []
    for k in range(factors.shape[1]):
        forest = RandomForestClassifier(trees, max_features=None, random_state=seed, n_jobs=1)
        forest.fit(codes[learn], factors[learn, k])
        by_tree.append([tree.feature_importances_ for tree in forest.estimators_])
        right.append(forest.predict(codes[test]) == factors[test, k])
    weights = np.asarray(by_tree).transpose(1, 2, 0)  # (trees, L, F)

    def over(score: object) -> Estimate:
        return bootstrap(lambda rows: score(weights[rows].mean(0)), trees, seed, within=UNIT)  # type: ignore[operator]

    hits = np.asarray(right, np.float64)
    informed = mean_of(hits.mean(0)) if hits.min() < hits.max() else share_of(hits.ravel())
    return Dci(over(disentanglement_of), over(completeness_of), informed, weights.mean(0))


def disentanglement_of(importance: Matrix) -> float:
    """Sum over dimensions of 1 - H_F of their shares of R (L, F), each weighted by its share of all importance."""
    total = importance.sum()
    weights = importance.sum(1) / total if total > 0 else importance.sum(1)
    return float((weights * (1 - _normed_entropy(importance))).sum())


def completeness_of(importance: Matrix) -> float:
    """The same by factor, with the dimensions' shares: sum over factors of 1 - H_L, weighted by importance."""
    return disentanglement_of(importance.T)


def _normed_entropy(rows: Matrix) -> Matrix:
    """Entropy of each row's shares (R, C) in units of ln C, (R,); 1 for a row of zeros."""
    sums = rows.sum(1, keepdims=True)
    shares = np.divide(rows, sums, out=np.full_like(rows, 1 / rows.shape[1]), where=sums > 0)
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    return np.asarray(-(shares * logs).sum(1) / np.log(rows.shape[1])) if rows.shape[1] > 1 else np.zeros(len(rows))
