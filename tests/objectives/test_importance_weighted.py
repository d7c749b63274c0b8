"""Importance-weighted bounds: known values, their order, and gradients computed by hand."""

import numpy as np
import pytest
import torch

from tests.helpers.model_helpers import X, assert_close, gradients, model, step_context
from vae_core.models.posteriors import DiagonalNormal, sample
from vae_core.objectives import Elbo
from vae_core.objectives.importance_weighted import Ciwae, Dreg, Iwae, Miwae, Piwae


def exact_posterior():
    """A linear-Gaussian VAE with its true posterior: every importance weight is p(x) itself."""
    vae = model(latent_dim=2, hidden=(), likelihood="gaussian", sigma=0.5)
    with torch.no_grad():
        w, b = vae.decoder.layers[0].weight.double(), vae.decoder.layers[0].bias.double()
        w[:, 1] -= w[:, 0] * (w[:, 0] @ w[:, 1]) / (w[:, 0] @ w[:, 0])  # orthogonal columns: a diagonal posterior
        vae.decoder.layers[0].weight.copy_(w)
        precision = torch.eye(2) + w.t() @ w / 0.25
        mean = torch.linalg.solve(precision, w.t() / 0.25)
        layer = vae.encoder.layers[0]
        layer.weight.copy_(torch.cat([mean, torch.zeros(2, 16)]))
        layer.bias.copy_(torch.cat([-mean @ b, -precision.diagonal().log()]))
    evidence = torch.distributions.MultivariateNormal(b, w @ w.t() + 0.25 * torch.eye(16))
    return vae, evidence.log_prob(X.flatten(1).double()).mean().item()


@pytest.mark.parametrize("objective", [Iwae(samples=7), Miwae(), Ciwae(), Piwae(), Dreg()], ids=lambda o: o.name)
def test_every_importance_weighted_bound_is_the_evidence_at_the_true_posterior(objective):
    vae, evidence = exact_posterior()
    assert -objective(vae, X, None, step_context()).loss.item() == pytest.approx(evidence, abs=1e-3)


def test_one_sample_gives_the_elbo_under_the_same_noise():
    vae = model()
    terms = Iwae(samples=1)(vae, X, None, step_context(3))
    q = vae.encode(X)
    z = sample(q, step_context(3).noise, (1,))[0]
    rate = (q.log_prob(z) - vae.prior().log_prob(z)).mean()
    assert terms.loss.item() == pytest.approx(
        (Elbo()(vae, X, None, step_context(3)).distortion + rate).item(), rel=1e-5
    )
    for other in (Miwae(samples=1, groups=1), Ciwae(samples=1, beta=0.3), Dreg(samples=1), Piwae(samples=1, groups=1)):
        assert other(vae, X, None, step_context(3)).loss.item() == pytest.approx(terms.loss.item(), rel=1e-5)


def test_more_samples_give_a_tighter_bound_and_the_same_elbo():
    vae = model()
    losses = [
        np.mean([Iwae(samples=k)(vae, X, None, step_context(seed)).loss.item() for seed in range(30)])
        for k in (1, 5, 50)
    ]
    assert losses[0] > losses[1] > losses[2]
    elbos = [
        np.mean([o(vae, X, None, step_context(seed)).elbo.item() for seed in range(30)])
        for o in (Iwae(samples=50), Elbo())
    ]
    assert elbos[0] == pytest.approx(elbos[1], abs=0.2)


def test_ciwae_lies_between_elbo_and_iwae_and_reaches_both_ends():
    vae = model()
    iwae = gradients(vae, Iwae())
    ends = [gradients(vae, Ciwae(beta=beta)) for beta in (0.0, 1.0)]
    assert ends[0][0].loss.item() == pytest.approx(iwae[0].loss.item(), rel=1e-6)
    assert_close(ends[0][1], iwae[1], "")
    elbo = gradients(vae, Miwae(samples=1, groups=5))
    assert ends[1][0].loss.item() == pytest.approx(elbo[0].loss.item(), rel=1e-6)
    assert_close(ends[1][1], elbo[1], "")


def test_piwae_trains_the_decoder_as_iwae_and_the_encoder_as_miwae():
    vae = model()
    mine, iwae, miwae = (gradients(vae, o)[1] for o in (Piwae(), Iwae(samples=20), Miwae()))
    assert_close(mine, iwae, "decoder")
    assert_close(mine, miwae, "encoder")


def test_dreg_is_the_doubly_reparameterised_formula_worked_out_by_hand():
    vae = model()
    terms, mine = gradients(vae, Dreg(samples=6))
    iwae_terms, iwae = gradients(vae, Iwae(samples=6))
    assert terms.loss.item() == pytest.approx(iwae_terms.loss.item(), rel=1e-6)
    assert_close(mine, iwae, "decoder")

    raw = vae.encoder(X).detach().requires_grad_()
    q = vae.posterior(raw)
    fixed = DiagonalNormal(q.mean.detach(), q.stddev.detach())
    eps = torch.randn(6, 8, 3, generator=step_context().noise)
    z = (fixed.mean + fixed.stddev * eps).requires_grad_()
    log_w = vae.log_likelihood(X, z) + vae.prior().log_prob(z) - fixed.log_prob(z)
    (slope,) = torch.autograd.grad(log_w.sum(), z)
    twice = log_w.detach().softmax(0).square().unsqueeze(-1) * slope  # (K, B, L)
    expected = torch.cat([twice.sum(0), (twice * eps * fixed.stddev / 2).sum(0)], 1) / -8
    vae.zero_grad()
    vae.encoder(X).backward(expected)
    assert_close(mine, {name: p.grad for name, p in vae.named_parameters()}, "encoder")


def test_dregs_gradient_has_iwaes_expectation_and_less_variance():
    vae = model()
    found = {
        o.name: torch.stack([gradients(vae, o, seed)[1]["encoder.layers.2.bias"] for seed in range(400)])
        for o in (Dreg(samples=20), Iwae(samples=20))
    }
    error = (found["dreg"].var(0) / 400 + found["iwae"].var(0) / 400).sqrt()
    assert ((found["dreg"].mean(0) - found["iwae"].mean(0)).abs() < 5 * error).all()
    assert found["dreg"].var(0).sum() < 0.5 * found["iwae"].var(0).sum()
