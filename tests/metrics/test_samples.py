"""Sample quality: known overlaps, known distances, and the bundled classifier."""

import math

import numpy as np
import pytest
import torch
from torch import Generator

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.metrics.confidence_intervals import mean_of
from vae_core.metrics.samples.features import WEIGHTS, bundled, features, grey28
from vae_core.metrics.samples.precision_recall_kid import distances, diversity, manifolds, mmd
from vae_core.metrics.ssim_psnr import psnr, ssim


def normal(count: int, dimensions: int = 4, seed: int = 0, shift: float = 0.0, scale: float = 1.0):
    return shift + scale * torch.randn(count, dimensions, generator=Generator().manual_seed(seed))


# Overlap


def test_equal_distributions_have_full_overlap():
    found = manifolds(normal(1500), normal(1500, seed=1))
    assert min(found.precision.value, found.recall.value) > 0.95
    assert found.density.low < 1.0 + 0.05 and found.density.value == pytest.approx(1.0, abs=0.1)
    assert found.coverage.value == pytest.approx(1 - 2**-5, abs=0.015)  # for k = 5 and as many of each (Naeem et al.)


def test_distant_distributions_have_no_overlap():
    found = manifolds(normal(200), normal(200, shift=50.0))
    assert [e.value for e in (found.precision, found.recall, found.density, found.coverage)] == [0.0] * 4


def test_missing_modes_lower_recall_but_not_precision():
    """The real images have two clusters, the generated images only one of them."""
    real = torch.cat([normal(300), normal(300, seed=1, shift=30.0)])
    found = manifolds(real, normal(600, seed=2))
    assert found.precision.value > 0.9 and found.recall.value == pytest.approx(0.5, abs=0.06)
    assert found.coverage.value == pytest.approx(0.5, abs=0.05)
    swapped = manifolds(normal(600, seed=2), real)
    assert (
        swapped.precision.value == pytest.approx(found.recall.value) and swapped.recall.value == found.precision.value
    )


def test_overlap_by_hand_on_a_line():
    real, made = torch.tensor([[0.0], [1.0], [3.0]]), torch.tensor([[0.5], [10.0], [11.0]])
    found = manifolds(real, made, k=1)  # real balls reach 1, 1, 2; made ones 9.5, 1, 1
    assert found.precision.value == pytest.approx(1 / 3) and found.recall.value == 1.0
    assert found.density.value == pytest.approx(2 / 3)  # 0.5 lies in the balls of 0 and 1, none holds the others
    assert found.coverage.value == pytest.approx(2 / 3)
    assert all(math.isnan(each.margin) for each in (found.precision, found.recall, found.density, found.coverage))
    with pytest.raises(UserError, match="at least 6"):
        manifolds(real, made)


def test_chunks_do_not_change_the_overlap(monkeypatch):
    real, made = normal(250), normal(240, seed=1, shift=0.5)
    whole = manifolds(real, made), mmd(real, made), diversity(real)
    monkeypatch.setattr("vae_core.metrics.samples.precision_recall_kid.CHUNK", 37)
    again = manifolds(real, made), mmd(real, made), diversity(real)
    assert whole[0] == again[0]
    for a, b in zip(whole[1:], again[1:], strict=True):
        assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high))


# Distance


@pytest.mark.parametrize("kernel", ["polynomial", "rbf"])
def test_the_mmd_of_equal_distributions_is_zero_within_its_interval(kernel):
    found = [mmd(normal(150, seed=s), normal(150, seed=1000 + s), kernel) for s in range(120)]
    assert mean_of(np.array([e.value for e in found])).low < 0 < mean_of(np.array([e.value for e in found])).high
    assert np.mean([e.low <= 0 <= e.high for e in found]) > 0.9
    same = mmd(normal(100), normal(100), kernel)
    assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)


def test_the_mmd_of_shifted_normals_is_the_closed_form():
    """k(x, y) = (xy + 1)^3 in one dimension: the squared distance of the feature means x, x^2, x^3, weighted 3, 3, 1."""
    a, b = {1: 0.0, 2: 1.0, 3: 0.0}, {1: 0.5, 2: 1.25, 3: 0.5**3 + 3 * 0.5}  # moments of N(0, 1) and N(1/2, 1)
    known = sum(weight * (a[p] - b[p]) ** 2 for p, weight in {1: 3, 2: 3, 3: 1}.items())
    found = mmd(normal(4000, 1), normal(4000, 1, seed=1, shift=0.5))
    assert found.low < known < found.high and found.low > 0


def test_the_mmd_differs_for_distributions_with_equal_means():
    real = normal(600)
    assert mmd(real, normal(600, seed=1, scale=1.5)).low > 0
    near, far = (mmd(real, normal(600, seed=1, shift=s), "rbf") for s in (0.3, 1.0))
    assert 0 < near.value < far.value and near.disjoint(far)
    with pytest.raises(UserError, match="three"):
        mmd(real[:2], real[:2])


def test_diversity_is_the_mean_distance_of_pairs():
    x = normal(300, 3)
    found = diversity(x)
    assert found.value == pytest.approx(torch.pdist(x).mean().item(), rel=1e-5)
    # for normals of deviation s: E|x - y| = 2 s Gamma((D + 1) / 2) / Gamma(D / 2)
    assert found.low < 2 * math.gamma(2) / math.gamma(1.5) < found.high
    assert diversity(torch.ones(10, 3)).value == 0.0
    assert distances(x, x).diagonal().abs().max() == 0.0


# Features


def test_the_bundled_classifier_is_small_and_separates_shapes():
    assert WEIGHTS.stat().st_size <= 300_000
    split = load(DataConfig(dataset="digits")).test
    with torch.no_grad():
        said = bundled()(grey28(split.x / 255)).argmax(1)
    assert (said == split.labels).float().mean() > 0.9


def test_the_bundled_classifier_reads_mnist(data_root):
    for dataset, offset, bar in (("mnist", 0, 0.98), ("fashion-mnist", 10, 0.86)):
        split = load(DataConfig(dataset=dataset), data_root).test
        with torch.no_grad():
            said = bundled()(split.x[:1000] / 255).argmax(1) - offset
        assert (said == split.labels[:1000]).float().mean() > bar


def test_features_of_any_picture():
    x = torch.randint(0, 256, (7, 1, 28, 28), dtype=torch.uint8, generator=Generator().manual_seed(0))
    assert features(x).shape == (7, 64)
    torch.testing.assert_close(features(x), features(x / 255))
    for shape in ((3, 1, 8, 8), (3, 3, 64, 48), (3, 1, 32, 32)):
        assert features(torch.rand(shape)).isfinite().all()
    torch.testing.assert_close(features(x[:, :, :, :].expand(7, 3, 28, 28)), features(x), atol=1e-4, rtol=1e-4)
    points = torch.rand(5, 2)
    assert features(points) is points or torch.equal(features(points), points)


def test_worse_digits_have_a_larger_distance():
    split = load(DataConfig(dataset="digits")).train
    real, made = split.x[:600] / 255, split.x[600:1200] / 255
    noise = torch.rand(made.shape, generator=Generator().manual_seed(0))
    levels = [mmd(features(real), features((1 - w) * made + w * noise)).value for w in (0.0, 0.3, 0.6)]
    assert levels == sorted(levels) and levels[0] < 0.1 * levels[1]
    few = made[:10].repeat(60, 1, 1, 1)
    assert manifolds(features(real), features(few + 0.01 * noise)).recall.value < 0.1


# Pictures


def test_ssim_and_psnr_by_their_definitions():
    real = torch.rand(6, 1, 16, 16, generator=Generator().manual_seed(0))
    torch.testing.assert_close(ssim(real, real), torch.ones(6))
    assert (psnr(real, real) == 100).all()
    shifted = (real * 0.8).clamp(0, 1)
    known = -10 * (real - shifted).square().flatten(1).mean(1).log10()
    torch.testing.assert_close(psnr(shifted, real), known)
    noise = torch.randn(real.shape, generator=Generator().manual_seed(1))
    noisy = [ssim((real + s * noise).clamp(0, 1), real).mean() for s in (0.02, 0.1, 0.4)]
    assert 1 > noisy[0] > noisy[1] > noisy[2]
    assert ssim(real[:1], real[:1]).shape == psnr(real[:1], real[:1]).shape == (1,)
    with pytest.raises(UserError, match="6 x 6"):
        ssim(real[..., :4, :4], real[..., :4, :4])
