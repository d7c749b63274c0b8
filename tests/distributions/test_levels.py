"""Masses on 256 levels against scipy and differences of the logistic function; integer frequencies that an entropy coder can use."""

import numpy as np
import pytest
import scipy.special
import scipy.stats
import torch

from vae_core.distributions.levels.beta_binomial import BetaBinomial
from vae_core.distributions.levels.coding_frequencies import (
    STEP,
    beta_binomial_frequencies,
    level_numbers,
    logistic_frequencies,
    portable_exp,
    rounded,
)
from vae_core.distributions.levels.logistic_mixture import LogisticMixture, centre_of, mean_of
from vae_core.errors import UserError

LEVEL = np.arange(256)
GRID = torch.linspace(-14, 11, 11, dtype=torch.float64)


def beta_binomials(dtype=torch.float64):
    return BetaBinomial(*(part.to(dtype) for part in torch.meshgrid(GRID, GRID, indexing="ij")))


def mixtures(dtype=torch.float64, count=300, seed=0):
    """Three logistics a pixel, with scales from a tenth of a level to 400 levels and means far outside [0, 1] too."""
    logits, means, log_scales = torch.randn(3, 3, count, generator=torch.Generator().manual_seed(seed), dtype=dtype)
    return LogisticMixture(2 * logits, 0.5 + means, 5 * log_scales)


def test_the_beta_binomial_is_scipys():
    p = beta_binomials()
    expected = scipy.stats.betabinom(255, p.alpha.numpy()[..., None], p.beta.numpy()[..., None])
    np.testing.assert_allclose(p.log_masses(), expected.logpmf(LEVEL), rtol=0, atol=3e-7)
    np.testing.assert_allclose(p.mean, expected.mean()[..., 0] / 255, rtol=1e-9)
    np.testing.assert_allclose(p.variance, expected.var()[..., 0] / 255**2, rtol=1e-6)
    torch.testing.assert_close(p.log_masses().exp().sum(-1), torch.ones_like(p.alpha), rtol=0, atol=3e-7)
    single = beta_binomials(torch.float32).log_masses()
    torch.testing.assert_close(single.double().exp().sum(-1), torch.ones_like(p.alpha), rtol=0, atol=2e-4)


def test_a_mixture_of_logistics_is_a_difference_of_distribution_functions():
    p = mixtures()
    ends = (np.arange(257) - 0.5)[:, None, None]
    below = scipy.special.expit((ends - p.centres.numpy()) / p.scales.numpy())
    below[0], below[-1] = 0, 1
    expected = (p.log_weights.exp().numpy() * np.diff(below, axis=0)).sum(1).T
    np.testing.assert_allclose(p.log_masses().exp(), expected, rtol=0, atol=1e-13)
    torch.testing.assert_close(p.log_masses().exp().sum(-1), torch.ones(300).double(), rtol=0, atol=1e-12)
    single = mixtures(torch.float32).log_masses().exp().double()
    torch.testing.assert_close(single.sum(-1), torch.ones(300).double(), rtol=0, atol=1e-6)
    exact = (p.log_masses().exp() * torch.from_numpy(LEVEL) / 255).sum(-1)
    torch.testing.assert_close(p.mean, exact, rtol=0, atol=0.25 / 255)


@pytest.mark.parametrize("make", [beta_binomials, mixtures])
def test_samples_have_the_mean_and_variance(make):
    torch.manual_seed(0)
    p = make(torch.float32)
    x = p.sample((4000,))
    level = 255 * x
    assert (level - level.round()).abs().max() < 1e-3 and x.min() >= 0 and x.max() <= 1
    assert ((x.mean(0) - p.mean).abs() < 5 * (p.variance / 4000).sqrt() + 0.25 / 255).all()


@pytest.mark.parametrize("make", [BetaBinomial, lambda *parts: LogisticMixture(*torch.stack(parts).chunk(3))])
def test_slopes_are_those_of_the_masses(make):
    noise = torch.Generator().manual_seed(0)
    given = [
        (3 * torch.randn(40, generator=noise)).double().requires_grad_()
        for _ in range(2 if make is BetaBinomial else 6)
    ]
    level = torch.tensor([0, 255, *range(1, 250, 7), 3, 9]).double()
    assert torch.autograd.gradcheck(lambda *parts: make(*parts).log_mass(level), given, atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("raw", [-1e4, -30.0, 0.0, 30.0, 1e4])
@pytest.mark.parametrize("x", [0.0, 128 / 255, 1.0])
def test_masses_and_gradients_are_finite_at_the_extremes(raw, x):
    for make, count in ((BetaBinomial, 2), (lambda *parts: LogisticMixture(*torch.stack(parts).chunk(3)), 6)):
        for others in (-20.0, 0.0, 20.0):
            given = [torch.tensor([value], requires_grad=True) for value in [raw, *[others] * (count - 1)]]
            found = make(*given).log_prob(torch.tensor([x]))
            found.sum().backward()
            assert found.isfinite().all() and all(one.grad.isfinite().all() for one in given)


def test_a_value_between_levels_counts_as_a_random_one_of_both():
    p = beta_binomials()
    at, below, above = (p.log_prob(torch.tensor(level / 255).double()) for level in (30.25, 30, 31))
    torch.testing.assert_close(at, 0.75 * below + 0.25 * above)
    torch.testing.assert_close(below, p.log_masses()[..., 30], rtol=1e-5, atol=0)


def test_the_centre_of_a_mean_has_that_mean():
    mean, scale = torch.tensor([0.001, 0.1, 0.5, 0.98]).double(), torch.tensor([0.1, 1, 40, 400]).double()
    torch.testing.assert_close(mean_of(centre_of(mean, scale), scale), mean, rtol=1e-9, atol=0)


def frequencies(bits):
    p, q = beta_binomials(), mixtures()
    first = beta_binomial_frequencies(p.alpha.flatten().numpy(), p.beta.flatten().numpy(), bits)
    second = logistic_frequencies(3 * q.log_weights.exp().numpy(), q.centres.numpy(), q.scales.numpy(), bits)
    masses = [each.log_masses().reshape(-1, 256).exp().numpy() for each in (p, q)]
    return np.concatenate([first, second]), np.concatenate(masses)


@pytest.mark.parametrize("bits", [16, 24])
def test_frequencies_are_positive_integers_with_the_sum_and_the_masses(bits):
    found, masses = frequencies(bits)
    counts = np.diff(found)
    assert found.dtype == np.int64 and (found[:, 0] == 0).all() and (found[:, -1] == 2**bits).all()
    assert counts.min() >= 1
    np.testing.assert_allclose(counts / 2**bits, masses, rtol=0, atol=257 / 2**bits)


def test_frequencies_cost_what_the_masses_say():
    found, masses = frequencies(24)
    shares = np.diff(found) / 2**24
    excess = (masses * np.log2(np.maximum(masses, 1e-300) / shares)).sum(1)
    assert excess.min() > -1e-9 and excess.max() < 3e-5


def test_a_pixel_s_frequencies_do_not_depend_on_the_others():
    p = beta_binomials()
    alpha, beta = p.alpha.flatten().numpy(), p.beta.flatten().numpy()
    whole = beta_binomial_frequencies(alpha, beta)
    alone = [beta_binomial_frequencies(alpha[i : i + 1], beta[i : i + 1]) for i in range(len(alpha))]
    assert np.array_equal(whole, np.concatenate(alone))


def test_the_portable_exp_is_exp():
    x = np.linspace(-690, 690, 20_001)
    np.testing.assert_allclose(portable_exp(x), np.exp(x), rtol=1e-15)
    assert portable_exp(0.0) == 1


def test_levels_and_rounded_numbers():
    assert level_numbers(torch.arange(256) / 255).tolist() == list(range(256))
    for x in (0.3 / 255, 1.01, -1 / 255):
        with pytest.raises(UserError, match="none of the 256 levels"):
            level_numbers(torch.tensor([0.0, x]))
    steps = rounded(torch.tensor([0.0, STEP, -1.5, 1e30]))
    assert steps.dtype == np.int32 and steps[:3].tolist() == [0, 1, -1.5 / STEP]
