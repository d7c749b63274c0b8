"""Moments without a closed form: they match very many samples, are repeatable and do not depend on the batch."""

import pytest
import torch
from torch import Generator

from vae_core.config import ModelConfig
from vae_core.distributions.moments import sobol_noise
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.models.posteriors import POSTERIORS

NAMES = ("planar", "autoregressive", "ladder")


def bent(name, size=2, batch=3, spread=1.0):
    """A posterior with doubled weights, so that it is clearly not normal, and raw outputs for it."""
    torch.manual_seed(1)
    module = POSTERIORS[name](ModelConfig(latent_dim=size, posterior=name)).requires_grad_(False)
    for values in module.parameters():
        values.mul_(2)
    return module, spread * torch.randn(batch, module.outputs, generator=Generator().manual_seed(4))


@pytest.mark.parametrize(("size", "spread"), [(2, 0.5), (2, 1.0), (8, 0.5)])
@pytest.mark.parametrize("name", NAMES)
def test_the_variance_is_accurate_to_two_percent(name, size, spread):
    module, raw = bent(name, size, spread=spread)
    q, noise, total, squares = module(raw), Generator().manual_seed(0), 0.0, 0.0
    for _ in range(20):
        z = sample(q, noise, (10_000,)).double()
        total, squares = total + z.sum(0), squares + z.square().sum(0)
    mean = total / 200_000
    variance = squares / 200_000 - mean.square()
    torch.testing.assert_close(q.variance.double(), variance, rtol=0.02, atol=0)
    assert ((q.mean - mean).abs() < 0.05 * variance.sqrt()).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_moments_of_an_image_do_not_depend_on_the_batch(name):
    """Large batches are computed in parts, so that memory does not grow with the number of samples."""
    module, raw = bent(name, batch=300)
    many, one = module(raw), module(raw[7:8])
    torch.testing.assert_close(many.mean[7:8], one.mean, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(many.variance[7:8], one.variance, rtol=1e-4, atol=1e-6)
    assert torch.equal(many.variance, many.variance)


@pytest.mark.parametrize("size", [1, 2, 20])
def test_sobol_noise_has_mean_zero_and_unit_covariance(size):
    eps = sobol_noise(512, size)
    torch.testing.assert_close(eps.mean(0), torch.zeros(size).double(), atol=1e-12, rtol=0)
    torch.testing.assert_close(eps.t() @ eps / 512, torch.eye(size).double(), atol=1e-10, rtol=0)
    module = POSTERIORS["planar"](ModelConfig(latent_dim=size, posterior="planar"))
    raw = torch.zeros(1, module.outputs)
    raw[:, :size], raw[:, size : 2 * size] = 1000.0, -4.0  # far from zero, narrow, and no plane bends it
    q = module(raw)
    torch.testing.assert_close(q.mean, torch.full((1, size), 1000.0))
    torch.testing.assert_close(q.stddev, torch.full((1, size), torch.tensor(-2.0).exp().item()), rtol=1e-3, atol=0)


def test_codes_with_more_dimensions_than_samples_have_moments_too():
    module, raw = bent("autoregressive", size=300, batch=2)
    q = module(raw)
    assert q.mean.isfinite().all() and (q.variance > 0).all()
