"""Walks towards more of a property: where it is a number of the code all rise, where it is none a random direction does as well."""

import numpy as np
import pytest

from vae_core.edits.uphill import STARTS, random_steps, uphill
from vae_core.errors import UserError

CODES = np.random.default_rng(0).normal(size=(400, 8)).astype(np.float32)


def test_a_property_that_is_a_number_of_the_code_rises_from_every_start():
    found = uphill(CODES, CODES[:, 2].astype(float), lambda codes: codes[:, 2].astype(float))
    assert found.starts == STARTS and found.up.value == 1 and found.change > 2
    assert 0.3 < found.beside.value < 0.7 and found.difference.low > 0.3
    assert found.difference.value == pytest.approx(found.up.value - found.beside.value)


def test_a_property_that_the_decoder_does_not_show_rises_nowhere():
    found = uphill(CODES, CODES[:, 2].astype(float), lambda codes: np.zeros(len(codes)))
    assert found.up.value == found.beside.value == found.difference.value == found.change == 0


def test_directions_that_were_learnt_from_noise_rise_as_often_as_they_fall():
    shares = [
        uphill(CODES, np.random.default_rng(seed).normal(size=400), lambda codes: codes[:, 2].astype(float)).up.value
        for seed in range(40)
    ]
    assert 0.25 < np.mean(shares) < 0.75


def test_where_nothing_is_decoded_nothing_has_risen():
    def measure(codes):
        return np.where(codes[:, 2] > 0, codes[:, 2], np.nan).astype(float)

    found = uphill(CODES, CODES[:, 2].astype(float), measure)
    assert 0.2 < found.up.value < 0.8 and np.isfinite(found.change)


def test_equal_values_have_no_direction():
    with pytest.raises(UserError, match="same value"):
        uphill(CODES, np.ones(400), lambda codes: codes[:, 2].astype(float))


def test_random_steps_are_as_long_as_the_step():
    steps = random_steps(CODES[0], 50, np.random.default_rng(0))
    assert np.allclose(np.linalg.norm(steps, axis=1), np.linalg.norm(CODES[0]), rtol=1e-5)
    assert len(np.unique(steps, axis=0)) == 50
