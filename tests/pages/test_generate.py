"""The Generate page without a browser: the same seed draws the same pictures, another one others."""

import numpy as np
import pytest

from tests.pages.visit import BUNDLED, address, html, images, labelled, odd_model, visit, whole
from vae_ui.widgets import decoded_traversals, latent_units, model_cache


def sheet(app) -> np.ndarray:
    (picture,) = [picture for alt, picture in images(app).items() if "samples, codes from: " in alt]
    return picture


@pytest.mark.parametrize("model", BUNDLED)
def test_it_dreams_at_once(home, model):
    app = visit("generate", model)
    explorer = model_cache.explorer(model)
    if explorer.info.caption is not None:  # each with its sentence
        drawn = [picture for alt, picture in images(app).items() if alt.startswith("Sample ")]
        assert len(drawn) == 36 and np.stack(drawn).std() > 10 and html(app).count(", at the ") == 36
    elif explorer.info.run.model.kind == "picture":
        assert sheet(app).std() > 10
    assert ("no prior" in " ".join(caption.value for caption in app.caption)) == latent_units.is_plain(explorer)
    assert bool([box for box in app.selectbox if box.label == "Class"]) == explorer.conditional


def test_draw_again_is_another_seed_and_the_old_one_comes_back(home):
    app = visit("generate", "digits-vae-2d")
    first = sheet(app)
    labelled(app.button, "Draw again").click().run()
    assert not np.array_equal(sheet(whole(app)), first) and address(app)["seed"] == "1"
    labelled(app.number_input, "Seed").set_value(0).run()
    assert np.array_equal(sheet(whole(app)), first)


def test_without_temperature_all_are_the_mean(home):
    app = visit("generate", "digits-vae-2d")
    labelled(app.slider, "Temperature").set_value(0.0).run()
    model = model_cache.explorer("digits-vae-2d")
    mean = decoded_traversals.drawn(model, np.zeros((36, 2), np.float32), None)
    assert np.array_equal(sheet(whole(app)), decoded_traversals.tiles(mean))


@pytest.mark.skipif("mnist-cvae-2d" not in BUNDLED, reason="the conditional model is not made yet")
def test_a_conditional_model_draws_the_class_it_is_told(home):
    app = visit("generate", "mnist-cvae-2d")
    assert sheet(app).shape == (4 * 29 - 1, 10 * 29 - 1)
    assert "40" in labelled(app.select_slider, "Images").options, "the number shown is the number drawn"
    labelled(app.selectbox, "Class").set_value(4).run()
    assert labelled(app.select_slider, "Images").value == 36
    model = model_cache.explorer("mnist-cvae-2d")
    assert np.array_equal(
        sheet(whole(app)), decoded_traversals.tiles(decoded_traversals.drawn(model, model.prior_samples(36, 0), 4))
    )


def test_colours_stay(home):
    assert sheet(visit("generate", odd_model(home, "odd", (3, 16, 16), 3))).shape == (6 * 17 - 1, 6 * 17 - 1, 3)


@pytest.mark.parametrize("model", ["digits-ae-2d", "digits-vae-2d"])
def test_a_sampler_that_is_fitted_draws_where_the_codes_are(home, model):
    app = visit("generate", model)
    free = sheet(app)
    labelled(app.selectbox, "Codes from").set_value("mixture").run()
    (cured,) = [picture for alt, picture in images(whole(app)).items() if "samples, codes from: " in alt]
    assert not np.array_equal(cured, free) and not [slider for slider in app.slider if slider.label == "Temperature"]
    assert any("fitted after training to the codes" in caption.value for caption in app.caption)
    codes = model_cache.sampler(model, "mixture")(400, 0)
    explorer = model_cache.explorer(model)
    ranks = [model_cache.density(model).rank(code) for code in codes]
    assert np.mean(ranks) > np.mean([model_cache.density(model).rank(code) for code in explorer.prior_samples(400, 0)])
