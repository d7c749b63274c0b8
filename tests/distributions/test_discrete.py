"""Discrete codes: probabilities, gradients of relaxed samples, codebook updates and resets of dead entries."""

import math
from itertools import product

import numpy as np
import pytest
import torch
from torch import Generator

from vae_core.config import ModelConfig
from vae_core.distributions.gumbel_softmax import OneHotGroups
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.distributions.vector_quantisation import Codebook
from vae_core.errors import UserError
from vae_core.metrics.codebook_usage import perplexity, usage_shares
from vae_core.models.build import build
from vae_core.objectives import OBJECTIVES, Elbo, StepContext
from vae_core.objectives.jointvae_vqvae import JointVae, VqVae
from vae_core.presets.run_config import RunConfig

X = torch.rand(16, 1, 4, 4, generator=Generator().manual_seed(5))


def noise(seed=0):
    return Generator().manual_seed(seed)


def model(**changes):
    start = {"shape": (1, 4, 4), "latent_dim": 8, "hidden": (16,), "discrete": 2, "categories": 3}
    return build(ModelConfig(**{**start, **changes}), seed=0)


def joint():
    return model(posterior="discrete", prior="discrete")


def quantised():
    return model(posterior="quantised", prior="codebook")


def test_samples_have_the_probabilities_of_the_logits():
    q = OneHotGroups(torch.randn(1, 2, 3, generator=noise()))
    every = torch.stack([torch.cat([torch.eye(3)[a], torch.eye(3)[b]]) for a, b in product(range(3), repeat=2)])
    torch.testing.assert_close(q.log_prob(every.unsqueeze(1)).exp().sum(0), torch.ones(1))
    z = sample(q, noise(1), (20_000,))
    assert set(z.unique().tolist()) == {0.0, 1.0}
    torch.testing.assert_close(z.mean(0), q.mean, atol=0.02, rtol=0)
    exact = (q.log_prob(z) + 2 * math.log(3)).mean()
    torch.testing.assert_close(q.kl_to_uniform().sum(), exact, atol=0.03, rtol=0)


def test_relaxed_samples_near_zero_temperature_are_one_hot_and_have_a_gradient():
    logits = torch.randn(5, 2, 3, generator=noise(), requires_grad=True)
    exact, cold, warm = (sample(OneHotGroups(logits, t), noise(3)) for t in (None, 1e-3, 1.0))
    torch.testing.assert_close(cold, exact, atol=1e-2, rtol=0)
    torch.testing.assert_close(warm.unflatten(-1, (2, 3)).sum(-1), torch.ones(5, 2))
    warm.square().sum().backward()
    assert logits.grad.abs().sum() > 0


def test_samples_are_relaxed_in_training_and_one_hot_in_evaluation():
    vae = joint()
    soft, hard = (sample(vae.train(mode).encode(X), noise())[:, 2:] for mode in (True, False))
    assert ((soft > 0.01) & (soft < 0.99)).any() and set(hard.unique().tolist()) == {0.0, 1.0}


def test_the_joint_loss_penalises_the_distance_of_each_rate_to_its_capacity():
    vae = joint()
    terms = JointVae(gamma=3, capacity=4, choices=9, rise=0.5)(vae, X, None, StepContext(0.25, noise()))
    assert terms.kl.shape == (2 + 2,)
    numbers, choices = terms.kl[:2].sum(), terms.kl[2:].sum()
    expected = terms.distortion + 3 * ((numbers - 2).abs() + (choices - 0.5 * 2 * math.log(3)).abs())
    assert terms.loss.item() == pytest.approx(expected.item(), rel=1e-6)


def test_a_codebook_returns_the_nearest_entry_and_moves_it_to_its_vectors():
    torch.manual_seed(0)
    book = Codebook(4, 2).eval()
    parts = torch.randn(50, 2, generator=noise())
    code, indices = book(parts)
    nearest = (parts[:, None] - book.entries).square().sum(-1).argmin(1)
    assert torch.equal(indices, nearest) and torch.equal(code, book.entries[nearest])
    before = book.entries.clone()
    book(parts)
    assert torch.equal(before, book.entries)
    centres = torch.tensor([[5.0, 5.0], [-5.0, 5.0], [5.0, -5.0], [-5.0, -5.0]])
    book.train()
    for step in range(600):
        book(centres.repeat(10, 1) + 0.1 * torch.randn(40, 2, generator=noise(step)))
    assert torch.cdist(centres, book.entries).min(1).values.max() < 0.2


def test_dead_entries_are_reset_to_vectors_of_the_batch():
    book = Codebook(8, 2)
    book.entries[1:] = 1000.0
    book.sums = book.entries.clone()
    for step in range(600):
        book(torch.randn(64, 2, generator=noise(step)))
    assert book.entries.abs().max() < 5
    _, used = book(torch.randn(500, 2, generator=noise()))
    assert len(used.unique()) == 8


def test_a_quantised_code_has_straight_through_gradients_and_a_rate():
    vae = quantised().eval()
    q = vae.encode(X)
    book = vae.posterior.codebook
    torch.testing.assert_close(q.mean, book.entries[q.indices].flatten(1))
    terms = VqVae(beta=0.5)(vae, X, None, StepContext(0.5, noise()))
    assert terms.rate.item() == pytest.approx(2 * math.log(3)) and terms.kl.shape == (2,)
    raw = vae.encoder(X)
    distance = (raw - q.mean.detach()).square().sum(1).mean()
    assert terms.loss.item() == pytest.approx((terms.distortion + 0.5 * distance).item(), rel=1e-5)
    terms.loss.backward()
    assert all(p.grad.abs().sum() > 0 for p in vae.parameters())
    assert [name for name, _ in vae.named_parameters() if "codebook" in name] == []
    assert {name for name in vae.state_dict() if "codebook" in name} == {
        f"posterior.codebook.{name}" for name in ("entries", "sums", "uses", "batches")
    }


def test_perplexity_of_uniform_and_uneven_use():
    even, one = np.arange(400).reshape(100, 4) % 8, np.full((100, 4), 5)
    assert perplexity(even, 16).value == pytest.approx(8, abs=0.05) and perplexity(one, 16).value == pytest.approx(1)
    halves = np.where(np.arange(100)[:, None] < 50, 0, 1 + even)  # half of all on one entry, half even over eight
    expected = math.exp(0.5 * math.log(2) + 0.5 * math.log(16))
    found = perplexity(halves, 16)
    assert found.value == pytest.approx(expected, abs=0.1) and found.low < expected < found.high
    assert usage_shares(halves, 16).sum() == pytest.approx(1) and usage_shares(halves, 16)[0] == 0.5


@pytest.mark.parametrize(
    ("objective", "changes", "says"),
    [
        ("joint", {}, "needs a discrete code"),
        ("quantised", {}, "needs a codebook"),
        ("elbo", {"posterior": "quantised"}, "choose the objective 'quantised'"),
        ("iwae", {"posterior": "discrete"}, "choose the objective 'elbo'"),
        ("dip", {"posterior": "discrete"}, "choose posterior='normal'"),
    ],
)
def test_incompatible_objectives_and_discrete_codes_are_refused(objective, changes, says):
    with pytest.raises(UserError, match=says):
        RunConfig(model=ModelConfig(**changes), objective=OBJECTIVES[objective]())


def test_the_elbo_trains_discrete_codes_too():
    terms = Elbo()(joint(), X, None, StepContext(0.5, noise()))
    assert terms.elbo.item() == pytest.approx(-(terms.distortion + terms.kl.sum()).item())


def test_a_training_step_decodes_the_entries_before_it_updates_them():
    vae = quantised().train()
    before = vae.posterior.codebook.entries.clone()
    q = vae.encode(X)
    torch.testing.assert_close(q.mean, before[q.indices].flatten(1))
    assert (vae.posterior.codebook.entries - before).abs().max() > 1e-3  # else nothing could be told apart
    raw = vae.encoder(X)
    nearest = (raw.unflatten(1, (2, 1, 4)) - before).square().sum(-1).min(-1).values.sum(1)
    torch.testing.assert_close(q.commitment, nearest)
