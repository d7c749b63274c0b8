"""The benchmark of denoising: the filters' sizes are chosen on validation pictures, and all methods get the same noise."""

from functools import partial

import torch

from benchmarks.denoising import PEERS, chosen, errors, pictures
from vae_core import checkpoints
from vae_core.completion.denoising import CORRUPTIONS, ENCODER, FITTED, NOISY, error, gaussian_filter
from vae_core.config import DataConfig
from vae_core.data import load


def test_the_filter_with_the_least_error_is_chosen():
    clean = torch.zeros(1, 1, 9, 9)
    noisy = CORRUPTIONS["gaussian"](clean + 0.5, 0.2, 0)
    narrow, wide = (partial(gaussian_filter, sigma=sigma) for sigma in (0.4, 2.0))
    assert chosen((narrow, wide), clean + 0.5, noisy) is wide
    assert chosen((narrow, wide), noisy, noisy) is narrow


def test_every_method_restores_the_same_pictures():
    vae, data = checkpoints.load(checkpoints.bundled() / "digits-vae-2d").vae.eval(), load(DataConfig())
    val, test = pictures(data.val, 8), pictures(data.test, 8)
    found = errors(vae, (val, test), "salt", 0.4)
    assert {*found} == {NOISY, FITTED, ENCODER, *PEERS}
    assert abs(found[NOISY] - error(CORRUPTIONS["salt"](test, 0.4, 1), test).mean().item()) < 1e-6
    assert all(found[name] < found[NOISY] for name in PEERS)
