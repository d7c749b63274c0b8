"""MIG and SAP: whether each true factor is encoded by one dimension; modularity: whether each dimension encodes one factor.

Codes (N, L) have one row per image, factors (N, F) are integers. All scores lie in [0, 1] and higher is better; the estimate of a MIG
near zero may be negative by chance.
"""

import math
from collections.abc import Sequence

import numpy as np

from vae_core.metrics.confidence_intervals import Estimate, clipped, jackknife, without_interval
from vae_core.metrics.factors.mutual_information import (
    Codes,
    Factors,
    Matrix,
    entropies,
    histogram_information,
    nearest_neighbour_information,
)

FLOOR = 0.02  # nats: a dimension with less mutual information with every factor is left out of the modularity


def gaps(matrix: Matrix) -> Matrix:
    """The difference of the largest and the second largest entry of each column of (L, F), (F,); with L = 1 the second is 0."""
    ordered = np.sort(np.vstack([matrix, np.zeros_like(matrix[:1])]), axis=0)
    return np.asarray(ordered[-1] - ordered[-2])


def mig_of(matrix: Matrix, entropy: Matrix) -> float:
    """Mutual information gap: mean over factors of (best - second best I) / H(v_k), of I (L, F), H (F,) (Chen et al. 2018, eq. 6)."""
    known = entropy > 0
    return float((gaps(matrix)[known] / entropy[known]).mean()) if known.any() else 0.0


def mig(codes: Codes, factors: Factors, seed: int = 0) -> Estimate:
    """MIG of codes drawn from q(z|x) by `nearest_neighbour_information`, with its interval over images.

    Cross-fitting: one half of the images selects the two dimensions with the largest mutual information, the other half measures their
    gap, and vice versa. Otherwise the maximum of noisy estimates gives a positive gap; so the expectation is zero for pure noise.
    Published tables use histograms of the posterior mean with 20 bins (Locatello et al. 2019, arXiv:1811.12359), or the densities of
    all images including the sample's own (Chen et al. 2018); both overestimate the MIG with few images.
    """
    halves = np.random.default_rng(seed).permutation(len(codes)) % 2

    def crossed(rows: Factors) -> float:
        parts = [rows[halves[rows] == half] for half in (0, 1)]
        found = [nearest_neighbour_information(codes[part], factors[part], seed) for part in parts]
        entropy = entropies(factors[rows])
        return (gap_of(found[0], found[1], entropy) + gap_of(found[1], found[0], entropy)) / 2

    return clipped(jackknife(crossed, len(codes), seed), -math.inf, 1.0)


def gap_of(order: Matrix, matrix: Matrix, entropy: Matrix) -> float:
    """`mig_of` of I (L, F), with the best and second best dimension selected by another matrix, `order`."""
    known = entropy > 0
    padded = [np.vstack([each, np.zeros_like(each[:1])]) for each in (order, matrix)]
    second, best = np.argsort(padded[0], axis=0)[-2:]
    column = np.arange(matrix.shape[1])
    gap = padded[1][best, column] - padded[1][second, column]
    return float((gap[known] / entropy[known]).mean()) if known.any() else 0.0


def modularity_of(matrix: Matrix, floor: float | Matrix = FLOOR) -> float:
    """Mean over dimensions of 1 - sum of I^2 to other factors / ((F - 1) best I^2), I (L, F) (Ridgeway and Mozer 2018, eq. 2).

    A dimension with less than `floor` nats (one number, or one for each factor) for every factor is left out; with none left the score
    is 0. The paper has no such floor; without it, a code without information has a random score, often above 0.5.
    """
    used = np.maximum(matrix, 0)[(matrix > floor).any(1)]
    if not len(used) or used.shape[1] < 2:
        return 0.0
    squares = np.square(used)
    best = squares.max(1)
    return float((1 - (squares.sum(1) - best) / (best * (used.shape[1] - 1))).mean())


def modularity(codes: Codes, factors: Factors, seed: int = 0) -> Estimate:
    """Modularity of the posterior means, with `histogram_information`, and its interval over images.

    A dimension is included if its mutual information with a factor is FLOOR nats above that of shuffled codes (`noise_floor`).
    """
    floor = noise_floor(codes, factors, seed)
    found = jackknife(
        lambda rows: modularity_of(histogram_information(codes[rows], factors[rows]), floor), len(codes), seed
    )
    return clipped(found, 0.0, 1.0)


def noise_floor(codes: Codes, factors: Factors, seed: int = 0, shuffles: int = 10) -> Matrix:
    """FLOOR plus the largest mutual information of `shuffles` shuffled codes, in nats for each factor, (F,)."""
    rng = np.random.default_rng(seed)
    found = [histogram_information(rng.permutation(codes), factors).max(0) for _ in range(shuffles)]
    return np.asarray(FLOOR + np.max(found, 0))


def sap_matrix(codes: Codes, factors: Factors, categorical: Sequence[int] = ()) -> Matrix:
    """How well each dimension alone predicts each factor, (L, F): R^2 of linear regression, or for `categorical` factors the balanced
    accuracy of thresholds, rescaled so that chance is 0 and perfect is 1 (Kumar et al. 2018, arXiv:1711.00848, sec. 3)."""
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


def sap(codes: Codes, factors: Factors, categorical: Sequence[int] = ()) -> Estimate:
    """SAP, separated attribute predictability: the mean over factors of the `gaps` of `sap_matrix`.

    There is no interval: thresholds are fitted and tested on the same images, which biases the score upwards with few images.
    """
    return without_interval(float(gaps(sap_matrix(codes, factors, categorical)).mean()))
