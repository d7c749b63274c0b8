"""The true posterior on a grid against closed forms, and against the bound that the bundled models report."""

from functools import partial

import numpy as np
import pytest
import torch
from torch.distributions import MultivariateNormal

from vae_core import checkpoints
from vae_core.data import load
from vae_core.explore.explorer import Explorer
from vae_core.explore.plane_figures.true_posterior import true_posterior

WINDOW = (-4.0, 4.0, -4.0, 4.0)


def linear_gaussian(noise: float):
    """x = W z + noise, of three numbers: ln p(x, z), the exact p(z|x), and ln p(x)."""
    weights, x = torch.tensor([[1.0, 0.4], [-0.3, 0.8], [0.5, 0.5]]).double(), torch.tensor([0.9, -0.4, 0.3]).double()
    precision = torch.eye(2).double() + weights.T @ weights / noise**2
    exact = MultivariateNormal(precision.inverse() @ weights.T @ x / noise**2, precision_matrix=precision)
    marginal = MultivariateNormal(torch.zeros(3).double(), weights @ weights.T + noise**2 * torch.eye(3).double())

    def log_joint(z):
        codes = torch.from_numpy(np.asarray(z, np.float64))
        noisy = MultivariateNormal(codes @ weights.T, noise**2 * torch.eye(3).double())
        return (
            noisy.log_prob(x) + MultivariateNormal(torch.zeros(2).double(), torch.eye(2).double()).log_prob(codes)
        ).numpy()

    return log_joint, exact, float(marginal.log_prob(x))


@pytest.mark.parametrize("noise", [1.0, 0.1, 0.01])
def test_evidence_and_gap_are_those_of_a_linear_gaussian_model(noise):
    log_joint, exact, log_evidence = linear_gaussian(noise)
    mean = exact.mean.numpy() + 0.7 * noise
    scale = 1.3 * exact.stddev.numpy()
    found = true_posterior(log_joint, mean, scale, WINDOW)
    q = MultivariateNormal(torch.from_numpy(mean), torch.diag(torch.from_numpy(scale**2)))
    gap = float(torch.distributions.kl_divergence(q, exact))
    assert found.log_evidence == pytest.approx(log_evidence, abs=1e-4)
    assert found.gap == pytest.approx(gap, abs=2e-3 * max(1, gap))
    assert found.gap == pytest.approx(found.log_evidence - found.elbo, abs=1e-6)
    centres, masses = found.grid.centres, found.masses.ravel()
    np.testing.assert_allclose(masses @ centres, exact.mean.numpy(), atol=1e-3)
    assert masses.sum() == pytest.approx(1.0, abs=1e-9)


def test_the_encoder_at_the_true_posterior_has_no_gap():
    def log_joint(z):  # x = 0 under the identity with unit noise: p(z|x) = N(0, 1/2)
        return -0.5 * np.square(z).sum(1) - 0.5 * np.square(z).sum(1)

    found = true_posterior(log_joint, np.zeros(2), np.full(2, np.sqrt(0.5)), WINDOW)
    assert abs(found.gap) < 1e-5


def test_both_modes_of_a_posterior_are_in_the_window():
    def log_joint(z):
        return np.logaddexp(-0.5 * np.square((z - [2, 0]) / 0.1).sum(1), -0.5 * np.square((z + [2, 0]) / 0.1).sum(1))

    found = true_posterior(log_joint, np.array([2.0, 0.0]), np.full(2, 0.1), WINDOW)
    assert found.gap == pytest.approx(np.log(2), abs=1e-3)  # q misses one of two equal modes
    assert found.masses[:, : found.grid.columns // 2].sum() == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize("name", ["digits-vae-2d", "points-moons"])
def test_the_bound_on_the_grid_is_the_model_s_own(name):
    model = Explorer.open(checkpoints.bundled() / name)
    images = load(model.info.run.data).test.x.numpy()
    for index in (0, 2):
        joint = partial(model.log_joint, images[index])
        found = true_posterior(joint, model.latents.mean[index], model.latents.scale[index], WINDOW)
        sampled = model.analyse(images[index], draws=4000)
        assert found.elbo == pytest.approx(sampled.elbo, abs=0.1)
        assert found.gap == pytest.approx(found.log_evidence - found.elbo, abs=1e-5) and found.gap > 0
        _, integrated = model.bounds(images[index])  # by another quadrature
        assert found.log_evidence == pytest.approx(integrated, abs=0.02)
