"""How right a method is with a number of labels: the mean and the range of several draws of the examples that have them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

import numpy as np

from vae_core.errors import UserError
from vae_core.few_labels.classifiers import Examples, accuracy, guess
from vae_core.utils.arrays import Int64

DRAWS = 10
PER_CLASS = (1, 2, 3, 5, 10)


@dataclass(frozen=True)
class Point:
    """The accuracies of the draws with `labels` labels in all."""

    labels: int
    accuracies: tuple[float, ...]

    @property
    def mean(self) -> float:
        return mean(self.accuracies)


def draw(truth: Int64, per_class: int, seed: int) -> Int64:
    """So many examples of each class at random, (K,); raises UserError where a class has too few to leave one without a label."""
    random = np.random.default_rng(seed)
    groups = [np.flatnonzero(truth == label) for label in np.unique(truth)]
    if min(map(len, groups)) <= per_class:
        raise UserError("A class has too few examples for {count} labels: give fewer labels.", count=per_class)
    return np.concatenate([random.choice(group, per_class, replace=False) for group in groups])


def curve(
    method: str, examples: Examples, truth: Int64, classes: int, sizes: Sequence[int] = PER_CLASS, draws: int = DRAWS
) -> list[Point]:
    """The accuracy of all others by the number of labels, for those `sizes` (labels of each class) that the classes suffice for."""
    present = np.unique(truth, return_counts=True)[1]
    return [
        Point(size * len(present), tuple(_one(method, examples, truth, classes, size, seed) for seed in range(draws)))
        for size in sizes
        if size < present.min()
    ]


def _one(method: str, examples: Examples, truth: Int64, classes: int, size: int, seed: int) -> float:
    where = draw(truth, size, seed)
    return accuracy(guess(method, examples, where, truth[where], classes), truth, where)
