"""The FactorVAE and beta-VAE scores: from codes of images that share the value of one factor, a classifier predicts the factor."""

import numpy as np

from vae_core.errors import UserError
from vae_core.metrics.confidence_intervals import Estimate, without_interval
from vae_core.metrics.factors.mutual_information import Codes, Factors, Matrix
from vae_core.utils.arrays import Int64

Rng = np.random.Generator


def factorvae(
    codes: Codes, factors: Factors, votes: int = 800, batch: int = 64, floor: float = 0.01, seed: int = 0
) -> Estimate:
    """The FactorVAE score (Kim and Mnih 2018, arXiv:1802.05983, sec. 4), a share in [0, 1] whose chance level is about 1 / F.

    A vote takes `batch` images that share the value of one factor, and the dimension whose variance among them is smallest relative to
    its variance over all images. A majority vote maps each dimension to a factor, and its accuracy is measured on as many new votes.
    There is no interval, since all votes come from the same images. Dimensions whose variance is below `floor` times the largest are
    left out, as the paper leaves out collapsed dimensions.
    """
    rng = np.random.default_rng(seed)
    spread = np.asarray(codes, np.float64).var(0)
    used = np.flatnonzero(spread > floor * spread.max())
    if not len(used):
        return without_interval(0.0)
    groups = _groups(factors)
    table = np.zeros((len(used), factors.shape[1]))
    named = [_vote(codes[:, used], spread[used], groups, batch, rng) for _ in range(2 * votes)]
    for dimension, factor in named[:votes]:
        table[dimension, factor] += 1
    rule = table.argmax(1)
    return without_interval(float(np.mean([rule[dimension] == factor for dimension, factor in named[votes:]])))


def betavae(codes: Codes, factors: Factors, points: int = 500, batch: int = 64, seed: int = 0) -> Estimate:
    """The beta-VAE score (Higgins et al. 2017, ICLR, sec. 3), a share in [0, 1] whose chance level is 1 / F.

    A point is the mean of |z - z'| over `batch` pairs of images that share the value of one factor. A linear classifier learns the
    factor from `points` points and is tested on as many new ones; no interval, as for `factorvae`. Dimensions have unit variance.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rng = np.random.default_rng(seed)
    scaled = np.asarray(codes, np.float64) / np.maximum(np.asarray(codes).std(0), 1e-9)
    groups = _groups(factors)
    x, y = zip(*(_difference(scaled, groups, batch, rng) for _ in range(2 * points)), strict=True)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(np.stack(x[:points]), np.array(y[:points]))
    return without_interval(float(np.mean(model.predict(np.stack(x[points:])) == np.array(y[points:]))))


Groups = list[list[Int64]]


def _groups(factors: Factors) -> Groups:
    """The rows of each value of each factor that at least two images have; raises UserError where a factor has no such value."""
    groups = [[rows for v in np.unique(column) if len(rows := np.flatnonzero(column == v)) > 1] for column in factors.T]
    if not all(groups):
        raise UserError("Each factor needs a value that at least two images have: give more images.")
    return groups


def _rows(groups: Groups, count: int, rng: Rng) -> tuple[Int64, int]:
    """`count` rows that share the value of one factor, with uniformly drawn factor and value, and the index of the factor."""
    factor = int(rng.integers(len(groups)))
    rows = groups[factor][int(rng.integers(len(groups[factor])))]
    return rng.choice(rows, count), factor


def _vote(codes: Codes, spread: Matrix, groups: Groups, batch: int, rng: Rng) -> tuple[int, int]:
    rows, factor = _rows(groups, batch, rng)
    return int((codes[rows].var(0, ddof=1) / spread).argmin()), factor


def _difference(codes: Codes, groups: Groups, batch: int, rng: Rng) -> tuple[Matrix, int]:
    factor = int(rng.integers(len(groups)))
    kinds = groups[factor]
    picked = [rng.choice(kinds[int(kind)], 2) for kind in rng.integers(len(kinds), size=batch)]
    first, second = np.array(picked).T
    return np.asarray(np.abs(codes[first] - codes[second]).mean(0)), factor
