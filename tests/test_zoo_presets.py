"""Every preset: a short training lowers its loss, in fp32 and bf16, and leaves every weight finite."""

import math

import pytest

from vae_core.config import DataConfig
from vae_core.datasets import load
from vae_core.events import Done, Epoch
from vae_core.presets import PRESETS, preset
from vae_core.training import fit
from vae_core.vae import build

DIGITS = load(DataConfig())


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_short_training_on_digits_lowers_the_loss(name, precision):
    settings = {"hidden": (32,), "epochs": 4, "warmup_steps": 5, "precision": precision}
    run = preset(name, DataConfig(), DIGITS.shape, 10, **settings)
    vae = build(run.model, 0)
    events = list(fit(vae, DIGITS, run))
    assert isinstance(events[-1], Done), events[-1]
    losses = [event.train["distortion"] for event in events if isinstance(event, Epoch)]
    assert losses[-1] < losses[0]
    assert all(math.isfinite(value) for value in events[-1].figures.values() if value is not None)
    assert all(p.isfinite().all() for p in vae.parameters())
