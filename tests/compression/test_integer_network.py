"""Integer networks follow the float ones closely, and give the same on any number of threads, in any batch and process."""

import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest
import torch

from tests.helpers.model_helpers import model
from vae_core.compression.integer_network import IntegerNetwork, measured_ranges
from vae_core.errors import UserError

SETTINGS = [
    {"activation": "relu"},
    {"activation": "tanh", "hidden": (24, 12)},
    {"activation": "silu", "network": "conv", "hidden": (5, 6), "shape": (3, 7, 10)},
]
PIXELS = np.random.default_rng(0).integers(0, 256, (30, 3 * 7 * 10))


def networks(**settings):
    vae = model(**settings).eval()
    x = PIXELS[:, : int(np.prod(vae.config.shape))].reshape(-1, *vae.config.shape)
    z = np.random.default_rng(1).integers(-100, 101, (30, vae.config.latent_dim))
    yield vae.encoder, x, 1 / 255, 255
    yield vae.decoder, z, 1 / 32, 384


def outputs(**settings):
    for network, x, unit, largest in networks(**settings):
        real = torch.from_numpy(x * unit).float()
        yield (
            network(real).detach().numpy(),
            IntegerNetwork(network, unit, largest, measured_ranges(network, real), 256),
            x,
        )


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_outputs_are_those_of_the_float_network_rounded(settings):
    for wanted, network, x in outputs(**settings):
        found = network(x) / 256
        assert found.shape == wanted.shape and np.abs(found - wanted).max() < 0.01 * max(1, np.abs(wanted).max())


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_neither_the_batch_nor_the_threads_change_a_number(settings):
    before = torch.get_num_threads()
    for _, network, x in outputs(**settings):
        whole = network(x)
        assert np.array_equal(np.concatenate([network(one) for one in np.array_split(x, 7)]), whole)
        try:
            torch.set_num_threads(3)
            assert np.array_equal(network(x), whole)
        finally:
            torch.set_num_threads(before)


def digest():
    """Of the outputs of all SETTINGS, with the ranges fixed."""
    found = hashlib.sha256()
    for settings in SETTINGS:
        for network, x, unit, largest in networks(**settings):
            found.update(IntegerNetwork(network, unit, largest, [4] * 9, 256)(x).tobytes())
    return found.hexdigest()


@pytest.mark.parametrize("instructions", ["default", "avx2"])
def test_another_process_with_other_instructions_computes_the_same(instructions):
    """MKL and torch take other kernels for matrix products with these settings, which add in another order."""
    environment = {"ATEN_CPU_CAPABILITY": instructions, "MKL_ENABLE_INSTRUCTIONS": "SSE4_2", "OMP_NUM_THREADS": "2"}
    code = "import json; from tests.compression.test_integer_network import digest; print(json.dumps(digest()))"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **environment}, capture_output=True, check=True, text=True
    )
    assert json.loads(done.stdout) == digest()


def test_sums_that_float64_cannot_hold_are_refused():
    vae = model()
    with pytest.raises(UserError, match="would not be exact"):
        IntegerNetwork(vae.encoder, 1e-9, 2**40, [4], 256)


def test_weights_of_zero_and_a_large_bias_still_work():
    vae = model()
    with torch.no_grad():
        vae.encoder.layers[-1].weight.zero_()
        vae.encoder.layers[-1].bias.fill_(3.0)
    network = IntegerNetwork(vae.encoder, 1 / 255, 255, [4], 256)
    assert np.abs(network(PIXELS[:, :16].reshape(-1, 1, 4, 4)) - 3 * 256).max() <= 1
