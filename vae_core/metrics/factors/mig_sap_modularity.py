"""Whether each true factor lives in one number of the code, and each number holds one factor: MIG, modularity, SAP.

Codes (N, L) are one row per image, factors (N, F) whole numbers. All scores lie in [0, 1] and higher is better; only
the estimate of a MIG near zero may fall below it by chance.
"""

import math
from collections.abc import Sequence

import numpy as np

from vae_core.metrics.confidence_intervals import Estimate, clipped, jackknife, without_interval
from vae_core.metrics.factors.mutual_information import Codes, Factors, Matrix, counted, entropies, information

FLOOR = 0.02  # nats: a dimension that tells less of every factor is left out of the modularity


def gaps(matrix: Matrix) -> Matrix:
    """The largest of each column of (L, F) less the second largest, (F,); a code of one number has no second."""
    ordered = np.sort(np.vstack([matrix, np.zeros_like(matrix[:1])]), axis=0)
    return np.asarray(ordered[-1] - ordered[-2])


def mig_of(matrix: Matrix, entropy: Matrix) -> float:
    """Mutual information gap: mean over factors of (best - second best I) / H(v_k), of I (L, F), H (F,) (Chen et al. 2018, eq. 6)."""
    known = entropy > 0
    return float((gaps(matrix)[known] / entropy[known]).mean()) if known.any() else 0.0


def mig(codes: Codes, factors: Factors, seed: int = 0) -> Estimate:
    """MIG of codes drawn from q(z|x) by `information`, with its interval over images.

    Half of the images says which two dimensions tell most of a factor, the other half how far they are apart, and in turn: the best
    of many noisy numbers would else look better than the second by chance. So the mean is zero in pure noise. Published tables
    count the posterior's mean in 20 bins instead (Locatello et al. 2019, arXiv:1811.12359), or sum over the densities of all images,
    the sample's own among them (Chen et al. 2018): both say more than there is with few images.
    """
    halves = np.random.default_rng(seed).permutation(len(codes)) % 2

    def crossed(rows: Factors) -> float:
        parts = [rows[halves[rows] == half] for half in (0, 1)]
        found = [information(codes[part], factors[part], seed) for part in parts]
        entropy = entropies(factors[rows])
        return (gap_of(found[0], found[1], entropy) + gap_of(found[1], found[0], entropy)) / 2

    return clipped(jackknife(crossed, len(codes), seed), -math.inf, 1.0)


def gap_of(order: Matrix, matrix: Matrix, entropy: Matrix) -> float:
    """`mig_of` of I (L, F) whose best and second best dimension another matrix, `order`, names."""
    known = entropy > 0
    padded = [np.vstack([each, np.zeros_like(each[:1])]) for each in (order, matrix)]
    second, best = np.argsort(padded[0], axis=0)[-2:]
    column = np.arange(matrix.shape[1])
    gap = padded[1][best, column] - padded[1][second, column]
    return float((gap[known] / entropy[known]).mean()) if known.any() else 0.0


def modularity_of(matrix: Matrix, floor: float | Matrix = FLOOR) -> float:
    """Mean over dimensions of 1 - sum of I^2 to other factors / ((F - 1) best I^2), I (L, F) (Ridgeway and Mozer 2018, eq. 2).

    A dimension that tells less than `floor` nats, one number or one for each factor, of every factor is no module and left out, and
    with none left the score is 0; the paper has no such floor, and scores by chance, often above 0.5, a code that tells nothing.
    """
    used = np.maximum(matrix, 0)[(matrix > floor).any(1)]
    if not len(used) or used.shape[1] < 2:
        return 0.0
    squares = np.square(used)
    best = squares.max(1)
    return float((1 - (squares.sum(1) - best) / (best * (used.shape[1] - 1))).mean())


def modularity(codes: Codes, factors: Factors, seed: int = 0) -> Estimate:
    """Modularity of the posterior's means by counting (see `counted`), with its interval over images.

    A dimension counts that tells FLOOR nats of a factor more than codes of other images do (`noise_floor`).
    """
    floor = noise_floor(codes, factors, seed)
    found = jackknife(lambda rows: modularity_of(counted(codes[rows], factors[rows]), floor), len(codes), seed)
    return clipped(found, 0.0, 1.0)


def noise_floor(codes: Codes, factors: Factors, seed: int = 0, shuffles: int = 10) -> Matrix:
    """FLOOR and the most that counting finds in the codes of other images, shuffled so many times, in nats for each factor, (F,)."""
    rng = np.random.default_rng(seed)
    found = [counted(rng.permutation(codes), factors).max(0) for _ in range(shuffles)]
    return np.asarray(FLOOR + np.max(found, 0))


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


def sap(codes: Codes, factors: Factors, categorical: Sequence[int] = ()) -> Estimate:
    """Separated attribute predictability: the mean over factors of `sap_matrix`'s gap.

    Without an interval: thresholds that learn from the images they are tried on score too much with few of them.
    """
    return without_interval(float(gaps(sap_matrix(codes, factors, categorical)).mean()))
