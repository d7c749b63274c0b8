"""Directions against closed forms: a linear model whose direction is known, and what must hold for any codes."""

import numpy as np
import pytest

from vae_core.edits.directions import between, towards_more
from vae_core.errors import UserError

RNG = np.random.default_rng(0)
W = np.array([2.0, -1.0, 0.5])


def test_a_strength_of_one_leads_from_one_mean_to_the_other():
    codes = RNG.normal(size=(50, 3)).astype(np.float32)
    low, high = np.arange(20), np.arange(20, 50)
    found = between(codes, low, high)
    np.testing.assert_allclose(codes[low].mean(0) + found.step, codes[high].mean(0), atol=1e-5)
    np.testing.assert_allclose(between(codes, high, low).step, -found.step, atol=1e-6)
    assert found.change is None


def linear(noise: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """A property v and codes z = v W + noise: the slope of z on v is W."""
    v = RNG.normal(size=4000)
    return v, (v[:, None] * W + noise * RNG.normal(size=(4000, 3))).astype(np.float32)


def test_the_direction_of_a_linear_model_is_its_slope_times_the_change():
    v, z = linear(noise=0.1)
    found = towards_more(z, v)
    np.testing.assert_allclose(found.step / found.change, W, atol=0.01)
    assert found.change == pytest.approx(2 * np.sqrt(2 / np.pi), abs=0.03), "the halves of a normal are so far apart"


def test_what_belongs_to_the_class_is_no_part_of_a_direction_within_it():
    v, z = linear()
    labels = RNG.integers(0, 3, len(v))
    shifted = z + np.float32(10) * np.eye(3, dtype=np.float32)[labels]
    found = towards_more(shifted, v + 100 * labels, labels)
    np.testing.assert_allclose(found.step / found.change, W, atol=1e-3)
    assert np.abs(towards_more(shifted, v + 100 * labels).step / found.step - 1).max() > 1, "the classes would spoil it"


def test_unknown_values_are_left_out():
    v, z = linear()
    v[::2] = np.nan
    np.testing.assert_allclose(towards_more(z, v).step, towards_more(z[1::2], v[1::2]).step, atol=1e-6)


@pytest.mark.parametrize("values", [np.full(6, 7.3), np.full(6, np.nan)])
def test_a_property_that_is_the_same_everywhere_is_refused(values):
    with pytest.raises(UserError, match="same value in all"):
        towards_more(RNG.normal(size=(6, 3)).astype(np.float32), values)


def test_groups_without_a_direction_are_refused():
    codes = np.ones((4, 3), np.float32)
    with pytest.raises(UserError, match="same mean code"):
        between(codes, np.array([0, 1]), np.array([2, 3]))
    with pytest.raises(UserError, match="without images"):
        between(codes, np.array([], np.int64), np.array([2]))
