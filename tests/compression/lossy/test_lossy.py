"""Compression with loss: the bits of rounded codes, picture formats without their headers, and the choice of a setting."""

import math

import numpy as np
import pytest
import torch

from tests.helpers.export_helpers import lively
from tests.pages.visit import DIGITS
from vae_core import checkpoints
from vae_core.compression.lossy import rounded_codes
from vae_core.compression.lossy.coded import Coded, Settings
from vae_core.compression.lossy.picture_formats import LOSSY, of_format
from vae_core.errors import UserError

X = DIGITS.test.x[:40].numpy()


def test_finer_codes_take_more_bytes_and_lose_less():
    vae = checkpoints.load(checkpoints.bundled() / "digits-vae-2d").vae
    found = rounded_codes.in_steps(vae, X)
    assert (np.diff(found.bytes.mean(1)) >= 0).all() and found.errors[-1].mean() < 0.7 * found.errors[0].mean()
    assert [one.mse for one in found.each()] == list(found.errors.mean(1))


def test_the_bits_of_all_codes_are_those_of_a_distribution():
    for step in (1.0, 0.25):
        whole = np.arange(-40, 41, dtype=np.float64)[:, None]
        masses = 2.0 ** -rounded_codes._bits(whole, step)
        assert masses.sum() == pytest.approx(1, abs=1e-6)
    expected = -math.log2(math.erf(0.5 / math.sqrt(2)))
    assert rounded_codes._bits(np.zeros((1, 3)), 1.0) == pytest.approx([3 * expected])


def test_a_model_without_a_normal_prior_is_refused():
    with pytest.raises(UserError, match="Compression needs"):
        rounded_codes.of_model(lively(posterior="point"), np.zeros((2, 1, 8, 8), np.uint8), 1.0)


@pytest.mark.parametrize("name", LOSSY)
@pytest.mark.parametrize("channels", [1, 3])
def test_the_finest_setting_loses_little_and_a_grey_picture_takes_nothing(name, channels):
    chance = np.random.default_rng(0)
    steep = chance.integers(0, 255, (2, channels, 4, 4), np.uint8).repeat(8, 2).repeat(8, 3)
    found = of_format(name, steep)
    assert found.errors[-1].mean() < found.errors[0].mean() and found.bytes[0].mean() < found.bytes[-1].mean()
    assert found.errors[-1].mean() < 100 * channels
    assert of_format(name, np.full((1, channels, 32, 32), 128, np.uint8)).bytes[0, 0] == 0


def test_the_best_setting_within_a_budget_is_taken_for_each_picture():
    settings = Settings(np.array([[2.0, 5.0], [4.0, 9.0]]), np.array([[30.0, 20.0], [10.0, 5.0]]))
    coded, fits = settings.at_most(np.array([4.0, 4.0]))
    assert list(coded.bytes) == [4, 5] and list(coded.errors) == [10, 20] and fits == 0.5
    assert Coded(np.ones(1), np.array([255.0**2])).psnr == pytest.approx(0)


def test_the_prior_of_far_codes_is_not_zero():
    assert np.isfinite(rounded_codes._bits(torch.tensor([[300.0]]).double().numpy(), 0.125)).all()
