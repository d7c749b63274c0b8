"""Confidence intervals, ELBO and NLL of each image, and the decomposition of the rate, compared with closed forms."""

import math

import numpy as np
import pytest
import torch
from torch import Generator
from torch.distributions import MultivariateNormal

from vae_core.config import ModelConfig
from vae_core.data import Split
from vae_core.errors import UserError
from vae_core.metrics import elbo_nll_bits_per_dim, evaluate, nll, nll_each, terms_of
from vae_core.metrics.active_units import active_units
from vae_core.metrics.confidence_intervals import (
    Estimate,
    clipped,
    jackknife,
    mean_of,
    mean_over_seeds,
    share_from_error,
    share_of_true,
    student_interval,
    student_quantile,
)
from vae_core.metrics.elbo_nll_bits_per_dim import bits_per_dim
from vae_core.metrics.encoded_split import Encoded
from vae_core.metrics.rate_decomposition import aggregate, decompose
from vae_core.models.build import build

SIGMA = 0.4
W, B = torch.tensor([[1.0], [0.5]]), torch.tensor([0.3, -0.2])


def linear_gaussian(off: float = 0.0, count: int = 400):
    """x|z ~ N(Wz + b, s^2 I) with its true posterior, its mean moved by `off`; the data; and -log p(x) of each point."""
    vae = build(ModelConfig(shape=(2,), latent_dim=1, hidden=(), likelihood="gaussian", sigma=SIGMA))
    precision = (1 + W.T @ W / SIGMA**2).item()
    gain = W.T / SIGMA**2 / precision
    with torch.no_grad():
        vae.decoder.layers[0].weight.copy_(W)
        vae.decoder.layers[0].bias.copy_(B)
        vae.encoder.layers[0].weight.copy_(torch.cat([gain, torch.zeros(1, 2)]))
        vae.encoder.layers[0].bias.copy_(torch.stack([-(gain @ B).squeeze() + off, torch.tensor(-math.log(precision))]))
    truth = MultivariateNormal(B, W @ W.T + SIGMA**2 * torch.eye(2))
    noise = torch.randn(count, 2, generator=Generator().manual_seed(0))
    x = B + noise @ truth.scale_tril.T
    return vae, Split(x, torch.zeros(count, dtype=torch.int64)), -truth.log_prob(x).double()


def pictures(count: int = 60, latent_dim: int = 4, **axes):
    vae = build(ModelConfig(shape=(1, 6, 6), latent_dim=latent_dim, hidden=(16,), **axes), seed=0)
    x = torch.randint(0, 256, (count, 1, 6, 6), dtype=torch.uint8, generator=Generator().manual_seed(1))
    return vae, Split(x, torch.arange(count) % 3)


# Intervals


def test_a_means_interval_covers_the_truth_95_times_in_100():
    rng = np.random.default_rng(0)
    found = [mean_of(rng.normal(3.0, 2.0, 50)) for _ in range(1000)]
    assert 0.93 < np.mean([e.low <= 3.0 <= e.high for e in found]) < 0.965


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_a_shares_interval_covers_the_truth_and_stays_in_the_unit_interval(share):
    rng = np.random.default_rng(1)
    found = [share_of_true(rng.random(100) < share) for _ in range(1000)]
    assert 0.92 < np.mean([e.low <= share <= e.high for e in found]) < 0.99
    assert all(0 <= e.low <= e.value <= e.high <= 1 for e in found)
    assert share_of_true(np.ones(20)).high == 1 and share_of_true(np.ones(20)).low < 0.9


@pytest.mark.parametrize("count", [3, 5, 12])
def test_a_means_interval_is_wide_enough_for_few_images(count):
    rng = np.random.default_rng(5)
    found = [mean_of(rng.normal(size=count)) for _ in range(2000)]
    assert 0.935 < np.mean([e.low <= 0 <= e.high for e in found]) < 0.965


def test_the_jackknife_of_a_mean_is_the_means_own_interval():
    margins, known = [], []
    for seed in range(40):
        x = np.random.default_rng(seed).normal(size=400)
        found = jackknife(lambda rows, x=x: x[rows].mean(), 400, seed)
        assert found.value == pytest.approx(mean_of(x).value)
        margins.append(found.margin / student_quantile(19))
        known.append(mean_of(x).margin / student_quantile(399))
    assert np.mean(margins) == pytest.approx(np.mean(known), rel=0.1)
    assert clipped(Estimate(0.5, -0.1, 1.2), 0.0, 1.0) == Estimate(0.5, 0.0, 1.0)
    assert math.isnan(jackknife(np.mean, 39).margin)  # too few images to leave some out


def test_the_jackknife_corrects_the_bias_of_a_square():
    """The expectation of the square of a mean of 60 values is 1/60 too large."""
    plain, corrected = [], []
    for seed in range(400):
        x = np.random.default_rng(seed).normal(size=60)
        plain.append(jackknife(lambda rows, x=x: x[rows].mean() ** 2, 60, seed).value)
        corrected.append(jackknife(lambda rows, x=x: x[rows].mean() ** 2, 60, seed, corrected=True).value)
    assert np.mean(plain) == pytest.approx(1 / 60, rel=0.25) and abs(np.mean(corrected)) < 0.2 / 60


def test_dependent_values_have_a_smaller_effective_sample_size():
    one = share_of_true(np.arange(100) < 30)
    same = share_from_error(0.3, math.sqrt(0.3 * 0.7 / 100), 1000)
    assert (same.low, same.high) == pytest.approx((one.low, one.high))
    wide = share_from_error(0.3, 2 * math.sqrt(0.3 * 0.7 / 100), 1000)
    assert wide.margin > 1.8 * same.margin
    for share in (0.0, 1.0):  # no spread can be seen
        assert share_from_error(share, 0.0, 50) == share_of_true(np.full(50, share))


def test_three_seeds_have_a_wide_interval_that_covers_the_truth():
    rng = np.random.default_rng(4)
    found = [mean_over_seeds(rng.normal(size=3)) for _ in range(2000)]
    assert 0.935 < np.mean([e.low <= 0 <= e.high for e in found]) < 0.965
    assert mean_over_seeds([1.0, 2.0, 3.0]).margin == pytest.approx(4.3027 / math.sqrt(3), rel=1e-4)


def test_estimates_compare_scale_and_print():
    a, b = student_interval(1.0, 0.1), student_interval(2.0, 0.1)
    assert a.disjoint(b) and b.disjoint(a) and not a.disjoint(student_interval(1.1, 0.1))
    assert a.times(-2.0) == Estimate(-2.0, pytest.approx(-2.392, abs=1e-3), pytest.approx(-1.608, abs=1e-3))
    assert mean_of(torch.tensor([4.0])).record() == {"value": 4.0, "low": None, "high": None}


# The bound


def test_each_images_nll_is_the_closed_form():
    vae, split, truth = linear_gaussian()
    torch.testing.assert_close(nll_each(vae, split, samples=3), truth, atol=1e-4, rtol=0)
    vae, split, truth = linear_gaussian(off=0.3)
    found = nll_each(vae, split, samples=3000)
    assert (found - truth).abs().max() < 0.15 and nll(vae, split, samples=3000) == found.mean().item()
    interval = mean_of(found)
    assert interval.low < truth.mean() < interval.high


def test_the_nll_falls_with_every_further_sample():
    vae, split, truth = linear_gaussian(off=0.6)
    levels = [-nll(vae, split, samples=k, seed=k) for k in (1, 2, 4, 16, 64, 1000)]
    assert levels == sorted(levels) and levels[-1] <= -truth.mean().item() + 0.01
    one = torch.stack([-nll_each(vae, split, samples=1, seed=s) for s in range(50)]).mean().item()
    elbo = torch.stack([terms_of(vae, split, seed=s).elbo for s in range(50)]).mean().item()
    assert one == pytest.approx(elbo, abs=0.03)  # L_1 is the ELBO


def test_memory_is_bounded_whatever_k_and_the_number_of_images(monkeypatch):
    vae, split = pictures()
    sizes, raw = [], type(vae)._raw
    monkeypatch.setattr(type(vae), "_raw", lambda self, z, y: sizes.append(len(z)) or raw(self, z, y))
    said = []
    found = nll_each(vae, split, samples=5000, progress=said.append)
    assert max(sizes) <= elbo_nll_bits_per_dim.AT_ONCE and sum(sizes) == 5000 * len(split)
    assert len(found) == len(split) and said == sorted(said) and said[-1] == 1.0
    sizes.clear()
    nll_each(vae, split, samples=1)
    assert sizes == [60]


def test_evaluate_gives_each_mean_its_margin_and_bits():
    vae, split = pictures()
    figures, found = evaluate(vae, split, nll_samples=4), terms_of(vae, split)
    for name, values in {"elbo": found.elbo, "distortion": found.distortion, "rate": found.rate}.items():
        assert figures[name] == pytest.approx(values.mean().item())
        assert figures[f"{name}_margin"] == pytest.approx(
            student_quantile(59) * values.std().item() / math.sqrt(len(split))
        )
    assert figures["bits_per_dim"] == pytest.approx(-figures["elbo"] / math.log(2) / 36)
    assert bits_per_dim(Estimate(-36 * math.log(2), -40.0, -20.0), vae).value == pytest.approx(1.0)
    assert figures["nll_margin"] > 0 and figures["mse_margin"] > 0
    one = evaluate(vae, Split(split.x[:1], split.labels[:1]))
    assert one["elbo_margin"] is None and one["elbo"] is not None
    plain = evaluate(*pictures(posterior="point"))
    assert plain["rate_margin"] is plain["bits_per_dim"] is None and plain["distortion_margin"] > 0


def test_each_dimensions_kl_has_its_margin():
    vae, split = pictures()
    found, x = terms_of(vae, split), split.x / 255
    with torch.no_grad():
        q = vae.encode(x)
        each = vae.kl(q, q.mean).double()
    torch.testing.assert_close(found.kl, each.mean(0))
    torch.testing.assert_close(found.kl_margin, student_quantile(59) * each.std(0) / math.sqrt(60))
    assert found.kl.sum().item() == pytest.approx(found.rate.mean().item())


@pytest.mark.parametrize("axes", [{"prior": "flow"}, {"prior": "vamp", "components": 3}, {"posterior": "planar"}])
def test_a_rate_without_a_closed_form_has_fresh_noise_for_each_image_and_seed(axes):
    """The same image 2,500 times, in three batches: each has different noise, and the mean is that of many samples."""
    vae, split = pictures(1, **axes)
    many = Split(split.x.expand(2500, -1, -1, -1), torch.zeros(2500).long())
    found = terms_of(vae, many)
    assert found.rate is not None and len(found.rate.unique()) > 2400
    assert torch.equal(found.rate, terms_of(vae, many).rate)
    other = terms_of(vae, many, seed=1).rate
    assert not torch.isclose(found.rate.mean(), other.mean(), rtol=1e-6)
    assert (
        mean_of(found.rate).low - mean_of(other).margin
        < other.mean()
        < mean_of(found.rate).high + mean_of(other).margin
    )


def test_active_units_by_their_definition():
    mean = torch.randn(500, 3, generator=Generator().manual_seed(0)) * torch.tensor([1.0, 0.05, 0.2])
    assert active_units(mean).tolist() == [True, False, True]


# The rate's parts


def test_the_terms_of_the_decomposition_sum_to_the_rate():
    vae, split = pictures(200)
    found = decompose(Encoded(vae, split), samples=4000)
    parts = found.mutual_information.value + found.total_correlation.value + found.dimension_wise.value
    assert parts == pytest.approx(found.rate.value, abs=1e-6)
    assert found.marginal.value == pytest.approx(found.total_correlation.value + found.dimension_wise.value)
    exact = terms_of(vae, split).rate.mean().item()
    assert found.rate.low - 0.01 <= exact <= found.rate.high + 0.01
    assert 0 <= found.mutual_information.value <= math.log(200)


def test_mutual_information_of_a_linear_gaussian_model():
    """q(z) = N(0, 1) at the true posterior, so the rate is mutual information only: -ln(posterior standard deviation)."""
    vae, split, _ = linear_gaussian(count=4000)
    found = decompose(Encoded(vae, split), samples=2000)
    known = 0.5 * math.log(1 + (W.T @ W).item() / SIGMA**2)
    assert found.mutual_information.value == pytest.approx(known, abs=3 * found.mutual_information.margin)
    assert found.marginal.value == pytest.approx(0.0, abs=0.02)
    assert found.total_correlation.value == pytest.approx(0.0, abs=1e-6)  # one dimension correlates with nothing


def test_total_correlation_of_correlated_codes():
    rho, scale = 0.8, 0.3
    chol = torch.linalg.cholesky(torch.tensor([[1.0, rho], [rho, 1.0]]))
    noise = Generator().manual_seed(0)
    mean = torch.randn(5000, 2, generator=noise) @ chol.T
    z = mean[:1000] + scale * torch.randn(1000, 2, generator=noise)
    joint, marginals = aggregate(mean, torch.full_like(mean, scale), z)
    r = rho / (1 + scale**2)
    assert mean_of(joint - marginals.sum(1)).value == pytest.approx(-0.5 * math.log(1 - r**2), abs=0.08)


def test_posteriors_without_overlap_have_mutual_information_ln_n():
    """The stated bias: the two dimensions are independent, but q(z) is a mixture of only fifty narrow posteriors."""
    noise = Generator().manual_seed(0)
    mean, scale = torch.randn(50, 2, generator=noise), torch.full((50, 2), 1e-4)
    z = mean + scale * torch.randn(50, 2, generator=noise)
    joint, marginals = aggregate(mean, scale, z)
    own = torch.distributions.Normal(mean, scale).log_prob(z).sum(1).double()
    torch.testing.assert_close(own - joint, torch.full((50,), math.log(50)).double(), atol=1e-3, rtol=0)
    assert (joint - marginals.sum(1)).mean() > 3.0  # the truth is zero; ln 50 where no two marginal clouds meet
    wide = torch.ones(50, 2)
    joint, marginals = aggregate(0.3 * mean, wide, 0.3 * mean + torch.randn(50, 2, generator=noise))
    assert abs((joint - marginals.sum(1)).mean()) < 0.05


def test_chunks_do_not_change_the_mixture(monkeypatch):
    noise = Generator().manual_seed(0)
    mean, scale = torch.randn(50, 3, generator=noise), torch.rand(50, 3, generator=noise) + 0.1
    z = torch.randn(20, 3, generator=noise)
    whole = aggregate(mean, scale, z)
    monkeypatch.setattr("vae_core.metrics.rate_decomposition.TRIPLES", 400)
    for a, b in zip(whole, aggregate(mean, scale, z), strict=True):
        torch.testing.assert_close(a, b)
    density = torch.distributions.Normal(mean[None], scale[None]).log_prob(z[:, None]).sum(2).exp().mean(1).log()
    torch.testing.assert_close(whole[0].float(), density)


def test_a_code_without_a_rate_is_refused():
    with pytest.raises(UserError, match="no rate"):
        decompose(Encoded(*pictures(posterior="point")))


@pytest.mark.parametrize("degrees", [1, 59, 199.5, 200, 250.5, 4999, 1e7])
def test_the_quantile_is_students_for_few_and_for_many(degrees):
    from scipy.special import stdtrit

    assert student_quantile(degrees) == pytest.approx(stdtrit(degrees, 0.975), abs=2e-9)
