"""A property predicted from the code, to draw it over the map: a regressor that learns from half of the codes, judged on the others."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from vae_core.edits.directions import Numbers
from vae_core.errors import UserError
from vae_core.explore.nearest_codes import Codes
from vae_core.features.predictors import PREDICTORS
from vae_core.metrics.confidence_intervals import Estimate, jackknife
from vae_core.utils.arrays import Int64

CANDIDATES = ("ridge", "neighbours-regressor")  # whose predictions over a plane are fast
FEWEST, MOST, FOLDS = 20, 5000, 5  # examples, of which half are learnt from


@dataclass(frozen=True)
class Regression:
    """`predictor` is one of CANDIDATES; `r2` is that of its predictions of `judged` examples, of which it has learnt none."""

    predictor: str
    r2: Estimate
    judged: int
    fitted: Any

    def predict(self, codes: Codes) -> Numbers:
        """The property at each code (N, L), (N,), in its own unit."""
        return np.asarray(self.fitted.predict(codes), np.float64)


def regression(codes: Codes, values: Numbers, seed: int = 0) -> Regression:
    """Learn the values (N,) of a property from codes (N, L), where they are known; half of at most MOST are held out.

    The predictor is the one of CANDIDATES with the largest R2 in cross-validation among the codes that are learnt from.
    R2 = 1 - sum (v - predicted)^2 / sum (v - mean v)^2 has the jackknife's interval over the examples held out.
    Raises UserError for fewer than FEWEST known values, or where they do not differ.
    """
    from sklearn.model_selection import KFold, cross_val_score

    known = np.random.default_rng(seed).permutation(np.flatnonzero(np.isfinite(values)))[:MOST]
    learnt, held = known[: len(known) // 2], known[len(known) // 2 :]
    if len(known) < FEWEST or any(np.ptp(values[part]) <= 1e-9 * np.abs(values[part]).max() for part in (learnt, held)):
        raise UserError(
            "This property is known of too few examples, or the same in all, so nothing can be learnt: choose another."
        )
    folds = KFold(FOLDS, shuffle=True, random_state=seed)
    scores = {
        name: cross_val_score(PREDICTORS[name].make(), codes[learnt], values[learnt], cv=folds, scoring="r2").mean()
        for name in CANDIDATES
    }
    best = max(scores, key=lambda name: scores[name])
    fitted = PREDICTORS[best].make().fit(codes[learnt], values[learnt])
    v, predicted = values[held], np.asarray(fitted.predict(codes[held]), np.float64)

    def r2(rows: Int64) -> float:
        return float(1 - np.square(v[rows] - predicted[rows]).sum() / np.square(v[rows] - v[rows].mean()).sum())

    return Regression(best, jackknife(r2, len(held), seed), len(held), fitted)
