"""Pixel densities: every likelihood integrates to one for any raw output, and the continuous Bernoulli is exact everywhere."""

from itertools import product

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, Independent, constraints

from vae_core.axes.names import ON_LEVELS
from vae_core.config import ModelConfig
from vae_core.distributions.pixels.bernoulli_pixels import BernoulliPixels
from vae_core.distributions.pixels.continuous_bernoulli import HALF_LEVEL, NEAR, ContinuousBernoulli, logit_of
from vae_core.distributions.pixels.hyperbolic_secant import HyperbolicSecant
from vae_core.models.build import build
from vae_core.models.likelihoods import LIKELIHOODS

SIDES = [0.0, 1e-30, 1e-8, 1e-4, 0.01, 0.3, NEAR * 0.999999, NEAR * 1.000001, 2, 6, 15.9, 16, 30, 88, 89, 188, 500]
LOGITS = torch.tensor(sorted({sign * size for sign, size in product((1, -1), SIDES)}), dtype=torch.float64)


def panels(ends):
    """Gauss-Legendre quadrature on the panels between `ends`: nodes and weights in float64."""
    x, w = (torch.from_numpy(part) for part in np.polynomial.legendre.leggauss(20))
    half = torch.as_tensor(ends, dtype=torch.float64).diff().unsqueeze(1) / 2
    centre = torch.as_tensor(ends, dtype=torch.float64)[:-1].unsqueeze(1) + half
    return (centre + half * x).flatten(), (half * w).flatten()


UNIT = panels(np.linspace(0, 1, 65))
LINE = panels(np.concatenate([np.linspace(-60, 0, 61), np.linspace(0, 60, 61)[1:]]))  # in units of sigma, a kink at 0


def integrals(logits):
    """ln of the integral of exp(l x) over [0, 1], and mean and variance of that density, for logits (N,), by quadrature."""
    x, w = UNIT
    exponent = logits.double().unsqueeze(1) * x
    top = exponent.max(1, keepdim=True).values
    mass = w * (exponent - top).exp()
    log_z = mass.sum(1).log() + top.squeeze(1)
    share = mass / mass.sum(1, keepdim=True)
    mean = (share * x).sum(1)
    return log_z, mean, (share * (x - mean.unsqueeze(1)).square()).sum(1)


def total(p, raw, sigma, parts):
    """The sum or integral of a pixel's density over its support."""
    if p.support is constraints.boolean:
        x, w = torch.tensor([0.0, 1.0]).double(), torch.ones(2).double()
        return (w.unsqueeze(1) * p.log_prob(x.unsqueeze(1)).exp()).sum(0)
    if p.support is constraints.unit_interval:
        x, w = UNIT
        return (w.unsqueeze(1) * p.log_prob(x.unsqueeze(1)).exp()).sum(0)
    u, w = parts
    return (sigma * w.unsqueeze(1) * p.log_prob(raw + sigma * u.unsqueeze(1)).exp()).sum(0)


@pytest.mark.parametrize("sigma", [1e-3, 0.2, 100.0])
@pytest.mark.parametrize("name", [name for name, kind in LIKELIHOODS.items() if kind.independent])
def test_every_likelihood_integrates_to_one_for_any_raw_output(name, sigma):
    raw = torch.cat([torch.linspace(-500, 500, 41, dtype=torch.float64), LOGITS])
    likelihood = LIKELIHOODS[name](ModelConfig(shape=(1,), sigma=sigma, likelihood=name)).double()
    p = likelihood.pixels(every_raw(raw, likelihood.raw_numbers))
    found = p.log_masses().exp().sum(-1) if name in ON_LEVELS else total(p, raw, sigma, LINE)
    torch.testing.assert_close(found, torch.ones_like(found), atol=1e-6, rtol=0)


def every_raw(raw, numbers):
    """Raw numbers of pixels: each of `raw` for one number; for more, each beside others chosen at random."""
    if numbers == 1:
        return raw
    chosen = torch.randint(len(raw), (numbers, 4 * len(raw)), generator=torch.Generator().manual_seed(0))
    chosen[0] = torch.arange(4 * len(raw)) % len(raw)
    return raw[chosen].unsqueeze(0)


@pytest.mark.parametrize("size", [0.0, 3.0, 500.0])
def test_autoregressive_pixel_probabilities_sum_to_one(size):
    vae = build(ModelConfig(shape=(1, 2, 2), latent_dim=1, hidden=(), likelihood="pixelcnn"), seed=0)
    every = torch.tensor(list(product([0.0, 1.0], repeat=4))).reshape(16, 1, 2, 2)
    raw = size * torch.tensor([1.0, -1.0, 0.3, 0.0]).reshape(1, 1, 2, 2)
    with torch.no_grad():
        assert vae.likelihood(raw.expand(16, 1, 2, 2)).log_prob(every).exp().sum().item() == pytest.approx(1, abs=1e-6)


def test_the_continuous_bernoulli_and_its_gradient_are_exact_from_logit_minus_500_to_500():
    """float32 compared with quadrature in float64: there is no clamping, and no loss of precision near logit 0."""
    logits = LOGITS.float().requires_grad_()
    x = torch.tensor([0.5 / 255, 0.01, 0.3, 0.5, 0.9, 0.998])
    log_z, mean, _ = integrals(logits.detach())
    found = ContinuousBernoulli(logits.unsqueeze(1)).log_prob(x)
    torch.testing.assert_close(
        found.double(), logits.detach().double()[:, None] * x.double() - log_z[:, None], atol=1e-6, rtol=1e-6
    )
    for each, value in zip(x, found.t(), strict=True):
        (slope,) = torch.autograd.grad(value.sum(), logits, retain_graph=True)
        torch.testing.assert_close(slope.double(), each.double() - mean, atol=5e-7, rtol=0)


def test_its_mean_variance_and_their_gradients_are_exact():
    logits = LOGITS.float().requires_grad_()
    _, mean, variance = integrals(logits.detach())
    p = ContinuousBernoulli(logits)
    torch.testing.assert_close(p.mean.double(), mean, atol=2e-7, rtol=0)
    torch.testing.assert_close(p.variance.double(), variance, atol=0, rtol=2e-6)
    (slope,) = torch.autograd.grad(p.mean.sum(), logits)
    torch.testing.assert_close(slope.double(), variance, atol=0, rtol=5e-6)  # the variance of an exponential family


def test_its_float32_density_integrates_to_one_within_a_millionth():
    """Nodes from the end where the density is: near the other, float32 has no room between 1 and the last number before it."""
    x, w = (part.float() for part in panels(np.concatenate([[0], np.geomspace(1e-4, 1, 60)])))
    density = ContinuousBernoulli(-LOGITS.abs().float().unsqueeze(1)).log_prob(x).exp()
    torch.testing.assert_close((density * w).double().sum(1), torch.ones(len(LOGITS)).double(), atol=1e-6, rtol=0)


def test_pixels_of_0_and_1_are_moved_inward_by_half_a_level():
    """The density at exactly 0 and 1 is bounded for any logit, and largest at the logit of half a grey level."""
    for black, inward in ((0.0, HALF_LEVEL), (1.0, 1 - HALF_LEVEL)):
        logits = torch.linspace(-2000, 2000, 4001).requires_grad_()
        found = ContinuousBernoulli(logits).log_prob(torch.tensor(black))
        torch.testing.assert_close(found, ContinuousBernoulli(logits).log_prob(torch.tensor(inward)))
        (slope,) = torch.autograd.grad(found.sum(), logits)
        assert found.isfinite().all() and slope.isfinite().all()
        assert abs(abs(logits[found.argmax()].item()) - 510) <= 2
    level = torch.arange(1, 255) / 255  # no other grey level is moved
    torch.testing.assert_close(
        ContinuousBernoulli(torch.tensor(2.0)).log_prob(level).diff(), torch.full((253,), 2 / 255), atol=1e-5, rtol=0
    )


def test_samples_have_its_mean_and_variance():
    torch.manual_seed(0)
    p = ContinuousBernoulli(torch.tensor([-500.0, -20.0, -1.0, 0.0, 1e-4, 3.0, 100.0]))
    x = p.sample((40_000,))
    assert x.shape == (40_000, 7) and x.min() >= 0 and x.max() <= 1
    assert ((x.mean(0) - p.mean).abs() < 5 * p.stddev / 200).all()
    torch.testing.assert_close(x.var(0), p.variance, rtol=0.05, atol=0)


def test_a_decoders_bias_starts_at_the_logit_of_the_mean():
    mean = torch.tensor([HALF_LEVEL, 0.01, 0.2, 0.4999, 0.5, 0.7, 0.99, 1 - HALF_LEVEL])
    torch.testing.assert_close(ContinuousBernoulli(logit_of(mean)).mean, mean, atol=1e-6, rtol=1e-5)


def test_bernoulli_pixels_are_those_of_torch_with_their_gradient():
    logits = torch.linspace(-200, 200, 24, dtype=torch.float64).reshape(2, 1, 3, 4).requires_grad_()
    x = torch.rand(5, 2, 1, 3, 4, dtype=torch.float64)  # several images for each of the two
    ours, theirs = BernoulliPixels(logits), Independent(Bernoulli(logits=logits, validate_args=False), 3)
    assert (ours.batch_shape, ours.event_shape) == ((2,), (1, 3, 4))
    torch.testing.assert_close(ours.mean, theirs.mean)
    both = [p.log_prob(x) for p in (ours, theirs)]
    torch.testing.assert_close(*both)
    torch.testing.assert_close(*(torch.autograd.grad(found.sum(), logits)[0] for found in both))


def test_hyperbolic_secant_samples_are_finite():
    """These numbers of torch.rand contain a zero, whose quantile is minus infinity."""
    torch.manual_seed(84)
    assert (torch.rand(2**18) == 0).any()
    torch.manual_seed(84)
    assert HyperbolicSecant(torch.zeros(2**18), torch.tensor(1.0)).sample().isfinite().all()
