"""Noise and the share held out do what they say, and a setting without effect is refused."""

import numpy as np
import pytest
import torch

from vae_core.config import DataConfig
from vae_core.data import DATASETS, load
from vae_core.errors import UserError


def test_noise_on_shapes_has_the_stated_deviation():
    plain, noisy = (load(DataConfig(dataset="shapes", noise=noise)).train.x.numpy() for noise in (0.0, 0.1))
    inner = (noisy > 0) & (noisy < 255)
    black = noisy[plain == 0].astype(float)
    assert abs((black > 0).mean() - 0.5) < 0.01  # half of the noise on black is cut off
    half = black[black > 0]
    assert abs(np.sqrt((half**2).mean()) / 255 - 0.1) < 0.002 and inner.any()


def test_noise_on_points_widens_the_moons():
    plain, noisy = (load(DataConfig(dataset="points", noise=noise)).train for noise in (0.0, 0.8))
    assert torch.equal(plain.labels, noisy.labels)

    def between(part):  # variance of the class means, as a share of the whole
        return float(
            torch.stack([part.x[part.labels == i].mean(0) for i in (0, 1)]).var(0, correction=0).sum()
            / part.x.var(0).sum()
        )

    assert between(noisy) == pytest.approx(between(plain) / (1 + 0.8**2), rel=0.15)


HELD_OUT = [name for name, entry in DATASETS.items() if entry.held_out and not entry.own]


@pytest.mark.parametrize("name", HELD_OUT)
def test_the_share_held_out_is_split_in_half(name):
    if not DATASETS[name].available(None):
        pytest.skip("the extra that it is read from is not installed")
    data = load(DataConfig(dataset=name, held_out=0.5))
    total = sum(map(len, (data.train, data.val, data.test)))
    assert abs(len(data.val) - total / 4) <= 1 and abs(len(data.test) - total / 4) <= 1
    usual = load(DataConfig(dataset=name))
    assert total - len(usual.train) == pytest.approx(DATASETS[name].held_out * total, abs=1)


@pytest.mark.parametrize(
    "settings",
    [
        {"dataset": "digits", "noise": 0.1},
        {"dataset": "digits", "variant": "moons"},
        {"dataset": "shapes", "drawing": "eJw"},
        {"dataset": "mnist", "held_out": 0.5},
    ],
)
def test_a_setting_without_effect_is_refused(settings):
    with pytest.raises(UserError, match="has no setting"):
        load(DataConfig(**settings))


def test_fewer_training_images_leave_the_test_images_as_they_are():
    whole, few = (load(DataConfig(training_images=count)) for count in (None, 100))
    assert len(few.train) == 100 and len(few.train.labels.unique()) == 10
    assert torch.equal(whole.test.x, few.test.x) and torch.equal(whole.val.x, few.val.x)
    kept = {row.numpy().tobytes() for row in whole.train.x}
    assert all(row.numpy().tobytes() in kept for row in few.train.x)
    assert len(load(DataConfig(training_images=10**6)).train) == len(whole.train)
