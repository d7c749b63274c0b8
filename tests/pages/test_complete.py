"""The page Complete without a browser: what it sends to the stage, and which models it refuses."""

import base64
import json

import numpy as np
import pytest

from tests.pages.visit import visit
from vae_core.checkpoints import bundled
from vae_core.explore.explorer import Explorer
from vae_ui.widgets import model_cache

NAME = "digits-vae-2d"


def options(app) -> dict:
    (stage,) = [one.proto for one in app.main.get("bidi_component") if one.proto.component_name == "latent_map"]
    return json.loads(stage.json)["options"]


def levels(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(1, 8, 8)


def test_the_stage_has_the_chosen_image_and_the_models_mean_picture(home):
    app = visit("complete", NAME)
    sent = options(app)
    assert np.array_equal(levels(sent["x"]), model_cache.test_images(NAME)[0])
    model = Explorer.open(bundled() / NAME)
    mean = 255 * model.decode(model.latents.mean[:1000]).mean(0)
    assert np.abs(levels(sent["fill"]) - mean).max() < 3, "the weights of the page have 8 bits"
    app.number_input(key="complete-image-number").set_value(5).run()
    assert np.array_equal(levels(options(app)["x"]), model_cache.test_images(NAME)[5])


@pytest.mark.parametrize(("name", "says"), [("digits-ae-2d", "continuous codes"), ("points-moons", "two coordinates")])
def test_a_model_that_cannot_complete_is_refused_in_a_sentence(home, name, says):
    app = visit("complete", name)
    assert says in app.main.info[0].value and not app.exception and not app.error
