"""Accuracy of neighbours and of a linear probe on codes whose classes are known."""

import math

import numpy as np
import pytest

from vae_core.errors import UserError
from vae_core.metrics.classification import knn_accuracy, probe_accuracy

RNG = np.random.default_rng(0)


def clouds(count: int, distance: float, seed: int):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count)
    return rng.normal(size=(count, 2)) + distance * labels[:, None], labels


@pytest.mark.parametrize("accuracy", [knn_accuracy, probe_accuracy])
def test_accuracy_of_clouds(accuracy):
    apart = accuracy(*clouds(300, 12.0, 0), *clouds(200, 12.0, 1))
    assert apart.value == 1.0 and apart.low > 0.97
    mixed = accuracy(*clouds(300, 0.0, 0), *clouds(400, 0.0, 1))
    assert mixed.low < 0.5 < mixed.high
    best = 0.5 * (1 + math.erf(2.0 / 2))  # two unit clouds 2 * sqrt(2) apart
    assert accuracy(*clouds(3000, 2.0, 0), *clouds(2000, 2.0, 1)).value == pytest.approx(best, abs=0.03)


def test_neighbours_classify_a_ring_and_a_linear_probe_does_not():
    z = RNG.normal(size=(1200, 2))
    labels = (np.linalg.norm(z, axis=1) > 1.2).astype(int)
    arrays = (z[:800], labels[:800], z[800:], labels[800:])
    assert knn_accuracy(*arrays).value > 0.93 > 0.7 > probe_accuracy(*arrays).value
    with pytest.raises(UserError, match="two labels"):
        probe_accuracy(z, np.zeros(1200), z, np.zeros(1200))
