"""METHODS: what tells the class of all examples from the labels of a few, on codes or on pixels."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError
from vae_core.few_labels.label_propagation import Graph, neighbour_graph, propagate
from vae_core.messages import Message
from vae_core.utils.arrays import Int64

Features = NDArray[np.float32]
Probabilities = NDArray[np.float32]
NEAREST = 5  # labelled examples that vote in k neighbours, at most as many as the class with the fewest has


@dataclass(frozen=True)
class Examples:
    """Examples as features (N, D), of which a few are labelled; the graph of their neighbours is built once, when it is wanted."""

    features: Features

    @cached_property
    def graph(self) -> Graph:
        return neighbour_graph(self.features)

    @cached_property
    def standardised(self) -> Features:
        """Features with mean 0 over the examples; all are divided by one number, so that a border of pictures stays small."""
        centred = self.features - self.features.mean(0)
        return np.asarray(centred / max(float(centred.std()), 1e-12), np.float32)


def features_of(x: NDArray[np.generic]) -> Features:
    """Pictures, points or rows (N, *shape) as rows of numbers (N, D): grey levels from 0 to 1, a missing value as its column's mean."""
    flat: Features = np.asarray(x, np.float32).reshape(len(x), -1) / np.float32(255 if x.dtype == np.uint8 else 1)
    known = np.isfinite(flat)
    if known.all():
        return flat
    means = np.where(known, flat, 0).sum(0) / np.maximum(known.sum(0), 1)
    return np.where(known, flat, means).astype(np.float32)


def _propagation(examples: Examples, where: Int64, labels: Int64, classes: int) -> Probabilities:
    found = propagate(examples.graph, where, labels, classes)
    lost = np.flatnonzero(found.sum(1) == 0)
    if len(lost):  # nothing joins them to a label: they take the nearest one
        found[lost] = _vote(examples.features[lost], examples.features[where], labels, classes, 1)
    return found


def _neighbours(examples: Examples, where: Int64, labels: Int64, classes: int) -> Probabilities:
    fewest = int(np.unique(labels, return_counts=True)[1].min())
    return _vote(examples.features, examples.features[where], labels, classes, min(NEAREST, fewest))


def _vote(asked: Features, known: Features, labels: Int64, classes: int, nearest: int) -> Probabilities:
    from sklearn.neighbors import KNeighborsClassifier

    model = KNeighborsClassifier(min(nearest, len(known)), weights="distance").fit(known, labels)
    return _spread(model.predict_proba(asked), model.classes_, classes)


def _logistic(examples: Examples, where: Int64, labels: Int64, classes: int) -> Probabilities:
    from sklearn.linear_model import LogisticRegression

    if len(np.unique(labels)) < 2:
        return _spread(np.ones((len(examples.features), 1)), labels[:1], classes)
    model = LogisticRegression(max_iter=200).fit(examples.standardised[where], labels)
    return _spread(model.predict_proba(examples.standardised), model.classes_, classes)


def _spread(found: NDArray[np.floating], present: Int64, classes: int) -> Probabilities:
    """Probabilities of the classes that were seen as probabilities of all, (N, classes)."""
    every = np.zeros((len(found), classes), np.float32)
    every[:, present] = found
    return every


@dataclass(frozen=True)
class Method:
    """A classifier for few labels by the name that people see."""

    title: Message
    fit: Callable[[Examples, Int64, Int64, int], Probabilities]


METHODS = {
    "propagation": Method(Message("label propagation"), _propagation),
    "neighbours": Method(Message("k neighbours"), _neighbours),
    "logistic": Method(Message("logistic regression"), _logistic),
}


def guess(method: str, examples: Examples, where: Int64, labels: Int64, classes: int) -> Probabilities:
    """The probability of each class for every example, (N, classes), from the labels (K,) of the examples `where` (K,).

    Raises UserError where there is no label, an example or a class that does not exist, or an example with two labels.
    """
    where, labels = np.asarray(where, np.int64), np.asarray(labels, np.int64)
    if not len(where):
        raise UserError("No example has a label yet: give at least one.")
    if where.min() < 0 or where.max() >= len(examples.features) or labels.min() < 0 or labels.max() >= classes:
        raise UserError("A label names an example or a class that does not exist.")
    if len(np.unique(where)) < len(where):
        raise UserError("An example has two labels: give each example one.")
    return METHODS[method].fit(examples, where, labels, classes)


def accuracy(found: Probabilities, truth: Int64, where: Int64) -> float:
    """The share of the examples without a label whose most probable class is the true one; NaN where all have a label."""
    hidden = np.ones(len(found), bool)
    hidden[where] = False
    return float((found.argmax(1) == truth)[hidden].mean()) if hidden.any() else float("nan")
