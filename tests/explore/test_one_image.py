"""The ledger of one image adds up to the terms of the bound, and its importance bounds close on ln p(x) of a closed form."""

import math

import numpy as np
import pytest
import torch

from tests.helpers.model_helpers import X, model
from tests.metrics.test_elbo_nll_bits_per_dim import linear_gaussian
from vae_core import checkpoints
from vae_core.config import ModelConfig
from vae_core.distributions.table_row import TableRow
from vae_core.explore.explorer import Explorer
from vae_core.explore.one_image.importance_bounds import importance_bounds, log_marginal
from vae_core.explore.one_image.ledger import ledger
from vae_core.explore.one_image.slopes import slopes
from vae_core.models.build import build
from vae_core.models.likelihoods import LIKELIHOODS

PICTURES = [name for name in LIKELIHOODS if name not in ("columns", "tokens")]
BUNDLED = {info.name: info for info in checkpoints.find(checkpoints.bundled())}


@pytest.mark.parametrize("likelihood", PICTURES)
def test_the_parts_add_up_to_log_p_of_the_image(likelihood):
    vae = model(likelihood=likelihood)
    with torch.no_grad():
        p = vae.decode(torch.randn(8, 3))
        parts = vae.likelihood.log_prob_of_parts(p, X)
        torch.testing.assert_close(parts.flatten(1).sum(1), p.log_prob(X), rtol=1e-5, atol=1e-4)
    assert parts.shape == X.shape


def test_the_columns_of_a_row_add_up_and_a_missing_one_counts_nothing():
    vae = build(
        ModelConfig(shape=(6,), columns=(1, 3, 1), missing=(2,), latent_dim=2, hidden=(8,), likelihood="columns")
    )
    x = torch.tensor([[0.5, 0, 1, 0, 0.0, 1.0], [0.5, 0, 1, 0, -1.0, 0.0]])
    with torch.no_grad():
        p = vae.decode(torch.zeros(2, 2))
    assert isinstance(p, TableRow)
    parts = vae.likelihood.log_prob_of_parts(p, x)
    torch.testing.assert_close(parts.sum(1), p.log_prob(x))
    assert parts.shape == (2, 3) and parts[0, 2] == 0 and parts[1, 2] != 0


@pytest.mark.parametrize("name", ["digits-vae-2d", "mnist-beta-10d", "points-moons", "digits-ae-2d"])
def test_the_sums_are_the_numbers_that_the_stage_prints(name):
    opened = Explorer.open(BUNDLED[name].folder)
    x = opened.decode(opened.latents.mean[3:4])[0]
    mean, _ = opened.encode(x[None])
    distortion, kl = opened.terms(x, mean[0])
    found = opened.ledger(x)
    assert found.distortion == pytest.approx(distortion, abs=1e-3) and found.by_pixel.shape == opened.shape
    assert not found.is_sampled
    if kl is None:
        assert found.by_dimension.size == 0 and found.rate == 0 and opened.bounds(x) == ([], None)
    else:
        np.testing.assert_allclose(found.by_dimension, kl, atol=1e-5)


@pytest.mark.parametrize("likelihood", ["bernoulli", "continuous_bernoulli", "gaussian", "pixelcnn"])
def test_slopes_are_columns_of_the_jacobian(likelihood):
    vae = model(likelihood=likelihood).eval()
    z = torch.tensor([[0.3, -1.0, 0.7]])
    whole = torch.func.jacrev(lambda code: vae.decode(code).mean)(z)[0, ..., 0, :].movedim(-1, 0)
    torch.testing.assert_close(slopes(vae, z, None, [2, 0]), whole[[2, 0]], rtol=1e-4, atol=1e-6)


def test_a_rate_without_a_closed_form_is_said_to_be_sampled():
    found = ledger(model(prior="mixture"), X[:1], None)
    assert found.is_sampled and found.by_dimension.shape == (1,) and math.isfinite(found.rate)


def test_the_bounds_close_on_the_likelihood_of_a_linear_gaussian():
    vae, split, each = linear_gaussian(off=0.5)
    x, truth = split.x[:1], -each[0].item()
    found = {bound.k: bound for bound in importance_bounds(vae, x, None, samples=10_000)}
    assert found[1].mean < truth - 0.1  # the ELBO of a moved posterior
    assert found[1].mean < found[5].mean < found[50].mean < truth + 0.02
    assert found[5000].mean == pytest.approx(truth, abs=0.05) and found[5000].repeats == 2
    assert found[1].deviation > found[50].deviation > found[1000].deviation
    assert log_marginal(vae, x, None) == pytest.approx(truth, abs=1e-3)


def test_the_quadrature_of_a_two_number_code_agrees_with_the_bound():
    opened = Explorer.open(BUNDLED["digits-vae-2d"].folder)
    bounds, truth = opened.bounds(opened.decode(opened.latents.mean[:1])[0])
    assert truth == pytest.approx(bounds[-1].mean, abs=0.05) and bounds[0].mean < truth
    assert log_marginal(model(), X[:1], None) is None  # three numbers: no grid
