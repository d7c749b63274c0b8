"""The frequencies of codes and pixels are those of the distributions they stand for, and the tables are exact."""

import math

import numpy as np
from scipy.stats import norm

from vae_core.compression.ans_stack import TOTAL
from vae_core.compression.code_frequencies import GRID, LARGEST, REACH, posterior, prior, reach
from vae_core.compression.exact_functions import FURTHEST, STEPS, exponential_masses, logistic
from vae_core.compression.pixel_frequencies import BernoulliPixels


def test_the_tables_are_the_functions():
    index = np.arange(FURTHEST * STEPS + 1)
    assert np.abs(exponential_masses(TOTAL) - TOTAL * np.exp(-index / STEPS)).max() <= 0.5 + 1e-6
    both = np.concatenate([-index, index, [10**12, -(10**12)]])
    np.testing.assert_allclose(
        logistic(both), 1 / (1 + np.exp(-np.clip(both, -index[-1], index[-1]) / STEPS)), rtol=0, atol=2e-16
    )


def test_the_prior_is_a_standard_normal_on_the_grid():
    for coarseness in range(6):
        z = np.arange(-reach(coarseness), reach(coarseness) + 1) * 2**coarseness / GRID
        wanted = norm.pdf(z) * 2**coarseness / GRID
        assert np.abs((prior(coarseness) + 1) / TOTAL - wanted).max() < 2e-3 * wanted.max()
    assert len(prior()) == 2 * LARGEST + 1


def test_q_is_a_normal_with_the_networks_mean_and_variance():
    mean, log_variance = np.meshgrid(np.linspace(-7, 7, 29), np.linspace(-6, 0, 13))
    raw = np.rint(256 * np.stack([mean.ravel(), log_variance.ravel()], 1)).astype(np.int64)
    q = posterior(raw)
    share = (q.rows + 1) / TOTAL
    z = (q.middle + np.arange(-REACH, REACH + 1)) / GRID
    found = (share * z).sum(1)
    spread = np.sqrt((share * (z - found[:, None]) ** 2).sum(1))
    assert np.abs(found - mean.ravel()).max() < 1 / 256 + 1e-3
    assert np.abs(np.log(spread) - log_variance.ravel() / 2).max() < 1 / 16


def test_outputs_of_any_size_give_codes_that_the_prior_has():
    q = posterior(np.array([[10**9, -(10**9), 10**9, -(10**9)], [-(10**9), 10**9, -(10**9), 10**9]]))
    lowest, highest = q.grid(np.zeros(4, np.int64)), q.grid(np.full(4, 2 * REACH))
    assert lowest.min() == -LARGEST and highest.max() == LARGEST
    assert np.array_equal(q.symbols(highest), np.full(4, 2 * REACH))


def test_a_pixel_is_white_with_the_logistic_of_its_output():
    raw = np.array([-(10**9), -4096, -256, 0, 256, 2560, 10**9])
    white = (BernoulliPixels()(raw)[:, 1] + 1) / TOTAL
    wanted = [1 / (1 + math.exp(-min(max(one / 256, -16), 16))) for one in raw]
    np.testing.assert_allclose(white, wanted, rtol=0, atol=1 / TOTAL)
