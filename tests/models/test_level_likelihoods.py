"""Likelihoods on 256 levels in a model: what training reaches on digits, and an entropy coder's bits beside the distortion."""

import numpy as np
import pytest
import torch

from vae_core.axes.names import ON_LEVELS
from vae_core.config import DataConfig, ModelConfig
from vae_core.data import Dataset, Split, load, to_input
from vae_core.distributions.levels.coding_frequencies import level_numbers, rounded
from vae_core.models.build import build
from vae_core.models.vae import evaluation
from vae_core.presets.build_run import build_run
from vae_core.training.events import Done, Epoch, Failed
from vae_core.training.fit import fit

DIGITS = load(DataConfig())


def trained(likelihood, data=DIGITS, **settings):
    run = build_run("vae", DataConfig(), data.shape, 10, likelihood=likelihood, hidden=(64,), **settings)
    vae = build(run.model, 0)
    return vae, list(fit(vae, data, run))


@pytest.mark.parametrize("likelihood", ON_LEVELS)
def test_training_on_digits_saves_bits_and_uses_the_code(likelihood):
    _, events = trained(likelihood, epochs=15)
    assert isinstance(events[-1], Done)
    values = [event.val for event in events if isinstance(event, Epoch)]
    assert values[-1]["elbo"] > values[0]["elbo"] + 15 and values[-1]["rate"] > 0.5
    assert events[-1].figures["bits_per_dim"] < 4.6  # digits have 17 levels, which a smooth mass on 256 cannot know


@pytest.mark.parametrize("likelihood", ON_LEVELS)
@pytest.mark.parametrize(("network", "shape"), [("mlp", (1, 8, 8)), ("conv", (3, 9, 14))])
def test_an_entropy_coder_needs_the_bits_of_the_distortion(likelihood, network, shape):
    """The frequencies come from numbers in the order (R, P), whatever the network: a wrong order would cost many bits."""
    vae = build(ModelConfig(shape=shape, latent_dim=2, hidden=(8,), network=network, likelihood=likelihood), seed=0)
    noise = torch.Generator().manual_seed(0)
    vae.init_from_mean(torch.rand(shape, generator=noise))
    z = 5 * torch.ones(1, 2)
    torch.manual_seed(0)
    with evaluation(vae):
        raw, p = vae._raw(z, None), vae.decode(z)
        x = p.sample()
        distortion = -p.log_prob(x).item()
    ends = vae.likelihood.cumulative_frequencies(rounded(raw).reshape(vae.likelihood.raw_numbers, -1))
    pixel, level = np.arange(len(ends)), level_numbers(x).ravel()
    bits = 24 - np.log2(ends[pixel, level + 1] - ends[pixel, level])
    assert bits.sum() == pytest.approx(distortion / np.log(2), rel=2e-3)


def test_pictures_between_levels_are_refused_before_a_training():
    between = Split(to_input(DIGITS.train.x) * 0.99, DIGITS.train.labels)
    _, events = trained("beta_binomial", Dataset("own", "Own", between, between, between, DIGITS.classes), epochs=1)
    assert isinstance(events[-1], Failed) and "none of the 256 levels" in events[-1].message
