"""Cross-validated scores of a predictor on codes, on the data themselves, and on PCA with as many numbers as the code.

The score is the accuracy of a class, or R2 of a number. Folds of the same examples depend on each other, so that no interval whose
coverage is known is at hand: the lowest and the highest fold are given instead.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError
from vae_core.features.feature_table import FeatureTable
from vae_core.features.predictors import PREDICTORS, Predictor
from vae_core.features.targets import Target, Values
from vae_core.few_labels.classifiers import Features
from vae_core.utils.arrays import Int64

PLACES = ("codes", "raw", "pca")
FOLDS = 5
MOST = 5000  # examples that are learnt from and judged
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Score:
    """The scores of the folds of one predictor, learning from one kind of features of `examples` examples."""

    predictor: str
    place: str
    folds: tuple[float, ...]
    examples: int

    @property
    def mean(self) -> float:
        return mean(self.folds)


def subset(table: FeatureTable, target: Target) -> Int64:
    """The rows that are judged, none of which the model was trained on: of the test split those with a value, at most MOST."""
    known = np.asarray(table.known[target.name], np.float64)
    return np.flatnonzero((table.split == "test") & np.isfinite(known))[:MOST]


def folds(known: Values, kind: str) -> Any:
    """The splits of cross-validation; raises UserError where there are too few examples."""
    from sklearn.model_selection import KFold, StratifiedKFold

    fewest = int(np.unique(known, return_counts=True)[1].min()) if kind == "class" else len(known)
    if fewest < 2 or len(np.unique(known)) < 2:
        raise UserError("Too few examples: each class needs at least two in the test split, and a number two values.")
    splitter = StratifiedKFold if kind == "class" else KFold
    return splitter(min(FOLDS, fewest), shuffle=True, random_state=0)


def compare(
    table: FeatureTable, target: Target, names: list[str], progress: Progress = lambda share: None
) -> Iterator[Score]:
    """The scores of the named predictors on each kind of features, as they come; raises UserError for one of another kind."""
    from sklearn.model_selection import cross_val_score

    rows = subset(table, target)
    known, size = table.known[target.name][rows], table.codes.shape[1]
    splits = folds(known, target.kind) if len(rows) else folds(np.zeros(0), "number")
    steps = [(name, place) for name in names for place in PLACES]
    for number, (name, place) in enumerate(steps):
        model = estimator(_suited(name, target), place, size)
        found: NDArray[np.float64] = cross_val_score(model, inputs(table, place)[rows], known, cv=splits)
        progress((number + 1) / len(steps))
        yield Score(name, place, tuple(float(one) for one in found), len(rows))


def _suited(name: str, target: Target) -> Predictor:
    if name not in PREDICTORS or PREDICTORS[name].kind != target.kind:
        raise UserError("'{name}' cannot predict the target '{target}'.", name=name, target=target.name)
    return PREDICTORS[name]


def inputs(table: FeatureTable, place: str) -> Features:
    """What a predictor learns from, (N, L) or (N, D)."""
    return table.codes if place == "codes" else table.raw


def estimator(predictor: Predictor, place: str, size: int) -> Any:
    """The predictor, after PCA of `size` numbers where that is asked for; PCA is fitted anew in each fold."""
    if place != "pca":
        return predictor.make()
    from sklearn.decomposition import PCA
    from sklearn.pipeline import make_pipeline

    return make_pipeline(PCA(size, random_state=0), predictor.make())
