"""The Decode page without a browser: sliders by rate, and a picture that follows."""

import numpy as np
import pytest

from tests.pages.visit import BUNDLED, images, labelled, odd_model, visit, whole
from vae_ui import cache, decoding, walks

ALT = "The picture that the decoder draws of z"


@pytest.mark.parametrize("model", BUNDLED)
def test_every_model_draws_at_once(home, model):
    app = visit("decode", model)
    explorer = cache.explorer(model)
    assert len(app.slider) == explorer.latent_dim and ALT in images(app)
    order = [int(slider.label.split("**")[1][1:]) - 1 for slider in app.slider]
    assert order == explorer.order()
    assert ("variance" in app.slider[0].label) == walks.is_plain(explorer)
    assert bool([box for box in app.selectbox if box.label == "Draw as"]) == explorer.conditional


def test_the_picture_is_the_decoders_answer(home):
    app = visit("decode", "digits-vae-2d")
    labelled(app.slider, "**z1").set_value(1.5).run()
    labelled(app.slider, "**z2").set_value(-0.75).run()
    model = cache.explorer("digits-vae-2d")
    expected = walks.drawn(model, np.array([[1.5, -0.75]], np.float32), None)[0]
    assert np.array_equal(images(whole(app))[ALT], expected)


def test_the_buttons_set_the_whole_code(home):
    app = visit("decode", "digits-vae-2d")
    labelled(app.button, "Random sample").click().run()
    first = [slider.value for slider in app.slider]
    labelled(app.button, "Random sample").click().run()
    second = [slider.value for slider in app.slider]
    assert first != second and any(first)
    labelled(app.button, "Encode it").click().run()
    model = cache.explorer("digits-vae-2d")
    assert [slider.value for slider in app.slider] == pytest.approx(model.latents.mean[0][model.order()], abs=0.006)
    assert "The image that was encoded" in images(whole(app))
    labelled(app.button, "Mean").click().run()
    assert [slider.value for slider in whole(app).slider] == [0, 0]


def test_the_same_seed_gives_the_same_samples(home):
    values = []
    for _ in range(2):
        app = visit("decode", "digits-vae-2d")
        labelled(app.button, "Random sample").click().run()
        values.append([slider.value for slider in app.slider])
    assert values[0] == values[1]


def test_a_plain_autoencoder_has_the_range_of_its_codes(home):
    app = visit("decode", "digits-ae-2d")
    codes = cache.explorer("digits-ae-2d").latents.mean
    for slider in app.slider:
        dimension = int(slider.label.split("**")[1][1:]) - 1
        assert slider.min <= codes[:, dimension].min() and slider.max >= codes[:, dimension].max()


@pytest.mark.parametrize(("shape", "size"), [((3, 16, 16), 9), ((1, 8, 8), 1)])
def test_unusual_models_are_drawn_too(home, shape, size):
    app = visit("decode", odd_model(home, "odd", shape, size))
    assert len(app.slider) == size and ALT in images(app)
    assert len(app.expander) == (size > decoding.IN_SIGHT)
    app.slider[0].set_value(3.0).run()
    labelled(whole(app).button, "Encode it").click().run()
    assert any("not on this machine" in caption.value for caption in whole(app).caption)
