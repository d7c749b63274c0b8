"""Every network, posterior, prior and likelihood: shapes, gradients, densities, and refusals in one sentence."""

import math
from itertools import product

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Generator

from tests.helpers.preset_helpers import OF_NUMBERS
from vae_core import VAE
from vae_core.axes.layer_sizes import grid_size
from vae_core.axes.names import CONVOLUTIONAL, SEQUENTIAL, UNIT_INTERVAL
from vae_core.config import DataConfig, ModelConfig
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.networks import NETWORKS
from vae_core.models.posteriors import POSTERIORS, sample
from vae_core.models.priors import PRIORS
from vae_core.objectives import OBJECTIVES, BetaVae, CapacityVae, Elbo, StepContext, with_dial_value
from vae_core.presets.build_run import build_run
from vae_core.presets.papers import PRESETS
from vae_core.presets.run_config import RunConfig

SHAPES = [(1, 28, 28), (3, 32, 32), (1, 15, 21), (1, 8, 8)]


def config(**changes):
    return ModelConfig(**{"shape": (1, 8, 8), "latent_dim": 3, "hidden": (16, 8), **changes})


def noise(seed=0):
    return Generator().manual_seed(seed)


@pytest.mark.parametrize(
    ("network", "shape", "classes"),
    list(product([name for name in NETWORKS if name not in SEQUENTIAL], SHAPES, [0, 4])),
)
def test_encode_and_decode_have_the_right_batch_and_event(network, shape, classes):
    size = 3 * math.prod(grid_size(config(network=network, shape=shape)))
    vae = build(config(network=network, shape=shape, classes=classes, latent_dim=size))
    x, y = torch.rand(5, *shape), torch.arange(5) % 4 if classes else None
    q = vae.encode(x, y)
    assert (q.batch_shape, q.event_shape) == ((5,), (size,))
    p = vae.decode(q.mean, y)
    assert (p.batch_shape, p.event_shape) == ((5,), shape)
    assert vae.reconstruct(x, y).shape == (5, *shape)
    assert vae.generate(7).shape == (7, *shape)


def test_a_label_may_be_a_vector_of_floats():
    vae = build(config(classes=4))
    x, y = torch.rand(5, 1, 8, 8), torch.arange(5) % 4
    told = torch.eye(4)[y]
    assert torch.equal(vae.encode(x, y).mean, vae.encode(x, told).mean)
    z = torch.rand(2, 5, 3)
    assert torch.equal(vae.log_likelihood(x, z, y), vae.log_likelihood(x, z, told))
    assert not torch.equal(vae.decode(z[0], told / 2).mean, vae.decode(z[0], told).mean)


@pytest.mark.parametrize("size", [64, 33, 28, 17, 9])
def test_transposed_convolutions_restore_any_size(size):
    vae = build(config(network="conv", shape=(3, size, size + 5), hidden=(4, 8, 8)))
    assert vae.generate(2).shape == (2, 3, size, size + 5)


@pytest.mark.parametrize("posterior", ["normal", "point"])
def test_a_grid_vector_depends_on_its_part_of_the_image_only(posterior):
    vae = build(config(network="grid", shape=(1, 32, 32), hidden=(8, 8), latent_dim=2 * 64, posterior=posterior), 0)
    x = torch.rand(1, 1, 32, 32)
    corner = x.clone()
    corner[..., 28:, 28:] = 0.5
    for part in ("mean", "stddev")[: 1 if posterior == "point" else 2]:
        before, after = (getattr(vae.encode(each), part).unflatten(1, (8, 8, 2)) for each in (x, corner))
        changed = (before != after).any(-1)[0]
        assert changed[-1, -1] and changed.sum() <= 4 and not changed[:6].any() and not changed[:, :6].any()
    z = torch.zeros(2, 2 * 64)
    z[1, -2:] = 1.0
    near = (vae.decode(z).mean.diff(dim=0) != 0)[0, 0]
    assert near[-4:, -4:].all() and not near[:20].any() and not near[:, :20].any()


@pytest.mark.parametrize("name", OF_NUMBERS)
@pytest.mark.parametrize("shape", [(1, 8, 8), (2,)])
def test_every_preset_gives_every_parameter_a_gradient(name, shape):
    changes = dict(PRESETS[name].changes)
    for_pixels = "likelihood" in changes and changes["likelihood"] in UNIT_INTERVAL
    for_pixels = for_pixels or changes.get("network") in CONVOLUTIONAL
    if len(shape) == 1 and (for_pixels or PRESETS[name].objective.needs_images):
        with pytest.raises(UserError, match="points"):
            build(build_run(name, DataConfig(), shape, 4).model)
        return
    run = build_run(name, DataConfig(), shape, 4)
    vae = build(run.model, seed=1)
    x, y = torch.rand(6, *shape), torch.arange(6) % 4
    for progress in (0.1, 0.9):  # of two models one learns after the other
        terms = run.objective(vae, x, y, StepContext(progress, noise(), critic=run.objective.critic(vae)))
        terms.loss.backward()
        assert math.isfinite(terms.loss.item())
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in vae.parameters()), name


@pytest.mark.parametrize(
    "likelihood", [name for name, kind in LIKELIHOODS.items() if kind.independent and kind.levels is None]
)
def test_pixel_densities_integrate_to_one(likelihood):
    vae = build(config(likelihood=likelihood, sigma=0.2, shape=(1, 1, 4)))
    raw = torch.tensor([[[[-3.0, -0.01, 0.0, 0.4]]]])
    low, high = (0.0, 1.0) if likelihood in UNIT_INTERVAL else (-8.0, 8.0)
    x = torch.linspace(low, high, 20_001).reshape(-1, 1, 1, 1)
    density = vae.likelihood.pixels(raw).log_prob(x).exp()
    torch.testing.assert_close(torch.trapezoid(density, x, dim=0), torch.ones(1, 1, 4), atol=1e-3, rtol=0)


def test_bernoulli_probabilities_sum_to_one_and_grey_is_cross_entropy():
    p = build(config()).likelihood.pixels(torch.tensor([0.3]))
    assert p.log_prob(torch.tensor([0.0])).exp() + p.log_prob(torch.tensor([1.0])).exp() == pytest.approx(1.0)
    expected = 0.25 * torch.tensor(0.3).sigmoid().log() + 0.75 * torch.tensor(-0.3).sigmoid().log()
    assert p.log_prob(torch.tensor([0.25])).item() == pytest.approx(expected.item(), abs=1e-6)


@pytest.mark.parametrize("likelihood", [name for name, kind in LIKELIHOODS.items() if kind.independent])
def test_log_prob_sums_over_pixels_and_the_bias_starts_at_the_mean(likelihood):
    vae = build(config(likelihood=likelihood, sigma=0.5))
    z, x = torch.randn(4, 3), torch.rand(4, 1, 8, 8)
    p = vae.decode(z)
    torch.testing.assert_close(p.log_prob(x), vae.likelihood.pixels(vae._raw(z, None)).log_prob(x).flatten(1).sum(1))
    mean = torch.rand(1, 8, 8) * 0.8 + 0.1
    vae.init_from_mean(mean)
    with torch.no_grad():
        vae.decoder.layers[-1].weight.zero_()
    torch.testing.assert_close(vae.decode(z).mean[0], mean, atol=1e-4, rtol=1e-4)


def test_optimal_sigma_is_the_root_of_the_mean_squared_error():
    vae = build(config(likelihood="gaussian_optimal"))
    x = torch.rand(50, 1, 8, 8)
    vae.train()
    vae.terms(x, None, noise())
    q = vae.encode(x)
    mse = (vae._raw(sample(q, noise()), None) - x).square().mean()
    assert vae.likelihood.log_sigma.exp().item() == pytest.approx(mse.sqrt().item(), rel=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.floats(-3, 3), st.floats(-3, 2), st.integers(0, 10_000))
def test_analytic_kl_is_the_monte_carlo_kl(mean, log_scale, seed):
    prior = PRIORS["normal"](ModelConfig(latent_dim=1), None)
    q = POSTERIORS["normal"](ModelConfig(latent_dim=1))(torch.tensor([[mean, 2 * log_scale]]))
    scale = math.exp(log_scale)
    closed = prior.kl(q, q.mean).item()
    assert closed == pytest.approx((mean**2 + scale**2 - 1 - math.log(scale**2)) / 2, rel=1e-4, abs=1e-5)
    z = sample(q, noise(seed), (40_000,))
    drawn = (q.log_prob(z) - prior().log_prob(z)).flatten()
    assert abs(drawn.mean().item() - closed) < 6 * drawn.std().item() / 200 + 1e-3


def test_noise_is_fresh_for_each_image_and_dimension_and_repeats_with_the_generator():
    q = POSTERIORS["normal"](ModelConfig(latent_dim=3))(torch.zeros(4, 6))
    z = sample(q, noise(3))
    assert len(z.flatten().unique()) == 12
    assert torch.equal(z, sample(q, noise(3)))


def test_a_point_posterior_has_no_variance_and_no_rate():
    vae = build(config(posterior="point"))
    q = vae.encode(torch.rand(4, 1, 8, 8))
    assert torch.equal(sample(q, noise()), q.mean) and q.stddev.sum() == 0
    terms = OBJECTIVES["autoencoder"]()(vae, torch.rand(4, 1, 8, 8), None, StepContext(0.0, noise()))
    assert terms.rate is None and terms.elbo is None and torch.equal(terms.loss, terms.distortion)


def test_objectives_combine_the_same_terms_under_the_same_noise():
    vae, x = build(config(), seed=0), torch.rand(8, 1, 8, 8, generator=noise())
    elbo, beta, capacity, bits = (
        objective(vae, x, None, StepContext(0.4, noise(7)))
        for objective in (Elbo(), BetaVae(beta=4), CapacityVae(gamma=3, capacity=5, rise=0.8), Elbo(free_bits=2))
    )
    assert elbo.loss.item() == pytest.approx(-elbo.elbo.item(), rel=1e-6)
    assert beta.loss.item() == pytest.approx((elbo.distortion + 4 * elbo.rate).item(), rel=1e-6)
    assert capacity.loss.item() == pytest.approx((elbo.distortion + 3 * (elbo.rate - 2.5).abs()).item(), rel=1e-6)
    assert bits.loss.item() == pytest.approx((elbo.distortion + elbo.kl.clamp(min=2).sum()).item(), rel=1e-6)
    assert elbo.kl.shape == (3,) and elbo.rate.item() == pytest.approx(elbo.kl.sum().item())


@pytest.mark.parametrize(
    ("changes", "floors"),
    [
        ({}, [2, 2, 2, 2]),
        ({"prior": "two_levels"}, [2, 2, 2, 2]),
        ({"prior": "mixture"}, [4 * 2]),
        ({"posterior": "planar"}, [4 * 2]),
        ({"posterior": "von_mises_fisher", "prior": "sphere"}, [4 * 2]),
        ({"posterior": "discrete", "prior": "discrete", "discrete": 1, "categories": 2}, [2, 2, 2]),
        ({"posterior": "discrete", "prior": "discrete", "discrete": 1, "categories": 4}, [2]),
    ],
)
def test_free_bits_are_a_floor_for_each_dimension_or_choice(changes, floors):
    vae, x = build(config(latent_dim=4, **changes), seed=0), torch.rand(8, 1, 8, 8, generator=noise())
    terms = Elbo(free_bits=2)(vae, x, None, StepContext(0.4, noise(7)))
    expected = torch.maximum(terms.kl, torch.tensor([float(floor) for floor in floors]))
    assert terms.loss.item() == pytest.approx((terms.distortion + expected.sum()).item(), rel=1e-6)
    assert terms.kl.shape == (len(floors),) and terms.kl.sum() < sum(floors)  # else no floor would be felt


def test_kl_warm_up_schedules():
    linear, cyclical = (
        Elbo(kl_schedule="linear", kl_warmup=0.5),
        Elbo(kl_schedule="cyclical", kl_warmup=0.5, kl_cycles=4),
    )
    assert [linear.weight(t) for t in (0, 0.25, 0.5, 1)] == [0, 0.5, 1, 1]
    assert [cyclical.weight(t) for t in (0, 0.0625, 0.125, 0.2499, 0.25)] == [0, 0.5, 1, 1, 0]
    assert Elbo().weight(0) == 1


def test_with_dial_value_turns_an_elbo_into_a_beta_vae_and_keeps_the_rest():
    assert with_dial_value(Elbo(free_bits=0.5), 3) == BetaVae(beta=3, free_bits=0.5)
    assert with_dial_value(CapacityVae(capacity=9), 3) == CapacityVae(gamma=3, capacity=9)


def test_tied_weights_are_stored_once():
    separate, tied = (sum(p.numel() for p in build(config(network=name)).parameters()) for name in ("mlp", "tied"))
    assert tied < 0.6 * separate


def test_the_tutorial_interface_builds_the_named_networks():
    conv = VAE(in_channels=1, latent_dim=10, hidden_dims=[32, 64, 128])
    assert conv.config.network == "conv" and conv.generate(num_samples=10).shape == (10, 1, 28, 28)
    dense = VAE(latent_dim=10, encoder_dims=[256, 128], decoder_dims=[128, 256])
    assert dense.config.network == "mlp" and dense.config.decoder_hidden == (128, 256)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"network": "lstm"}, "known are mlp, conv, tied"),
        ({"network": "transformer"}, "reads sentences: for pictures"),
        ({"likelihood": "poisson"}, "known are bernoulli"),
        ({"posterior": "cauchy"}, "known are normal, point"),
        ({"network": "conv", "shape": (2,), "likelihood": "gaussian"}, "needs pictures"),
        ({"network": "conv", "hidden": (8,) * 5}, "at most 3 layers"),
        ({"network": "conv", "decoder_hidden": (8,)}, "as many decoder layers"),
        ({"network": "grid"}, "multiple of 4"),
        ({"network": "grid", "latent_dim": 4, "posterior": "planar"}, "cannot be laid out as a grid"),
        (
            {"network": "grid", "latent_dim": 8, "posterior": "quantised", "prior": "codebook", "discrete": 2},
            "set discrete to 4",
        ),
        ({"network": "tied", "decoder_hidden": (8,)}, "leave decoder_hidden empty"),
        ({"network": "tied", "likelihood": "beta_binomial"}, "needs several"),
        ({"shape": (2,)}, "for points choose likelihood"),
        ({"shape": (8, 8)}, "channels, height, width"),
    ],
)
def test_wrong_combinations_are_refused_in_one_sentence(changes, says):
    with pytest.raises(UserError, match=says) as caught:
        build(config(**changes))
    assert "\n" not in str(caught.value)


def test_configurations_are_strict_and_come_back_from_json():
    run = build_run("beta-vae", DataConfig(dataset="mnist"), (1, 28, 28), 10, latent_dim=7, beta=2.5, lr=1e-3)
    assert RunConfig.parse(run.model_dump_json()) == run
    assert (run.model.latent_dim, run.objective.beta, run.train.lr) == (7, 2.5, 1e-3)
    with pytest.raises(UserError, match=r"latent_dim: input should be greater than or equal to 1, not 0\."):
        ModelConfig(latent_dim=0)
    with pytest.raises(UserError, match="latentdim: extra inputs are not permitted"):
        ModelConfig(latentdim=3)
    with pytest.raises(UserError, match="choose posterior='normal'"):
        RunConfig(model=ModelConfig(posterior="point"))
    with pytest.raises(UserError, match="'speed' is not a setting"):
        build_run("vae", DataConfig(), (1, 8, 8), 0, speed=3)
    with pytest.raises(UserError, match="needs labels"):
        build_run("cvae", DataConfig(), (1, 8, 8), 0)


def test_an_outlier_image_gives_finite_terms():
    q = POSTERIORS["normal"](ModelConfig(latent_dim=1))(torch.tensor([[0.0, 500.0], [0.0, -500.0]]))
    assert PRIORS["normal"](ModelConfig(latent_dim=1), None).kl(q, q.mean).isfinite().all() and (q.stddev > 0).all()
