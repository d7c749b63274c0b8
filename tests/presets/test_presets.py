"""Every preset: a short training lowers its loss, in fp32 and bf16, and leaves every weight finite."""

import math

import numpy as np
import pytest

from tests.helpers.preset_helpers import OF_NUMBERS
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.explore.explorer import Explorer
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.events import Done, Epoch
from vae_core.training.fit import fit

DIGITS = load(DataConfig())


@pytest.mark.parametrize("name", OF_NUMBERS)
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_short_training_on_digits_lowers_the_loss(tmp_path, name, precision):
    epochs = 12 if name == "m1-m2" else 4  # which trains two models in turn
    settings = {"hidden": (32,), "epochs": epochs, "warmup_steps": 5, "precision": precision}
    run = build_run(name, DataConfig(), DIGITS.shape, 10, **settings)
    vae = build(run.model, 0)
    events = list(fit(vae, DIGITS, run, folder=tmp_path))
    assert isinstance(events[-1], Done), events[-1]
    losses = [event.train["distortion"] for event in events if isinstance(event, Epoch)]
    assert losses[-1] < losses[0]
    assert all(math.isfinite(value) for value in events[-1].figures.values() if value is not None)
    assert all(p.isfinite().all() for p in vae.parameters())
    look_at(Explorer.open(tmp_path))


def look_at(explorer):
    """The methods that pages use."""
    size = explorer.latent_dim
    reading = explorer.analyse(DIGITS.test.x[0].numpy())
    assert reading.reconstruction.shape == (1, 8, 8) and math.isfinite(reading.distortion)
    assert reading.mean.shape == reading.scale.shape == (size,)
    assert reading.rate is None or reading.rate == pytest.approx(reading.kl.sum(), rel=1e-4)
    z = explorer.prior_samples(5, 0)
    assert z.shape == (5, size) and np.array_equal(z, explorer.prior_samples(5, 0))
    pictures = explorer.decode(z)
    assert pictures.shape == (5, 1, 8, 8) and np.isfinite(pictures).all()
    known = [(explorer.rates()[d], explorer.latents.mean[:, d].var()) for d in explorer.order()]
    assert sorted(explorer.order()) == list(range(size)) and known == sorted(known, reverse=True)
    if explorer.info.figures["rate"] is not None:
        assert explorer.rates().sum() == pytest.approx(explorer.info.figures["rate"], rel=1e-2, abs=1e-3)
    assert np.isfinite(explorer.losses(DIGITS.test.x[:5].numpy(), DIGITS.test.labels[:5].numpy())).all()
    assert explorer.sampler("mixture")(4, 0).shape == (4, size)
