"""What codes are good for, and what a model's bits are worth: made codes, made rankings, real files."""

import io
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Generator

from vae_core.config import DataConfig, ModelConfig
from vae_core.data import Split, load
from vae_core.errors import UserError
from vae_core.metrics import terms_of
from vae_core.metrics.compression import compression
from vae_core.metrics.use import (
    auroc,
    complexity,
    held_out,
    held_out_each,
    knn_accuracy,
    probe_accuracy,
    surprise,
    without,
)
from vae_core.models.build import build

RNG = np.random.default_rng(0)


def clouds(count: int, distance: float, seed: int):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count)
    return rng.normal(size=(count, 2)) + distance * labels[:, None], labels


@pytest.mark.parametrize("accuracy", [knn_accuracy, probe_accuracy])
def test_accuracy_of_clouds(accuracy):
    apart = accuracy(*clouds(300, 12.0, 0), *clouds(200, 12.0, 1))
    assert apart.value == 1.0 and apart.low > 0.97
    mixed = accuracy(*clouds(300, 0.0, 0), *clouds(400, 0.0, 1))
    assert mixed.low < 0.5 < mixed.high
    best = 0.5 * (1 + math.erf(2.0 / 2))  # two unit clouds 2 * sqrt(2) apart
    assert accuracy(*clouds(3000, 2.0, 0), *clouds(2000, 2.0, 1)).value == pytest.approx(best, abs=0.03)


def test_a_line_cannot_name_a_ring_but_neighbours_can():
    z = RNG.normal(size=(1200, 2))
    labels = (np.linalg.norm(z, axis=1) > 1.2).astype(int)
    arrays = (z[:800], labels[:800], z[800:], labels[800:])
    assert knn_accuracy(*arrays).value > 0.93 > 0.7 > probe_accuracy(*arrays).value
    with pytest.raises(UserError, match="two labels"):
        probe_accuracy(z, np.zeros(1200), z, np.zeros(1200))


def test_auroc_by_hand_and_by_scikit_learn():
    from sklearn.metrics import roc_auc_score

    assert auroc([3, 4, 1, 2], [True, True, False, False]).value == 1.0
    assert auroc([1, 2, 3, 4], [True, True, False, False]).value == 0.0
    assert auroc([5, 5, 5, 5], [True, True, False, False]).value == 0.5
    scores, chosen = np.round(RNG.normal(size=400), 1), RNG.random(400) < 0.3
    assert auroc(scores, chosen).value == pytest.approx(roc_auc_score(chosen, scores))
    with pytest.raises(UserError, match="two images"):
        auroc([1, 2, 3], [True, False, False])


def test_aurocs_interval_holds_the_truth():
    truth = 0.5 * (1 + math.erf(1.0 / 2))  # two unit normals, one apart
    rng = np.random.default_rng(3)
    chosen = np.arange(150) < 50
    found = [auroc(rng.normal(size=150) + chosen, chosen) for _ in range(500)]
    assert 0.92 < np.mean([e.low <= truth <= e.high for e in found]) < 0.98


def test_a_class_left_out_is_only_in_the_test_split():
    data = load(DataConfig())
    less = without(data, 3)
    assert not (less.train.labels == 3).any() and not (less.val.labels == 3).any()
    assert len(less.test) == len(data.test) and (less.test.labels == 3).any()
    assert len(less.train) == int((data.train.labels != 3).sum())
    shapes = load(DataConfig(dataset="points", variant="gaussian"))
    with pytest.raises(UserError, match="Nothing is left"):
        without(shapes, int(shapes.train.labels[0]))


def test_a_stranger_is_found_by_its_loss():
    """A decoder that says black for every pixel: white pictures are strange to it."""
    vae = build(ModelConfig(shape=(1, 4, 4), latent_dim=1, hidden=()), seed=0)
    with torch.no_grad():
        for parameter in vae.decoder.parameters():
            parameter.zero_()
        vae.decoder.output_bias.fill_(-3.0)
    labels = torch.arange(60) % 3
    x = (labels == 2)[:, None, None, None].expand(60, 1, 4, 4).byte() * 255
    split = Split(x, labels)
    made = replace(load(DataConfig()), val=Split(x[labels != 2], labels[labels != 2]), test=split)
    assert held_out(vae, made, 2).auroc.value == held_out(vae, made, 2).corrected.value == 1.0
    assert held_out(vae, made, 0).auroc.value < 0.3
    data = load(DataConfig())
    seen = []
    model = build(ModelConfig(shape=data.shape, hidden=(8,)), seed=0)
    found = held_out_each(data, lambda part: seen.append(len(part.train)) or model, [0, 1])
    assert [each.label for each in found] == [0, 1] and len(seen) == 2 and max(seen) < len(data.train)


def test_surprise_is_what_hardness_does_not_explain():
    """Losses that are a line of the ink, plus noise: an empty picture with 3 nats too many is the strangest."""
    noise = np.random.default_rng(0)
    generator = Generator().manual_seed(0)
    x = torch.rand(400, 1, 8, 8, generator=generator) * torch.rand(400, 1, 1, 1, generator=generator)
    hard = complexity(x)
    assert hard[:, 0] == pytest.approx(x.sum((1, 2, 3)).numpy(), rel=1e-5) and (hard[:, 1] <= 64 * math.log(2)).all()
    assert (complexity((x > 0.5).byte() * 255)[:, 1] == 0).all()  # black and white costs nothing
    loss = 2.0 * hard[:, 0] + hard[:, 1] + 0.5 * noise.normal(size=400)
    empty = int(hard[:, 0].argmin())
    loss[empty] += 3.0
    found = surprise(loss, x, loss[1::2], x[1::2])
    assert found.argmax() == empty != loss.argmax()
    assert abs(np.corrcoef(found, hard[:, 0])[0, 1]) < 0.15 < 0.9 < np.corrcoef(loss, hard[:, 0])[0, 1]
    points = torch.rand(50, 2)
    order = surprise(loss[:50], points, loss[50:100], points).argsort()
    assert (order == loss[:50].argsort()).all()


def bernoulli(p: float):
    """A model that says white with probability p for every pixel, and whose code is the prior."""
    vae = build(ModelConfig(shape=(1, 16, 16), latent_dim=1, hidden=()), seed=0)
    with torch.no_grad():
        for parameter in vae.parameters():
            parameter.zero_()
        vae.decoder.output_bias.fill_(math.log(p / (1 - p)))
    return vae


def test_a_coin_costs_its_entropy():
    coin = torch.rand(200, 1, 16, 16, generator=Generator().manual_seed(0)) < 0.2
    found = compression(bernoulli(0.2), Split(coin.byte() * 255, torch.zeros(200).long()))
    entropy = -(0.2 * math.log2(0.2) + 0.8 * math.log2(0.8))
    assert found.model.low < entropy < found.model.high and found.levels == 2
    for size in (found.png.value, found.gzip.value, found.gzip_together, found.png_sheet):
        assert size > entropy  # no file of a fair source is smaller
    assert found.rate > 1
    assert found.gzip_together < found.gzip.value and found.png_sheet < found.png.value  # one header for all


def test_files_are_what_they_say():
    split = load(DataConfig()).test
    small = Split(split.x[:3], split.labels[:3])
    vae = build(ModelConfig(shape=(1, 8, 8), hidden=(8,), likelihood="continuous_bernoulli"), seed=0)
    found = compression(vae, small)
    sizes = []
    for picture in small.x:
        file = io.BytesIO()
        Image.fromarray(picture[0].numpy()).save(file, "PNG", optimize=True)
        sizes.append(len(file.getvalue()) * 8 / 64)
    assert found.levels == 256 and found.png.value == pytest.approx(np.mean(sizes))


def test_grey_levels_cost_eight_bits_under_an_even_density():
    """A continuous Bernoulli at 1/2 is even on [0, 1]: nothing is known, so a pixel costs all its 8 bits."""
    vae = build(ModelConfig(shape=(1, 6, 6), latent_dim=1, hidden=(), likelihood="continuous_bernoulli"), seed=0)
    with torch.no_grad():
        for parameter in vae.parameters():
            parameter.zero_()
    x = torch.randint(0, 256, (40, 1, 6, 6), dtype=torch.uint8, generator=Generator().manual_seed(0))
    split = Split(x, torch.zeros(40).long())
    assert compression(vae, split).model.value == pytest.approx(8.0, abs=1e-3)
    assert terms_of(vae, split).rate.abs().max() < 1e-6


def test_what_has_no_size_is_refused():
    plain = build(ModelConfig(shape=(1, 4, 4), hidden=(), posterior="point"))
    with pytest.raises(UserError, match="bound"):
        compression(plain, Split(torch.zeros(2, 1, 4, 4, dtype=torch.uint8), torch.zeros(2).long()))
