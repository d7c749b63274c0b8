"""A model of pairs: products of experts, missing parts, bounds and objectives, each against another way to the same number."""

import math
from itertools import product as combinations_of

import numpy as np
import pytest
import torch
from torch import Generator
from torch.distributions import MultivariateNormal, Normal, kl_divergence

from vae_core.config import ModelConfig
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.errors import UserError
from vae_core.metrics.pairs.bounds import conditional_bound, joint_bound
from vae_core.models.build import build
from vae_core.models.pairs.distributions import Words
from vae_core.models.pairs.experts import product
from vae_core.models.pairs.pair_vae import PairVAE
from vae_core.models.posteriors import DiagonalNormal
from vae_core.models.vae import VAE
from vae_core.objectives import Elbo, StepContext
from vae_core.objectives.pairs.mvae_mmvae_mopoe_jmvae import Jmvae, Mmvae, Mopoe, Mvae

SETS = [("picture",), ("words",), ("picture", "words")]
X = torch.rand(6, 1, 4, 4, generator=Generator().manual_seed(5))
Y = torch.tensor([[0, 1], [2, 0], [1, 1], [0, 0], [2, 1], [1, 0]])
PARTS = {"picture": X, "words": Y}


def model(seed=0, **changes):
    settings = {"shape": (1, 4, 4), "latent_dim": 3, "hidden": (16,), "words": (3, 2), **changes}
    vae = build(ModelConfig(**settings), seed)
    assert isinstance(vae, PairVAE)
    return vae


def context(seed=0):
    return StepContext(0.5, Generator().manual_seed(seed))


def loss(objective, vae, seed=0):
    return objective(vae, X, Y, context(seed)).loss


def mean_and_error(values):
    values = np.asarray(values)
    return values.mean(), values.std(ddof=1) / math.sqrt(len(values))


def test_the_product_of_experts_is_the_normalised_product_of_densities():
    """p(z) times q_i(z) / p(z) of each part, on a grid."""
    z = torch.linspace(-9, 9, 100_001, dtype=torch.float64)
    parts = [(0.8, 0.5), (-1.1, 0.7), (0.1, 0.95)]
    q = product([DiagonalNormal(torch.tensor([mean]), torch.tensor([scale])) for mean, scale in parts])
    prior = Normal(0.0, 1.0)
    log_density = prior.log_prob(z) + sum(Normal(*each).log_prob(z) - prior.log_prob(z) for each in parts)
    density = (log_density - log_density.max()).exp()
    density = density / torch.trapezoid(density, z)
    mean = torch.trapezoid(density * z, z)
    variance = torch.trapezoid(density * (z - mean).square(), z)
    assert q.mean.item() == pytest.approx(mean.item(), abs=1e-5)
    assert q.stddev.item() == pytest.approx(variance.sqrt().item(), abs=1e-5)


def test_a_part_that_knows_nothing_changes_nothing_and_one_that_is_too_wide_keeps_it_a_normal():
    known = DiagonalNormal(torch.tensor([0.8, -0.3]), torch.tensor([0.5, 0.9]))
    with_prior = product([known, DiagonalNormal(torch.zeros(2), torch.ones(2))])
    torch.testing.assert_close(with_prior.mean, known.mean)
    torch.testing.assert_close(with_prior.stddev, known.stddev)
    wide = product([DiagonalNormal(torch.zeros(2), torch.full((2,), 3.0))] * 2)
    torch.testing.assert_close(wide.stddev, torch.ones(2))


@pytest.mark.parametrize("joint", ["product", "network"])
def test_every_set_of_parts_has_a_normal_of_its_own(joint):
    vae = model(joint_posterior=joint)
    found = vae.posteriors(vae.parts(PARTS))
    assert list(found) == SETS
    means = []
    for names in SETS:
        q = vae.encode({name: PARTS[name] for name in names})
        assert isinstance(q, DiagonalNormal) and (q.batch_shape, q.event_shape) == ((6,), (3,))
        torch.testing.assert_close(q.mean, found[names].mean)
        torch.testing.assert_close(q.stddev, found[names].stddev)
        means.append(q.mean)
    assert not any(torch.allclose(means[i], means[j]) for i, j in ((0, 1), (0, 2), (1, 2)))
    torch.testing.assert_close(vae.encode({"picture": X, "words": None}).mean, vae.encode(X).mean)
    torch.testing.assert_close(vae.encode(X, Y).mean, vae.encode(PARTS).mean)


def test_decode_gives_the_distribution_of_each_part():
    vae = model()
    p = vae.decode(torch.randn(6, 3))
    assert list(p) == ["picture", "words"] and len(p) == 2
    assert (p["picture"].event_shape, p["words"].event_shape) == ((1, 4, 4), (2,))
    torch.testing.assert_close(p.log_prob(PARTS), p["picture"].log_prob(X) + p["words"].log_prob(Y))
    torch.testing.assert_close(p.log_prob(X), p["picture"].log_prob(X))
    assert p.mean is p["picture"].mean or torch.equal(p.mean, p["picture"].mean)


def test_words_are_independent_categories():
    raw = torch.randn(2, 5, generator=Generator().manual_seed(1))
    p = Words(raw, (3, 2))
    sentences = torch.tensor(list(combinations_of(range(3), range(2))))
    chances = torch.stack([p.log_prob(one.expand(2, 2)).exp() for one in sentences])  # (6, 2)
    torch.testing.assert_close(chances.sum(0), torch.ones(2))
    drawn = p.draw(Generator().manual_seed(0), (20_000,))
    assert drawn.shape == (20_000, 2, 2)
    for sentence, chance in zip(sentences, chances, strict=True):
        share = (drawn == sentence).all(-1).float().mean(0)
        assert ((share - chance).abs() < 4 * (chance * (1 - chance) / 20_000).sqrt()).all()
    assert p.mode.tolist() == [[part[row].argmax().item() for part in p.probabilities] for row in range(2)]


def test_a_model_of_pairs_that_is_given_pictures_alone_is_the_plain_vae():
    """Same weights, same noise: the bound of one part is that of a VAE of the part."""
    vae = model()
    plain = VAE(vae.config.replace(words=()))
    plain.load_state_dict({name: vae.state_dict()[name] for name in plain.state_dict()})
    mine, theirs = (each.terms(X, None, Generator().manual_seed(0)) for each in (vae, plain))
    assert torch.equal(mine[0], theirs[0]) and torch.equal(mine[1], theirs[1])
    expected = Elbo()(plain, X, None, context()).elbo
    both = {"picture": X}
    z = sample(vae.encode(both), Generator().manual_seed(0))
    own = vae.log_probs(both, z)["picture"].mean() - vae.kl(vae.encode(both), z).sum(1).mean()
    torch.testing.assert_close(own, expected)
    assert torch.equal(vae.reconstruct(X), plain.reconstruct(X))


def linear():
    """One number for a code and a linear Gaussian picture, so that every integral over z is one over a line."""
    return model(latent_dim=1, hidden=(), likelihood="gaussian", sigma=0.5).double()


def exact(vae, parts):
    """ln p(parts) in nats, (B,), by the trapezoidal rule."""
    z = torch.linspace(-8, 8, 4001, dtype=torch.float64)
    with torch.no_grad():
        log_joint = vae.log_likelihood(parts, z[:, None, None].expand(-1, 6, 1)) + Normal(0.0, 1.0).log_prob(z)[:, None]
    return log_joint.logsumexp(0) + math.log(16 / 4000)


def test_the_integral_of_a_linear_model_is_its_closed_form():
    vae = linear()
    weight, bias = vae.decoder.layers[-1].weight, vae.decoder.layers[-1].bias
    closed = MultivariateNormal(bias, weight @ weight.t() + 0.25 * torch.eye(16, dtype=torch.float64))
    torch.testing.assert_close(
        exact(vae, {"picture": X.double()}), closed.log_prob(X.double().flatten(1)), rtol=1e-6, atol=1e-6
    )


@pytest.mark.parametrize("given", SETS, ids="+".join)
def test_joint_bounds_lie_below_the_exact_likelihood_and_rise_with_the_samples(given):
    vae, parts = linear(), {"picture": X.double(), "words": Y}
    truth, before = exact(vae, parts).mean().item(), -math.inf
    for samples in (1, 10, 1000):
        values = [joint_bound(vae, parts, given, Generator().manual_seed(s), samples).mean().item() for s in range(300)]
        mean, error = mean_and_error(values)
        assert before < mean < truth + 4 * error, samples
        before = mean
    assert before == pytest.approx(truth, abs=0.05)


def test_conditional_bounds_lie_below_the_density_of_what_is_drawn():
    vae, parts = linear(), {"picture": X.double(), "words": Y}
    z = torch.linspace(-8, 8, 4001, dtype=torch.float64)[:, None, None].expand(-1, 6, 1)
    with torch.no_grad():
        q = vae.encode({"words": Y})
        truth = (vae.log_likelihood({"picture": X.double()}, z) + q.log_prob(z)).logsumexp(0) + math.log(16 / 4000)
    before = -math.inf
    for samples in (1, 10, 1000):
        values = [
            conditional_bound(vae, parts, ("words",), Generator().manual_seed(s), samples).mean().item()
            for s in range(300)
        ]
        mean, error = mean_and_error(values)
        assert before < mean < truth.mean().item() + 4 * error
        before = mean
    assert before == pytest.approx(truth.mean().item(), abs=0.05)


def test_mopoe_of_the_full_set_alone_is_mvae_without_the_parts_alone():
    vae = model()
    assert torch.equal(loss(Mopoe(sets="full"), vae).isfinite(), torch.tensor(True))
    one = loss(Mopoe(sets="full", at_random=False), vae)
    torch.testing.assert_close(one, loss(Mvae(alone=False), vae))
    assert not torch.allclose(one, loss(Mvae(), vae))


@pytest.mark.parametrize("density", ["set", "mixture"])
def test_mopoe_of_single_parts_is_mmvae(density):
    vae = model()
    same = {"density": density, "at_random": False}
    torch.testing.assert_close(loss(Mopoe(sets="single", **same), vae), loss(Mmvae(**same), vae))


def test_mvae_is_the_sum_of_three_bounds():
    vae = model()
    q = vae.posteriors(vae.parts(PARTS))
    noise, expected = Generator().manual_seed(0), 0.0
    for names in SETS:
        z = sample(q[names], noise)
        p = vae.decode(z)
        distortion = -sum(p[name].log_prob(PARTS[name]) for name in names)
        expected += (distortion + kl_divergence(q[names].base_dist, Normal(0, 1)).sum(1)).mean()
    torch.testing.assert_close(loss(Mvae(), vae), expected)


@pytest.mark.parametrize("density", ["set", "mixture"])
@pytest.mark.parametrize("sets", ["all", "single"])
def test_one_set_at_random_has_the_mean_of_all_sets(sets, density):
    vae = model()
    with torch.no_grad():
        gaps = [
            (
                loss(Mopoe(sets=sets, density=density), vae, seed)
                - loss(Mopoe(sets=sets, density=density, at_random=False), vae, 1000 + seed)
            ).item()
            for seed in range(400)
        ]
    mean, error = mean_and_error(gaps)
    assert abs(mean) < 4 * error


def test_the_density_of_the_mixture_gives_the_tighter_bound():
    """By convexity of the KL: the mixture's is at most the mean of those of its sets."""
    vae = model()
    with torch.no_grad():
        vae.encoder.layers[-1].bias[:3] += 2.0  # so that the sets differ
        gaps = [
            (loss(Mmvae(density="set"), vae, s) - loss(Mmvae(density="mixture"), vae, s)).item() for s in range(400)
        ]
    mean, error = mean_and_error(gaps)
    assert mean > 4 * error and mean < math.log(2) + 4 * error


def test_every_bound_is_a_bound_of_the_pair():
    vae = linear()
    truth = exact(vae, {"picture": X.double(), "words": Y}).mean().item()
    objectives = (Mvae(alone=False), Mmvae(), Mopoe(), Mopoe(density="mixture"))
    for objective in objectives:
        with torch.no_grad():
            values = [-objective(vae, X.double(), Y, context(s)).loss.item() for s in range(200)]
        mean, error = mean_and_error(values)
        assert mean < truth + 4 * error, objective


def test_alpha_of_jmvae_weighs_the_kl_to_each_part():
    vae = model(joint_posterior="network")
    gap = loss(Jmvae(alpha=2.0), vae) - loss(Jmvae(alpha=1.0), vae)
    q = vae.posteriors(vae.parts(PARTS))
    both = q["picture", "words"]
    z = sample(both, Generator().manual_seed(1), (20_000,))
    with torch.no_grad():
        each = sum(both.log_prob(z) - q[one].log_prob(z) for one in SETS[:2])
    assert gap.item() == pytest.approx(each.mean().item(), abs=4 * each.std().item() / math.sqrt(each.numel()))


@pytest.mark.parametrize("objective", [Mvae, Mmvae, Mopoe], ids=lambda kind: kind.__name__)
def test_the_weights_of_the_likelihoods_are_one_and_linear(objective):
    vae = model()
    assert objective().picture_weight == objective().word_weight == 1
    at = {
        (a, b): loss(objective(picture_weight=a, word_weight=b), vae).item()
        for a, b in ((1, 1), (1, 11), (1, 6), (3, 1))
    }
    assert at[1, 6] == pytest.approx((at[1, 1] + at[1, 11]) / 2, rel=1e-5) and at[1, 6] > at[1, 1]
    assert at[3, 1] != pytest.approx(at[1, 1])


def test_the_terms_are_those_of_the_picture():
    vae = model()
    free = Mopoe(sets="full", word_weight=0.0, at_random=False)(vae, X, Y, context())
    torch.testing.assert_close(free.loss, free.distortion + free.rate)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "at least one part"),
        ({"picture": None}, "at least one part"),
        ({"sound": X}, "no part 'sound'"),
        ({"words": Y[:, :1]}, r"shape \(B, 2\)"),
        ({"words": Y.float()}, "whole numbers"),
        ({"words": Y + 5}, "outside the vocabulary"),
        ({"words": Y - 1}, "outside the vocabulary"),
    ],
)
def test_what_is_no_part_is_refused_in_one_sentence(given, says):
    with pytest.raises(UserError, match=says):
        model().encode(given)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"shape": (2,), "likelihood": "gaussian"}, "stand beside a picture"),
        ({"prior": "mixture"}, "prior='normal'"),
        ({"posterior": "point"}, "posterior='normal'"),
        ({"classes": 3}, "classes=0"),
        ({"words": (), "joint_posterior": "network"}, "give words"),
    ],
)
def test_settings_that_do_not_go_with_pairs_are_refused(changes, says):
    with pytest.raises(UserError, match=says):
        model(**changes)
