"""Every preset on the pages that explore a model: no sentence is an error, and the stage gets it or says who works it out."""

import numpy as np
import pytest
import torch

from tests.helpers.preset_helpers import OF_NUMBERS
from tests.pages.visit import html, untrained, visit, whole
from vae_core.export.browser import in_browser
from vae_core.presets.papers import PRESETS
from vae_ui.widgets import model_cache

PAGES = ("start", "latent_space", "decode", "reconstruct", "generate", "interpolate", "traverse", "compare")


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_every_preset_can_be_explored(home, name):
    model = model_cache.explorer(made := untrained(home, name, hidden=(16,)))
    block = model_cache.browser_block(made)
    assert (block.answer is None) == in_browser(model.info.run.model)
    first = list(PRESETS).index(name)
    app = visit("latent_space", made)
    for page in ("latent_space", "reconstruct", PAGES[first % len(PAGES)], PAGES[(first + 3) % len(PAGES)]):
        whole(app.switch_page(f"pages/{page}.py").run())
        assert html(app) or app.main.markdown
    if block.answer:
        z = model.latents.mean[:1]
        told = block.answer({"number": 1, "z": z[0].tolist(), "label": 0})
        torch.testing.assert_close(np.array(told["out"], np.float32), model.decode(z, 0)[0].ravel())
