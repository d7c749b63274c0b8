"""Every preset on the pages that explore a model: no sentence is an error, and the stage gets it or says who works it out."""

import numpy as np
import pytest
import torch

from tests.pages.visit import html, visit
from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.datasets import load
from vae_core.export import in_browser
from vae_core.metrics import evaluate, posterior_of
from vae_core.presets import PRESETS, preset
from vae_core.vae import build
from vae_ui import cache

DIGITS = load(DataConfig())
PAGES = ("start", "latent_space", "decode", "reconstruct", "generate", "interpolate", "traverse", "compare")


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_explored(home, name):
    run = preset(name, DataConfig(), DIGITS.shape, len(DIGITS.classes), hidden=(16,), title=f"a {name}")
    vae = build(run.model, 0)
    mean, scale = posterior_of(vae, DIGITS.test)
    latents = checkpoints.Latents(mean.numpy(), scale.numpy(), DIGITS.test.labels.numpy())
    checkpoints.save(home / "runs" / name, vae, run, evaluate(vae, DIGITS.test), latents, DIGITS.classes)
    block = cache.browser_block(f"run-{name}")
    assert (block.answer is None) == in_browser(run.model)
    first = list(PRESETS).index(name)
    for page in ("latent_space", "reconstruct", PAGES[first % len(PAGES)], PAGES[(first + 3) % len(PAGES)]):
        app = visit(page, f"run-{name}")
        assert html(app) or app.main.markdown
    model = cache.explorer(f"run-{name}")
    if block.answer:
        z = model.latents.mean[:1]
        told = block.answer({"number": 1, "z": z[0].tolist(), "label": 0})
        torch.testing.assert_close(np.array(told["out"], np.float32), model.decode(z, 0)[0].ravel())
