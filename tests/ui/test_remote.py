"""What the server answers a stage: torch's numbers, and nothing to a question that makes no sense."""

from dataclasses import replace

import numpy as np
import pytest

from vae_core.export.browser import browser_model, in_browser
from vae_core.models.build import build
from vae_core.models.networks import NETWORKS
from vae_ui.stage import model_block
from vae_ui.stage.payload import unpack
from vae_ui.stage.remote import answer
from vae_ui.widgets import model_cache


@pytest.mark.parametrize("name", ["digits-vae-2d", "digits-ae-2d", "mnist-cvae-2d", "points-moons"])
def test_the_answer_is_torchs(name):
    model = model_cache.explorer(name)
    label = 3 if model.conditional else None
    x = np.random.default_rng(0).random(model.shape).astype(np.float32)
    mean, scale = model.encode(x[None], label)
    told = answer(model, {"number": 7, "x": x.ravel().tolist(), "label": label})
    assert told["number"] == 7 and told["mean"] == told["z"] == pytest.approx(mean[0])
    assert told["scale"] == pytest.approx(scale[0])
    assert told["out"] == pytest.approx(model.decode(mean, label)[0].ravel(), abs=1e-6)
    assert (told["rate"] is None) == name.endswith("ae-2d") * ("vae" not in name)
    z = [0.5, -0.25]
    chosen = answer(model, {"number": 8, "z": z, "label": label})
    assert "mean" not in chosen and chosen["z"] == z
    assert chosen["out"] == pytest.approx(model.decode(np.array([z], np.float32), label)[0].ravel(), abs=1e-6)


NONSENSE = [{}, {"z": [1.0]}, {"z": [float("nan"), 0.0]}, {"z": "1,2"}, {"z": ["1", "2"]}, {"x": [0.5] * 63}]


@pytest.mark.parametrize("question", NONSENSE)
def test_nonsense_has_no_answer(question):
    assert answer(model_cache.explorer("digits-vae-2d"), question) is None


@pytest.mark.parametrize("label", [99, -5, None, "1", float("inf")])
def test_a_class_that_there_is_not_is_bounded(label):
    assert answer(model_cache.explorer("mnist-cvae-2d"), {"z": [0.0, 0.0], "label": label})


def test_an_entry_says_that_no_browser_can_run_it(monkeypatch):
    model = model_cache.explorer("digits-vae-2d")
    vae, other = (build(model.info.run.model, seed) for seed in (0, 1))
    assert in_browser(vae.config) and model_block(browser_model(vae), model).answer is None
    monkeypatch.setitem(NETWORKS, "mlp", replace(NETWORKS["mlp"], browser=False))
    blocks = [model_block(browser_model(each), model) for each in (vae, other)]
    header, _ = unpack(blocks[0].blob)
    assert header["model"]["remote"] and "decoder" not in header["model"] and blocks[0].answer
    assert blocks[0].hash != blocks[1].hash  # the same sizes, other weights
