"""A property learnt from codes: R2 against what is known of it, and what cannot be learnt."""

import numpy as np
import pytest
from sklearn.metrics import r2_score

from vae_core.edits.regression import CANDIDATES, MOST, regression
from vae_core.errors import UserError

NOISE = np.random.default_rng(0)
CODES = NOISE.normal(size=(3000, 4)).astype(np.float32)


def test_a_linear_property_is_learnt_as_well_as_its_noise_allows():
    values = (
        2.0 * CODES[:, 1] - CODES[:, 3] + NOISE.normal(size=len(CODES))
    )  # 5 of 6 parts of the variance are the code's
    found = regression(CODES, values)
    assert found.predictor == "ridge" and found.judged == 1500
    assert found.r2.low < 5 / 6 < found.r2.high and found.r2.margin < 0.05
    fresh = NOISE.normal(size=(2000, 4)).astype(np.float32)
    assert r2_score(2.0 * fresh[:, 1] - fresh[:, 3], found.predict(fresh)) > 0.99


def test_a_ring_is_learnt_by_neighbours():
    found = regression(CODES[:, :2], np.hypot(*CODES[:, :2].T.astype(float)))
    assert found.predictor == "neighbours-regressor" and found.r2.value > 0.9


def test_noise_cannot_be_predicted_and_that_is_said():
    found = regression(CODES, NOISE.normal(size=len(CODES)))
    assert found.r2.low < 0.02 and found.r2.value < 0.05


def test_values_that_are_not_known_are_left_out():
    values = CODES[:, 0].astype(float)
    values[::2] = np.nan
    found = regression(CODES, values)
    assert found.judged == 750 and found.r2.value > 0.99 and found.predictor in CANDIDATES
    many = NOISE.normal(size=(2 * MOST, 1)).astype(np.float32)
    assert regression(many, many[:, 0].astype(float)).judged == MOST // 2


@pytest.mark.parametrize(
    "values", [np.full(3000, 2.5), np.full(3000, np.nan), np.where(np.arange(3000) < 10, 1.0, np.nan)]
)
def test_what_cannot_be_learnt_is_refused(values):
    with pytest.raises(UserError, match="too few examples, or the same"):
        regression(CODES, values)
