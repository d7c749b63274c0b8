"""AUROC by hand, and detection of a class that was left out of training."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Generator

from vae_core.config import DataConfig, ModelConfig
from vae_core.data import Split, load
from vae_core.errors import UserError
from vae_core.metrics.out_of_distribution import (
    auroc,
    complexity,
    complexity_corrected,
    held_out,
    leave_class_out,
)
from vae_core.models.build import build

RNG = np.random.default_rng(0)


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
    less = leave_class_out(data, 3)
    assert not (less.train.labels == 3).any() and not (less.val.labels == 3).any()
    assert len(less.test) == len(data.test) and (less.test.labels == 3).any()
    assert len(less.train) == int((data.train.labels != 3).sum())
    shapes = load(DataConfig(dataset="points", variant="gaussian"))
    with pytest.raises(UserError, match="Nothing is left"):
        leave_class_out(shapes, int(shapes.train.labels[0]))


def test_an_out_of_distribution_image_is_found_by_its_loss():
    """A decoder that predicts black for every pixel: white images have a high loss."""
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
    model = build(ModelConfig(shape=data.shape, hidden=(8,)), seed=0)
    assert held_out(model, leave_class_out(data, 0), 0).label == 0
    assert len(leave_class_out(data, 0).train) < len(data.train)


def test_the_corrected_score_is_what_complexity_does_not_explain():
    """Losses that are linear in the sum of pixels, plus noise: an empty image with 3 nats more has the highest score."""
    noise = np.random.default_rng(0)
    generator = Generator().manual_seed(0)
    x = torch.rand(400, 1, 8, 8, generator=generator) * torch.rand(400, 1, 1, 1, generator=generator)
    hard = complexity(x)
    assert hard[:, 0] == pytest.approx(x.sum((1, 2, 3)).numpy(), rel=1e-5) and (hard[:, 1] <= 64 * math.log(2)).all()
    assert (complexity((x > 0.5).byte() * 255)[:, 1] == 0).all()  # black and white costs nothing
    loss = 2.0 * hard[:, 0] + hard[:, 1] + 0.5 * noise.normal(size=400)
    empty = int(hard[:, 0].argmin())
    loss[empty] += 3.0
    found = complexity_corrected(loss, x, loss[1::2], x[1::2])
    assert found.argmax() == empty != loss.argmax()
    assert abs(np.corrcoef(found, hard[:, 0])[0, 1]) < 0.15 < 0.9 < np.corrcoef(loss, hard[:, 0])[0, 1]
    points = torch.rand(50, 2)
    order = complexity_corrected(loss[:50], points, loss[50:100], points).argsort()
    assert (order == loss[:50].argsort()).all()
