"""Hierarchical codes: the two-level prior, the ladder's product of normals, and the exact rate."""

import pytest
import torch
from torch import Generator
from torch.distributions import kl_divergence

from vae_core.config import ModelConfig
from vae_core.distributions.hierarchical import HierarchicalNormal, product_of_normals
from vae_core.distributions.normal_and_point import DiagonalNormal
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.models.build import build
from vae_core.objectives import Elbo, StepContext, importance_weights

X = torch.rand(16, 1, 4, 4, generator=Generator().manual_seed(5))


def noise(seed=0):
    return Generator().manual_seed(seed)


def model(posterior="ladder", **changes):
    start = {"shape": (1, 4, 4), "latent_dim": 5, "hidden": (16,), "prior": "two_levels"}
    vae = build(ModelConfig(**{**start, **changes}, posterior=posterior), seed=0)
    with torch.no_grad():  # untrained layers say the same of every code: make the levels and the pictures differ
        for layer in vae.prior_module._below[0].layers[::2]:
            layer.weight.mul_(2)
        vae.encoder.layers[-1].weight.mul_(3)
    return vae


@pytest.mark.parametrize("posterior", ["normal", "ladder"])
def test_the_kl_of_the_lower_level_is_conditional_on_the_upper_one(posterior):
    vae = model(posterior)
    q = vae.encode(X[:1])
    z = sample(q, noise(), (40_000,))
    with torch.no_grad():
        closed = vae.kl(q, z)
        drawn = q.log_prob(z) - vae.prior().log_prob(z)
    assert closed.shape == (40_000, 1, 5) and (closed >= 0).all()
    assert closed[..., 2:].sum(-1).std() > 0.05  # else the lower half would not depend on the upper one
    difference = drawn - closed.sum(-1)
    assert abs(difference.mean()) < 5 * difference.std() / 200


def test_the_kl_of_the_upper_level_is_that_of_a_plain_normal_code():
    vae, plain = model("normal"), build(ModelConfig(shape=(1, 4, 4), latent_dim=5, hidden=(16,)), 0)
    q = DiagonalNormal(torch.randn(3, 5), torch.rand(3, 5) + 0.1)
    torch.testing.assert_close(vae.kl(q, q.mean)[:, :2], plain.kl(q, q.mean)[:, :2])


def test_the_product_of_two_normals_is_proportional_to_their_densities():
    one, two = (DiagonalNormal(torch.randn(4, generator=noise(seed)), torch.rand(4) + 0.2) for seed in (1, 2))
    both, z = product_of_normals(one, two), torch.randn(50, 4, generator=noise())
    ratio = one.log_prob(z) + two.log_prob(z) - both.log_prob(z)
    torch.testing.assert_close(ratio, ratio[:1].expand(50), atol=1e-3, rtol=1e-4)
    known = product_of_normals(
        DiagonalNormal(torch.tensor([0.0]), torch.tensor([1.0])),
        DiagonalNormal(torch.tensor([5.0]), torch.tensor([0.5])),
    )
    torch.testing.assert_close(known.mean, torch.tensor([4.0]))
    torch.testing.assert_close(known.stddev, torch.tensor([0.2**0.5]))


def test_the_ladders_lower_level_combines_encoder_and_prior():
    vae = model()
    q, p = vae.encode(X), vae.prior()
    assert isinstance(q, HierarchicalNormal)
    upper = sample(q, noise())[:, :2]
    with torch.no_grad():
        said, drawn, expected = DiagonalNormal(*_normals(vae)), q.lower(upper), p.lower(upper)
        assert (drawn.stddev < torch.minimum(expected.stddev, said.stddev)).all()
        low, high = torch.minimum(expected.mean, said.mean), torch.maximum(expected.mean, said.mean)
        assert ((drawn.mean >= low - 1e-5) & (drawn.mean <= high + 1e-5)).all()
        vae.encoder.layers[-1].bias[7:] = 8.0  # an encoder that knows nothing of the lower half leaves it to the prior
        vae.encoder.layers[-1].weight[7:] = 0.0
        q = vae.encode(X)
        assert kl_divergence(q.lower(upper).base_dist, p.lower(upper).base_dist).max() < 1e-4


def _normals(vae):
    mean, log_variance = vae.encoder(X).chunk(2, -1)
    return mean[:, 2:], (0.5 * log_variance[:, 2:]).exp()


def test_posterior_and_prior_share_their_layers_once():
    vae = model()
    assert len([name for name in vae.state_dict() if "below" in name]) == 6
    terms = Elbo()(vae, X, None, StepContext(0.5, noise()))
    terms.loss.backward()
    assert all(p.grad.abs().sum() > 0 for p in vae.parameters())
    assert terms.kl.shape == (5,) and terms.rate.item() == pytest.approx(terms.kl.sum().item())


def test_moments_match_many_samples_and_are_repeatable():
    vae = model().eval()
    with torch.no_grad():
        for q in (vae.encode(X[:3]), vae.prior()):
            z = sample(q, noise(), (40_000,))
            torch.testing.assert_close(z.mean(0), q.mean, atol=0.05, rtol=0.01)
            torch.testing.assert_close(z.std(0), q.stddev, atol=0.05, rtol=0.05)
            assert torch.equal(q.mean, q.mean)
    assert torch.equal(vae.reconstruct(X), vae.reconstruct(X))


def test_the_mean_log_weight_is_the_elbo_and_the_bound_grows_with_samples():
    vae = model().eval()
    x = X[:1]
    with torch.no_grad():
        q = vae.encode(x)
        log_w = importance_weights.draw(vae, x, None, q, 40_000, noise(1)).log_w.flatten()
        z = sample(q, noise(2), (40_000,))
        terms = vae.log_likelihood(x, z).flatten() - vae.kl(q, z).sum(-1).flatten()
    assert abs(log_w.mean() - terms.mean()) < 5 * (log_w.var() + terms.var()).sqrt() / 200
    bounds = [(log_w.unflatten(0, (-1, k)).logsumexp(1) - torch.tensor(k).log()).mean() for k in (1, 10, 100)]
    assert bounds[0] < bounds[1] < bounds[2]


def test_a_ladder_posterior_integrates_to_one():
    vae = model(latent_dim=2)
    line = torch.linspace(-12, 12, 481)
    z = torch.stack(torch.meshgrid(line, line, indexing="ij"), -1).reshape(-1, 1, 2)
    with torch.no_grad():
        total = (vae.encode(X[:3]).log_prob(z).exp() * (line[1] - line[0]) ** 2).sum(0)
    torch.testing.assert_close(total, torch.ones(3), atol=0.01, rtol=0)


def test_a_ladders_decoder_sees_the_lower_level_only():
    vae, z = model().eval(), torch.randn(4, 5, generator=noise())
    moved = z + torch.tensor([1.0, 1.0, 0.0, 0.0, 0.0])
    assert torch.equal(vae.decode(z).mean, vae.decode(moved).mean)
    assert not torch.allclose(vae.decode(z).mean, vae.decode(z + 1).mean)
