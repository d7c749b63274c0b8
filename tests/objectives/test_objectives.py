"""Objectives compared with values computed in other ways."""

import math

import numpy as np
import pytest
import torch
from torch import Generator

from tests.helpers.model_helpers import X, model, step_context
from vae_core.config import ModelConfig
from vae_core.data.torchvision_import import torchvision_datasets
from vae_core.errors import UserError
from vae_core.models.posteriors import DiagonalNormal
from vae_core.objectives import OBJECTIVES, Elbo, with_dial_value
from vae_core.objectives.betatcvae_dipvae import BetaTcVae, DipVae, aggregate, log_weights
from vae_core.objectives.infovae_wae_mmd import InfoVae, SlicedWae, Wae, mmd, sliced_wasserstein
from vae_core.objectives.ms_ssim import ms_ssim
from vae_core.objectives.rae_ms_ssim import MsSsim, Rae
from vae_core.presets.run_config import RunConfig


@pytest.mark.parametrize("sampling", ["weighted", "stratified"])
def test_tcvae_with_all_weights_one_is_the_elbo_in_expectation(sampling):
    vae = model()
    ones = BetaTcVae(alpha=1, beta=1, gamma=1, sampling=sampling)
    gaps = []
    for seed in range(200):
        mine, elbo = (o(vae, X, None, step_context(seed, images=100)) for o in (ones, Elbo()))
        assert mine.elbo.item() == pytest.approx(elbo.elbo.item(), rel=1e-6)
        gaps.append((mine.loss - elbo.loss).item())
    assert abs(np.mean(gaps)) < 4 * np.std(gaps) / math.sqrt(200)


def test_stratified_weights_sum_to_one_and_own_images_count_as_one_of_all():
    weights = log_weights(6, 50, "stratified").exp()
    torch.testing.assert_close(weights.sum(1), torch.ones(6))
    torch.testing.assert_close(weights.diagonal(), torch.full((6,), 1 / 50))
    assert sorted(weights[2].tolist())[1:] == pytest.approx([(50 - 5) / (50 * 5)] + [1 / 5] * 4)
    torch.testing.assert_close(log_weights(6, 50, "weighted").exp(), torch.full((6, 6), 1 / 300))


def test_the_aggregate_posterior_of_all_images_is_estimated_without_bias():
    """Stratified estimates of q(z), each with the sample's own image in the batch, average to the true mixture."""
    noise = Generator().manual_seed(0)
    means, count, batch = torch.randn(40, 2, generator=noise), 40, 8
    z = means[:1] + 0.3
    truth = DiagonalNormal(means, torch.ones(40, 2)).log_prob(z).exp().mean().item()
    found = []
    for _ in range(4000):
        others = 1 + torch.randperm(count - 1, generator=noise)[: batch - 1]
        q = DiagonalNormal(means[torch.cat([torch.zeros(1, dtype=torch.long), others])], torch.ones(batch, 2))
        found.append(aggregate(q, z.expand(batch, 2), count, "stratified")[0][0].exp().item())
    assert abs(np.mean(found) - truth) < 4 * np.std(found) / math.sqrt(len(found)) + 1e-3 * truth


def test_dip_penalises_the_covariance_of_numpy():
    vae = model()
    q = vae.encode(X)
    mean, variance = q.mean.detach().numpy(), q.variance.detach().numpy()
    covariance = {"I": np.cov(mean.T, bias=True)}
    covariance["II"] = covariance["I"] + np.diag(variance.mean(0))
    elbo = Elbo()(vae, X, None, step_context()).loss.item()
    for kind, c in covariance.items():
        off = (c**2).sum() - (np.diag(c) ** 2).sum()
        expected = elbo + 3 * off + 7 * ((np.diag(c) - 1) ** 2).sum()
        terms = DipVae(kind=kind, gamma=3, diagonal=7)(vae, X, None, step_context())
        assert terms.loss.item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("kernel", ["rbf", "imq"])
def test_mmd_is_zero_for_equal_distributions_and_not_for_others(kernel):
    noise = Generator().manual_seed(0)
    equal, moved = (
        np.array(
            [
                mmd(torch.randn(60, 2, generator=noise), shift + torch.randn(50, 2, generator=noise), kernel).item()
                for _ in range(200)
            ]
        )
        for shift in (0.0, 1.0)
    )
    assert abs(equal.mean()) < 4 * equal.std() / math.sqrt(200)
    assert moved.mean() > 5 * equal.std()


def test_the_sliced_distance_of_a_shift_is_its_square_along_each_line():
    a = torch.randn(30, 2)
    lines = torch.tensor([[1.0, 0.0], [0.0, 2.0]])
    shifted = a[torch.randperm(30)] + torch.tensor([3.0, 0.0])
    assert sliced_wasserstein(a, shifted, lines).item() == pytest.approx((9 + 0) / 2, rel=1e-5)


@pytest.mark.parametrize("objective", [InfoVae(alpha=1.0), Wae(), Wae(kernel="rbf"), SlicedWae()], ids=lambda o: o.name)
def test_codes_far_from_the_prior_have_a_larger_penalty(objective):
    """Codes far from the prior have a larger penalty than samples of the prior."""
    vae = model(posterior="normal")
    with torch.no_grad():
        vae.encoder.layers[-1].weight.zero_()
        vae.encoder.layers[-1].bias.zero_()  # q = p for each image
        near = [(t := objective(vae, X, None, step_context(seed))).loss - t.distortion for seed in range(50)]
        vae.encoder.layers[-1].bias[:3] = 3.0
        far = [(t := objective(vae, X, None, step_context(seed))).loss - t.distortion for seed in range(50)]
    assert min(far) > max(near)
    assert objective(vae, X[:1], None, step_context()).loss.isfinite()  # a last batch may hold one image


def test_infovae_with_weight_zero_is_minus_elbo():
    vae = model()
    loss = InfoVae(alpha=0.0, gamma=1.0)(vae, X, None, step_context()).loss.item()
    assert loss == pytest.approx(Elbo()(vae, X, None, step_context()).loss.item(), rel=1e-6)


def test_the_gradient_penalty_is_the_squared_jacobian():
    vae = model(posterior="point", hidden=(), likelihood="gaussian")
    penalties = []
    for seed in range(300):
        terms = Rae(beta=0, penalty="gradient", strength=1)(vae, X, None, step_context(seed))
        penalties.append((terms.loss - terms.distortion).item())
    expected = vae.decoder.layers[0].weight.square().sum().item()
    assert np.mean(penalties) == pytest.approx(expected, abs=4 * np.std(penalties) / math.sqrt(300) + 1e-6)


def test_rae_penalises_squared_codes_and_squared_weights():
    vae = model(posterior="point")
    terms = Rae(beta=2.0, strength=0.5)(vae, X, None, step_context())
    weights = sum(p.square().sum() for p in vae.decoder.parameters())
    expected = terms.distortion + vae.encode(X).mean.square().sum(1).mean() + 0.5 * weights
    assert terms.loss.item() == pytest.approx(expected.item(), rel=1e-5) and terms.rate is None


def test_ms_ssim_is_one_for_equal_pictures_and_agrees_with_torchmetrics():
    a = torch.rand(3, 1, 192, 192, generator=Generator().manual_seed(0))
    b = (a + 0.2 * torch.rand(3, 1, 192, 192, generator=Generator().manual_seed(1))).clamp(0, 1)
    torch.testing.assert_close(ms_ssim(a, a), torch.ones(3))
    for size in (2, 8, 28):
        small = torch.rand(2, 3, size, size)
        torch.testing.assert_close(ms_ssim(small, small), torch.ones(2))
        assert (ms_ssim(small, 1 - small) < 0.9).all()
    torchvision_datasets()  # declares what torchmetrics needs where torchvision was built for another torch
    reference = pytest.importorskip("torchmetrics.functional.image").multiscale_structural_similarity_index_measure
    theirs = reference(a, b, data_range=1.0, reduction="none")
    torch.testing.assert_close(ms_ssim(a, b), theirs, atol=5e-3, rtol=0)


def test_ms_ssim_with_mix_zero_is_minus_elbo():
    vae = model()
    loss = MsSsim(mix=0.0)(vae, X, None, step_context()).loss.item()
    assert loss == pytest.approx(Elbo()(vae, X, None, step_context()).loss.item(), rel=1e-6)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_the_dial_is_a_field_of_the_objective(name):
    objective = OBJECTIVES[name]()
    turned = with_dial_value(objective, 0.125)
    assert (turned == objective) == (objective.dial is None)
    if objective.dial:
        assert getattr(turned, turned.dial) == 0.125


@pytest.mark.parametrize(
    ("objective", "changes", "says"),
    [
        ("tc", {"posterior": "point"}, "choose posterior='normal'"),
        ("iwae", {"posterior": "point"}, "needs a rate"),
        ("rae", {}, "choose posterior='point'"),
        ("rae", {"posterior": "point", "network": "tied"}, "another network"),
        ("ms_ssim", {"shape": (2,), "likelihood": "gaussian"}, "compares images"),
        ("vae_gan", {"shape": (2,), "likelihood": "gaussian"}, "compares images"),
    ],
)
def test_objectives_refuse_models_that_they_cannot_train_in_one_sentence(objective, changes, says):
    with pytest.raises(UserError, match=says) as caught:
        RunConfig(model=ModelConfig(**changes), objective=OBJECTIVES[objective]())
    assert "\n" not in str(caught.value)


JOINT = {"prior": "discrete", "latent_dim": 12}
QUANTISED = {"prior": "codebook", "latent_dim": 4}


def test_objectives_come_back_from_json():
    for kind in OBJECTIVES.values():
        objective = kind()
        posterior = {"joint": "discrete", "quantised": "quantised", "autoencoder": "point", "rae": "point"}.get(
            objective.name, "normal"
        )
        more = {"classes": 3, "classifier": "mlp"} if objective.trains_classifier else {}
        more |= {"first": 4} if objective.name == "stacked" else {}
        more |= {"words": (3, 2), "joint_posterior": objective.joint_posterior} if objective.trains_words else {}
        more |= {"joint": JOINT, "quantised": QUANTISED}.get(objective.name, {})
        run = RunConfig(model=ModelConfig(posterior=posterior, **more), objective=objective)
        assert RunConfig.parse(run.model_dump_json()).objective == objective
