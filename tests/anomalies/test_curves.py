"""Thresholds, and bands that hold the true curve as often as they say."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import average_precision_score, roc_auc_score

from vae_core.anomalies.curves import Counts, average_precision, counts, precision_recall, roc
from vae_core.errors import UserError

RNG = np.random.default_rng(0)
STRANGE = np.arange(200) < 50
SCORES = np.round(RNG.normal(size=200) + 1.2 * STRANGE, 1)  # rounded: many are equal


def test_a_threshold_counts_each_example_once():
    found = counts(np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, True, False, True]), 2.0)
    assert found == Counts(found=1, missed=1, false_alarms=1, passed=1)


def test_curves_agree_with_scikit_learn():
    curve = roc(SCORES, STRANGE)
    assert np.trapezoid(curve.y, curve.x) == pytest.approx(roc_auc_score(STRANGE, SCORES))
    assert average_precision(SCORES, STRANGE) == pytest.approx(average_precision_score(STRANGE, SCORES))
    for found in (curve, precision_recall(SCORES, STRANGE)):
        assert (found.low <= found.y + 1e-12).all() and (found.y <= found.high + 1e-12).all()
        assert (found.low >= 0).all() and (found.high <= 1).all()


def test_a_long_curve_is_thinned_without_its_ends():
    strange = RNG.random(5000) < 0.2
    curve = roc(RNG.normal(size=5000), strange)
    assert len(curve.x) <= 200 and (curve.x[0], curve.x[-1]) == (0.0, 1.0)


def test_bands_hold_the_true_curve():
    """Two unit normals, 1.5 apart: the true share found at a share flagged, and the true precision at a share found, are known."""
    held = {"roc": 0, "precision": 0}
    strange, at, times = np.arange(120) < 40, 0.2, 300
    recall = 1 - norm.cdf(norm.ppf(1 - at) - 1.5)
    wrong = 1 - norm.cdf(norm.ppf(1 - recall) + 1.5)
    precision = recall / (recall + 2 * wrong)  # two normal examples for each anomaly
    for seed in range(times):
        scores = np.random.default_rng(seed).normal(size=120) + 1.5 * strange
        held["roc"] += _holds(roc(scores, strange), at, recall)
        held["precision"] += _holds(precision_recall(scores, strange), recall, precision)
    assert min(held.values()) >= 0.95 * times


def _holds(curve, x, y):
    """Whether the band around x holds y; between two thresholds it is the wider of the two."""
    near = [max(0, np.searchsorted(curve.x, x) - 1), min(len(curve.x) - 1, np.searchsorted(curve.x, x))]
    return curve.low[near].min() <= y <= curve.high[near].max()


def test_a_curve_needs_both_kinds():
    with pytest.raises(UserError, match="normal examples and anomalies"):
        roc(np.zeros(3), np.ones(3, bool))
