"""The Decode page without a browser: what the stage is told, and what follows from what a hand did on it."""

import numpy as np
import pytest

from tests.pages.visit import BUNDLED, html, images, labelled, odd_model, place, sent, slide, visit, whole
from vae_ui.decode import sliders
from vae_ui.widgets import latent_units, model_cache


@pytest.mark.parametrize("name", BUNDLED)
def test_every_model_is_told_to_the_stage(home, name):
    app, model = visit("decode", name), model_cache.explorer(name)
    options = sliders.options(model, 0)
    assert options["order"] == model.order() and len(options["rates"]) == model.latent_dim
    assert (options["unit"] == "variance") == latent_units.is_plain(model)
    assert bool(options["names"]) == model.conditional
    assert np.array_equal(place(app, name).z, latent_units.usual(model)[0])
    assert ("deviations" in html(app)) != latent_units.is_plain(model)


def test_what_a_hand_set_is_the_place_of_every_page(home):
    app = visit("decode", "digits-vae-2d")
    slide(app, "digits-vae-2d", [1.5, -0.75])
    assert place(app, "digits-vae-2d").z == pytest.approx([1.5, -0.75]) and "z is 1.68 standard deviations" in html(app)
    slide(app, "digits-vae-2d", [1.5, -0.75])
    labelled(app.button, "Encode it").click().run()
    model = model_cache.explorer("digits-vae-2d")
    assert np.array_equal(place(app, "digits-vae-2d").z, model.latents.mean[0])  # an old act is not obeyed twice
    assert "The encoded image" in images(whole(app))
    slide(app, "digits-vae-2d", [0.25, 0.5], number=2)
    assert place(app, "digits-vae-2d").z == pytest.approx([0.25, 0.5])
    assert "The image that was encoded" not in images(app)


def test_a_dot_on_the_map_is_its_image(home):
    app, model = visit("decode", "digits-vae-2d"), model_cache.explorer("digits-vae-2d")
    slide(app, "digits-vae-2d", model.latents.mean[17].tolist(), act="click", pick=17)
    assert place(app, "digits-vae-2d").picked == 17 and "The encoded image" in images(app)


def test_what_was_done_with_another_model_does_not_count(home):
    app = visit("decode", "digits-vae-2d")
    app.session_state[sliders.KEY] = sent(
        {"hash": "", "model": "another"}, {"number": 1, "act": "slide", "code": [9.0] * 10}
    )
    whole(app.run())
    assert not place(app, "digits-vae-2d").z.any()


@pytest.mark.parametrize(("told", "label"), [(3, 3), (99, 0), (-1, 0)])
def test_a_class_that_there_is_not_is_ignored(home, told, label):
    app = visit("decode", "mnist-cvae-2d")
    before = place(app, "mnist-cvae-2d").label
    slide(app, "mnist-cvae-2d", [0.5, 0.5], label=told)
    assert place(app, "mnist-cvae-2d").label == (label or before)


def test_a_plain_autoencoder_has_the_range_of_its_codes(home):
    model = model_cache.explorer("digits-ae-2d")
    for dimension, (low, high) in enumerate(sliders.options(model, 0)["limits"]):
        assert low <= model.latents.mean[:, dimension].min() and high >= model.latents.mean[:, dimension].max()


@pytest.mark.parametrize(("shape", "size"), [((3, 16, 16), 9), ((1, 8, 8), 1)])
def test_unusual_models_are_told_too(home, shape, size):
    app = visit("decode", name := odd_model(home, "odd", shape, size))
    slide(app, name, [0.5] * size)
    assert place(app, name).z == pytest.approx([0.5] * size)
    labelled(whole(app).button, "Encode it").click().run()
    assert any("not on this computer" in caption.value for caption in whole(app).caption)


def test_slopes_are_drawn_here_where_the_stage_does_not(home):
    app = visit("decode", "points-moons")
    assert "What each number moves" in [title.value for title in app.subheader] and "x1" in html(app)
    assert "What each number moves" not in [title.value for title in visit("decode", "digits-vae-2d").subheader]
