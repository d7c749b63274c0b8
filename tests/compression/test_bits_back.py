"""Bits-back coding gives back every picture, and takes the bits of the negative ELBO."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator

from tests.helpers.model_helpers import model
from vae_core.checkpoints import bundled, load
from vae_core.compression import bits_back
from vae_core.compression.integer_vae import IntegerVae, measure
from vae_core.data import DataConfig, Split
from vae_core.data import load as load_data
from vae_core.metrics.elbo_nll_bits_per_dim import terms_of


@given(st.integers(1, 3000), st.integers(1, 40), st.integers(1, 100))
def test_blocks_follow_the_head_without_a_gap(count, head, cap):
    before = min(head, count)
    for block in bits_back.blocks(count, head, cap):
        assert block.start == before and 1 <= block.stop - before <= max(1, min(cap, before // 2))
        before = block.stop
    assert before == count


def random_pictures(vae, count):
    return np.random.default_rng(count).integers(0, vae.likelihood.levels, (count, *vae.config.shape)).astype(np.uint8)


SETTINGS = [
    {},
    {"network": "conv", "hidden": (4,)},
    {"latent_dim": 40},
    {"likelihood": "beta_binomial"},
    {"likelihood": "discretised_logistic", "network": "conv", "hidden": (4,), "shape": (3, 5, 6)},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_the_same_pictures_come_back(settings):
    """Also of a model that has learnt nothing, whose codes may take more bits than there are."""
    vae = model(**settings).eval()
    for count in (1, 2, 37):
        x = random_pictures(vae, count)
        coder = IntegerVae(vae, measure(vae, x))
        coded = bits_back.encode(coder, x, 10)
        assert np.array_equal(bits_back.decode(coder, coded, count, 10), x)
        assert not coded.data.endswith(b"\0") and 1 <= coded.head <= count


def test_the_head_grows_where_the_bits_would_run_out():
    vae = model(latent_dim=40).eval()
    with torch.no_grad():
        vae.encoder.layers[-1].bias[40:] = 1.0  # a wide q, which takes more bits than a picture of 16 pixels gives
    x = random_pictures(vae, 30)
    assert bits_back.encode(IntegerVae(vae, measure(vae, x)), x, 10).head > 1


def test_a_file_takes_the_bits_of_the_elbo():
    vae = load(bundled() / "digits-vae-2d").vae.eval()
    data = load_data(DataConfig(dataset="digits"))
    x = (data.train.x[:1000] > 127).byte()
    bound = terms_of(vae, Split(x * 255, torch.zeros(len(x)).long()), "grey", 0).elbo
    assert bound is not None
    coder = IntegerVae(vae, measure(vae, x.numpy()))
    found = 8 * len(bits_back.encode(coder, x.numpy(), 100).data)
    spread = 4 * bound.std().item() / math.sqrt(len(x)) / math.log(2)  # two estimates with one draw of z each
    assert found == pytest.approx(-bound.sum().item() / math.log(2), abs=0.01 * found + spread)


@pytest.mark.parametrize("likelihood", ["bernoulli", "beta_binomial", "discretised_logistic"])
def test_a_level_takes_the_bits_of_its_probability(likelihood):
    """Of pictures that the model draws at codes on the grid."""
    vae = model(likelihood=likelihood, shape=(3, 4, 4)).eval()
    grid = np.random.default_rng(0).integers(-60, 61, (80, 3))
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        p = vae.likelihood.pixels(vae.decoder(torch.from_numpy(grid / 32).float()))
        x = p.sample()
        wanted = -p.log_prob(x).mean().item() / math.log(2)
    levels = (x * (vae.likelihood.levels - 1)).round().byte().numpy()
    rows = IntegerVae(vae, measure(vae, levels)).p(grid)
    shares = (rows[np.arange(levels.size), levels.ravel()] + 1) / 2**24
    assert -np.log2(shares).mean() == pytest.approx(wanted, rel=0.005)


def test_bits_that_are_cut_leave_the_stack_in_another_state():
    vae = model().eval()
    x = random_pictures(vae, 50)
    coder = IntegerVae(vae, measure(vae, x))
    coded = bits_back.encode(coder, x, 10)
    shorter = bits_back.CodedSegment(coded.data[8:], coded.head, coded.coarseness)
    with pytest.raises(ValueError, match="left over|outside"):
        bits_back.decode(coder, shorter, 50, 10)


def test_the_bits_of_one_picture_are_few():
    vae = load(bundled() / "mnist-vae-20d").vae.eval()
    with torch.inference_mode():
        z = torch.randn(20, 20, generator=Generator().manual_seed(0))
        x = (vae.decode(z).mean > 0.5).byte().numpy()
    coder = IntegerVae(vae, measure(vae, x))
    assert np.mean([len(bits_back.encode(coder, one[None], 100).data) for one in x]) <= 24
