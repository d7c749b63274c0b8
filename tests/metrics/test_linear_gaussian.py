"""Figures against known answers: the linear-Gaussian VAE, whose likelihood has a closed form."""

import pytest
import torch
from torch import Generator

from tests.metrics.test_elbo_nll_bits_per_dim import linear_gaussian
from vae_core.config import ModelConfig
from vae_core.data import Split
from vae_core.metrics import bound, evaluate, nll, posterior_of
from vae_core.models.build import build


def test_at_the_true_posterior_every_bound_equals_the_likelihood():
    vae, split, each = linear_gaussian()
    truth = each.mean().item()
    for samples in (1, 10):
        assert nll(vae, split, samples=samples) == pytest.approx(truth, abs=1e-4)
    distortion, kl = bound(vae, split)
    assert distortion + kl.sum().item() == pytest.approx(truth, abs=0.05)  # analytic KL, one sample of z


def test_the_elbo_is_below_and_importance_samples_close_the_gap():
    vae, split, each = linear_gaussian(off=0.5)
    truth = each.mean().item()
    values = [nll(vae, split, samples=k) for k in (1, 5, 50, 2000)]
    assert values[0] > values[1] > values[2] > truth - 0.01
    assert values[0] - truth > 0.1
    assert values[3] == pytest.approx(truth, abs=0.01)


def test_one_importance_sample_is_the_elbo():
    vae, split, _ = linear_gaussian(off=0.3)
    by_weights = sum(nll(vae, split, samples=1, seed=s) for s in range(40)) / 40
    figures = [evaluate(vae, split, seed=s) for s in range(40)]
    assert by_weights == pytest.approx(-sum(f["elbo"] for f in figures) / 40, abs=0.03)


def test_chunks_of_samples_do_not_change_the_estimate():
    vae, split, _ = linear_gaussian(off=0.5)
    small = Split(split.x[:7], split.labels[:7])
    said = []
    value = nll(vae, small, samples=9001, progress=said.append)  # three chunks of samples
    assert value == pytest.approx(nll(vae, small, samples=3001), abs=0.05)
    assert said[-1] == 1.0


def test_figures_add_up_and_repeat():
    vae, split, _ = linear_gaussian()
    figures = evaluate(vae, split, nll_samples=5)
    assert figures == evaluate(vae, split, nll_samples=5)
    assert figures["elbo"] == pytest.approx(-(figures["distortion"] + figures["rate"]))
    assert figures["rate"] >= 0 and figures["active_units"] == 1 and figures["images"] == len(split)
    mean, _ = posterior_of(vae, split)
    expected = (vae.decode(mean).mean - split.x).square().mean().item()
    assert figures["mse"] == pytest.approx(expected, rel=1e-5)


def test_a_collapsed_dimension_is_inactive_with_zero_kl():
    vae = build(ModelConfig(shape=(1, 4, 4), latent_dim=3, hidden=()))
    with torch.no_grad():
        vae.encoder.layers[0].weight[[1, 4]] = 0
        vae.encoder.layers[0].bias[[1, 4]] = 0
    split = Split(
        torch.randint(0, 256, (200, 1, 4, 4), dtype=torch.uint8, generator=Generator().manual_seed(0)),
        torch.zeros(200).long(),
    )
    _, kl = bound(vae, split)
    assert kl[1] == pytest.approx(0, abs=1e-6) and kl[0] > 0.001
    assert evaluate(vae, split)["active_units"] == 2


def test_dynamic_targets_are_drawn_the_same_way_each_time():
    vae = build(ModelConfig(shape=(1, 4, 4), hidden=()), seed=0)
    split = Split(torch.full((50, 1, 4, 4), 128, dtype=torch.uint8), torch.zeros(50).long())
    assert evaluate(vae, split, "dynamic") == evaluate(vae, split, "dynamic")
    assert evaluate(vae, split, "dynamic")["mse"] > evaluate(vae, split, "grey")["mse"]


def test_a_plain_autoencoder_has_no_bound():
    vae = build(ModelConfig(shape=(1, 4, 4), hidden=(), posterior="point"))
    split = Split(torch.zeros(20, 1, 4, 4, dtype=torch.uint8), torch.zeros(20).long())
    figures = evaluate(vae, split, nll_samples=3)
    assert figures["elbo"] is figures["rate"] is figures["nll"] is None and figures["distortion"] > 0
