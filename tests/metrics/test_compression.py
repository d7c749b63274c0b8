"""Bits per dimension of a model against closed forms and real files."""

import io
import math

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Generator

from vae_core.config import DataConfig, ModelConfig
from vae_core.data import Split, load
from vae_core.errors import UserError
from vae_core.metrics import evaluate, terms_of
from vae_core.metrics.compression import compression
from vae_core.models.build import build

RNG = np.random.default_rng(0)


def bernoulli(p: float):
    """A model with probability p of white for every pixel, and a posterior equal to the prior."""
    vae = build(ModelConfig(shape=(1, 16, 16), latent_dim=1, hidden=()), seed=0)
    with torch.no_grad():
        for parameter in vae.parameters():
            parameter.zero_()
        vae.decoder.output_bias.fill_(math.log(p / (1 - p)))
    return vae


def test_bernoulli_pixels_need_their_entropy_in_bits():
    coin = torch.rand(200, 1, 16, 16, generator=Generator().manual_seed(0)) < 0.2
    found = compression(bernoulli(0.2), Split(coin.byte() * 255, torch.zeros(200).long()))
    entropy = -(0.2 * math.log2(0.2) + 0.8 * math.log2(0.8))
    assert found.model.low < entropy < found.model.high and found.levels == 2
    for size in (found.png.value, found.gzip.value, found.gzip_together, found.png_sheet):
        assert size > entropy  # no file of a fair source is smaller
    assert found.ratio > 1
    assert found.gzip_together < found.gzip.value and found.png_sheet < found.png.value  # one header for all


def test_file_sizes_are_those_of_real_files():
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


def test_a_uniform_density_needs_eight_bits_per_grey_level():
    """A continuous Bernoulli with logit 0 is uniform on [0, 1], so a pixel needs 8 bits."""
    vae = build(ModelConfig(shape=(1, 6, 6), latent_dim=1, hidden=(), likelihood="continuous_bernoulli"), seed=0)
    with torch.no_grad():
        for parameter in vae.parameters():
            parameter.zero_()
    x = torch.randint(0, 256, (40, 1, 6, 6), dtype=torch.uint8, generator=Generator().manual_seed(0))
    split = Split(x, torch.zeros(40).long())
    assert compression(vae, split).model.value == pytest.approx(8.0, abs=1e-3)
    assert terms_of(vae, split).rate.abs().max() < 1e-6


def test_a_mass_on_levels_is_the_size_of_a_file_without_noise():
    """A beta-binomial with alpha = beta = 1 gives each of the 256 levels the same probability: 8 bits, whatever the picture."""
    vae = build(ModelConfig(shape=(3, 6, 6), latent_dim=1, hidden=(), likelihood="beta_binomial"), seed=0)
    with torch.no_grad():
        for parameter in vae.parameters():
            parameter.zero_()
    x = torch.randint(0, 256, (40, 3, 6, 6), dtype=torch.uint8, generator=Generator().manual_seed(0))
    split = Split(x, torch.zeros(40).long())
    found = compression(vae, split)
    assert found.levels == 256 and found.model.value == pytest.approx(8.0, abs=1e-4)
    assert found.model.value == pytest.approx(evaluate(vae, split)["bits_per_dim"], abs=1e-5)


def test_points_and_plain_autoencoders_are_refused():
    plain = build(ModelConfig(shape=(1, 4, 4), hidden=(), posterior="point"))
    with pytest.raises(UserError, match="bound"):
        compression(plain, Split(torch.zeros(2, 1, 4, 4, dtype=torch.uint8), torch.zeros(2).long()))
