"""Corruptions of a known strength, and what restores them: the fitted q(z), the encoder, and scipy's filters."""

import pytest
import torch

from vae_core import checkpoints
from vae_core.completion.denoising import CORRUPTIONS, ENCODER, FILTERS, FITTED, NOISY, blur, denoise, error, salt
from vae_core.config import DataConfig
from vae_core.data import load


@pytest.fixture(scope="module")
def vae():
    return checkpoints.load(checkpoints.bundled() / "digits-vae-2d").vae.eval()


@pytest.fixture(scope="module")
def digits():
    return load(DataConfig()).test.x[:6]


def test_corruptions_are_as_strong_as_they_say():
    grey = torch.full((1, 1, 100, 100), 0.5)
    for strength in (0.0, 0.2):
        assert (salt(grey, strength) != 0.5).float().mean().item() == pytest.approx(strength, abs=0.02)
        assert (CORRUPTIONS["gaussian"](grey, strength) - 0.5).std().item() == pytest.approx(strength, abs=0.02)
    assert torch.allclose(blur(grey, 0.2), grey)
    point = torch.zeros(1, 1, 41, 41)
    point[..., 20, 20] = 1
    spread = blur(point, 0.4)
    squares = (torch.arange(41) - 20).float().square()
    assert spread.sum().item() == pytest.approx(1, abs=1e-4)
    assert (spread.sum(-1).flatten() * squares).sum().item() == pytest.approx(4, abs=0.15)


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_where_the_corruption_is_strong_the_fitted_code_is_best(vae, digits, kind):
    each = [denoise(vae, picture.numpy(), kind, 0.5 if kind != "blur" else 0.4).errors for picture in digits]
    means = {name: sum(errors[name] for errors in each) / len(each) for name in each[0]}
    assert set(means) == {NOISY, FITTED, ENCODER, *FILTERS}
    assert means[FITTED] < means[NOISY] and means[FITTED] == min(means.values()), means


def test_the_error_is_that_of_the_pixels():
    assert error(torch.ones(2, 1, 4, 4) * 0.5, torch.zeros(2, 1, 4, 4)).tolist() == [0.5, 0.5]
