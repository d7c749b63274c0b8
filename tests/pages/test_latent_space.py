"""The Latent space page without a browser: views of every kind of model, and what a hand on the map leads to."""

import time

import numpy as np
import pytest

from tests.pages.visit import BUNDLED, html, labelled, odd_model, sent, visit, whole
from vae_core import checkpoints
from vae_core.jobs.tsne import Projection
from vae_ui.latent_space import map
from vae_ui.widgets import latent_units, model_cache

SAID = "Density of codes here"


def said(app) -> str:
    """What the page says of the chosen place."""
    return next(words.value for words in app.markdown if SAID in words.value)


def act(app, model: str, **done):
    """As if a hand had done this on the map."""
    view = model_cache.view(model, "plane", (0, 1), 0)
    held = {"hash": view.payload.hash, "model": model_cache.browser_block(model).hash}
    app.session_state[map.KEY] = sent(held, {"number": 1, "act": "click", **done})
    return whole(app.run())


@pytest.mark.parametrize("model", BUNDLED)
def test_every_model_has_its_map(home, model):
    app = visit("latent_space", model)
    explorer = model_cache.explorer(model)
    assert said(app)
    kinds = {"plane"} if explorer.latent_dim == 2 else {"pca", "plane"}
    for kind in kinds:
        view = model_cache.view(model, kind, (0, 1), 0)
        assert len(view.points) == len(explorer.latents.mean)
        assert bool(view.ellipse(explorer, 0)) != latent_units.is_plain(explorer)


def test_a_click_on_the_plane_is_decoded(home):
    app = visit("latent_space", "digits-vae-2d")
    act(app, "digits-vae-2d", z=[0.4, -1.1], code=[0.4, -1.1])
    rank = model_cache.density("digits-vae-2d").rank(np.array([0.4, -1.1], np.float32))
    assert f"{rank:.0%}" in said(app)
    labelled(app.button, "Keep as A").click().run()
    act(app, "digits-vae-2d", number=2, z=[1.0, 1.0], code=[1.0, 1.0])
    labelled(app.button, "Keep as B").click().run()
    ends = app.session_state["places"]["digits-vae-2d"].ends
    assert ends["A"].code == pytest.approx([0.4, -1.1]) and ends["B"].code == pytest.approx([1, 1])


def test_a_click_on_a_dot_is_that_image(home):
    app = visit("latent_space", "digits-vae-2d")
    act(app, "digits-vae-2d", z=[0.0, 0.0], pick=17)
    place = app.session_state["places"]["digits-vae-2d"]
    model = model_cache.explorer("digits-vae-2d")
    assert place.picked == 17 and np.array_equal(place.z, model.latents.mean[17])
    assert f"x: {model.info.classes[model.latents.labels[17]]}" in html(app)
    app.switch_page("pages/decode.py").run()
    assert np.array_equal(whole(app).session_state["places"]["digits-vae-2d"].z, model.latents.mean[17])


def test_t_sne_is_worked_out_in_the_background(home):
    name = odd_model(home, "five", (3, 16, 16), 5)
    app = visit("latent_space", name)
    app.segmented_control[0].set_value("tsne").run()
    assert "near codes stay near" in whole(app).info[0].value
    labelled(app.button, "Compute it").click().run()
    job = Projection.of(checkpoints.info(home / "runs" / "five"))
    deadline = time.monotonic() + 60
    while job.progress() is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    app.run()
    assert said(whole(app)) and not app.info
    assert any("has no code of its own" in caption.value for caption in app.caption)
    view = model_cache.view(name, "tsne", (0, 1), 0)
    model = model_cache.explorer(name)
    x, y = view.at(model, model.latents.mean[7])
    assert np.array_equal(view.code(model, (x, y)), model.latents.mean[7])


def test_two_raw_numbers_of_many(home):
    name = odd_model(home, "five", (1, 8, 8), 5)
    app = visit("latent_space", name)
    app.segmented_control[0].set_value("plane").run()
    first, second = (box.value for box in app.main.selectbox)
    assert [first, second] == model_cache.explorer(name).order()[:2]
    app.main.selectbox[0].set_value(second).run()
    assert len({box.value for box in whole(app).main.selectbox}) == 2


@pytest.mark.parametrize(("shape", "size"), [((1, 8, 8), 1), ((3, 12, 12), 2)])
def test_unusual_models_have_maps_too(home, shape, size):
    app = visit("latent_space", odd_model(home, "odd", shape, size))
    assert said(app) and any("not on this computer" in caption.value for caption in app.caption)
