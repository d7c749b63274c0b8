"""The Start page without a browser: what the diagram is told, and what Python does with the acts of a hand on it."""

import base64
import inspect
import json
from itertools import count

import numpy as np
import pytest

from tests.pages.visit import BUNDLED, address, odd_model, place, sent, visit, whole
from vae_core.lessons.training_step import training_step
from vae_ui.widgets import latent_units, model_cache, small_map

DIGITS = "digits-vae-2d"
NUMBER = count(1)


def stage(app):
    (found,) = (e.proto for e in app.main.get("bidi_component") if e.proto.component_name == "latent_map")
    return found


def told(app) -> dict:
    """What the diagram is told: overlay, parts, options."""
    return json.loads(stage(app).json)


def act(app, model: str, **done):
    """As if a hand had done this on the diagram: the message that the browser sends."""
    held = {"hash": small_map.payload(model).hash, "model": model_cache.browser_block(model).hash}
    states = app._tree.get_widget_states()
    states.widgets.add(id=stage(app).id, json_value=json.dumps(sent(held, {"number": next(NUMBER), **done})))
    return whole(app._run(states))


@pytest.mark.parametrize("model", BUNDLED)
def test_every_model_is_one_diagram(home, model):
    options = told(visit("start", model))["options"]
    opened = model_cache.explorer(model)
    plain = latent_units.is_plain(opened)
    assert (options["usual"] is None) == plain and (options["listing"] is None) == plain
    assert bool(options["names"]) == opened.conditional and options["order"] == opened.order()
    first = model_cache.test_images(model)[0]
    if len(opened.shape) == 3:
        assert base64.b64decode(options["x"]) == first.tobytes() and options["draw"]
    else:
        assert options["point"] == pytest.approx(first.tolist())


@pytest.mark.parametrize(("shape", "size"), [((3, 16, 16), 9), ((1, 8, 8), 1)])
def test_unusual_models_have_a_diagram_too(home, shape, size):
    assert told(visit("start", odd_model(home, "odd", shape, size)))["options"]["x"]


def test_the_listing_is_the_functions_own_code_with_the_line_of_each_term():
    from vae_ui.start.listing import _listing

    found = _listing()
    source, lines = inspect.getsource(training_step), found["lines"]
    assert all(line in source for line in lines) and 8 <= len(lines) <= 12
    assert "\n".join(f"    {line}" for line in lines) == source[source.index("    q = ") :].rstrip("\n")
    lit = {term: [lines[i] for i in numbers] for term, numbers in found["lit"].items()}
    assert lit["loss"] == ["loss = distortion + rate"]
    assert any(line.startswith("distortion = ") for line in lit["distortion"])
    assert any(line.startswith("rate = ") for line in lit["rate"])


def test_other_noise_and_another_picture(home):
    app = visit("start", DIGITS)
    before = told(app)["options"]
    app = act(app, DIGITS, act="sample", code=[0.25, -1.5])
    assert told(app)["options"] == {**before, "draws": 1} and address(app)["draws"] == "1"
    assert place(app, DIGITS).z == pytest.approx([0.25, -1.5])  # the other pages show this code
    app = act(app, DIGITS, act="next")
    index = place(app, DIGITS).picked
    assert index and base64.b64decode(told(app)["options"]["x"]) == model_cache.test_images(DIGITS)[index].tobytes()
    assert place(app, DIGITS).z == pytest.approx(model_cache.explorer(DIGITS).latents.mean[index])


def test_a_drawing_stays_until_another_picture_is_asked_for(home):
    app = visit("start", DIGITS)
    shape = model_cache.explorer(DIGITS).shape
    picture = np.random.default_rng(0).integers(1, 255, shape).astype(np.uint8)
    app = act(app, DIGITS, act="draw", picture=base64.b64encode(picture.tobytes()).decode())
    assert base64.b64decode(told(app)["options"]["x"]) == picture.tobytes()
    app = whole(app.switch_page("pages/decode.py").run().switch_page("pages/start.py").run())
    assert base64.b64decode(told(app)["options"]["x"]) == picture.tobytes()
    app = act(app, DIGITS, act="next")
    assert base64.b64decode(told(app)["options"]["x"]) != picture.tobytes()
    bad = base64.b64encode(b"too short").decode()
    before = told(app)["options"]["x"]
    assert told(act(app, DIGITS, act="draw", picture=bad))["options"]["x"] == before


def test_a_conditional_model_is_told_another_class(home):
    name = "mnist-cvae-2d"
    app = visit("start", name)
    assert told(app)["overlay"]["label"] == model_cache.explorer(name).latents.labels[0]
    app = act(app, name, act="slide", label=3)
    assert told(app)["overlay"]["label"] == 3
    assert told(act(app, name, act="slide", label=99))["overlay"]["label"] == 9


def test_three_doors_lead_on(home):
    app = visit("start", DIGITS)
    assert [link.proto.label for link in app.main.get("page_link")] == ["Explore", "Learn", "Train"]
