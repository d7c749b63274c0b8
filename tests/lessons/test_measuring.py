"""Values of the scene that lessons name, where they are known."""

import numpy as np
import pytest

from vae_core import checkpoints
from vae_core.explore.explorer import Explorer
from vae_core.lessons import measuring


def test_a_hole_is_where_the_prior_is_denser_than_the_codes():
    model = Explorer.open(checkpoints.bundled() / "digits-vae-2d")
    mean, scale = model.latents.mean.astype(np.float64), model.latents.scale.astype(np.float64)
    for z in (np.array([1.7, -2.2], np.float32), np.array([-0.6, -0.2], np.float32)):
        parts = np.exp(-0.5 * np.square((z - mean) / scale)).prod(1) / (2 * np.pi * scale.prod(1))
        known = -0.5 * z @ z - np.log(2 * np.pi) - np.log(parts.mean())
        found = measuring.of_code(model, z, None, None)["hole"]
        assert found == pytest.approx(known, abs=1e-4)
    assert found < 0  # where the noughts lie the codes are denser than the prior


def test_a_plain_autoencoder_has_no_prior_to_compare_with():
    model = Explorer.open(checkpoints.bundled() / "digits-ae-2d")
    assert measuring.of_code(model, model.latents.mean[0], None, None)["hole"] is None
