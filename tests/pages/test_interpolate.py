"""The Interpolate page without a browser: three ways from A to B, the same ends."""

import numpy as np
import pytest

from tests.pages.visit import DRAWN, html, images, labelled, odd_model, visit, whole
from vae_core.images.writing import pictures
from vae_ui.base.state import End
from vae_ui.interpolate import endpoints, path
from vae_ui.widgets import decoded_traversals, latent_units, model_cache


def strip(app, name: str) -> list[np.ndarray]:
    """The pictures of a strip, one by one."""
    (row,) = [picture for alt, picture in images(app).items() if alt.startswith(name)]
    side = row.shape[0]
    return [row[:, i : i + side] for i in range(0, row.shape[1], side + 1)]


@pytest.mark.parametrize("model", DRAWN)
def test_every_model_walks_from_a_to_b(home, model):
    app = visit("interpolate", model)
    decoded, faded = strip(app, "In the latent space"), strip(app, "In pixels")
    assert len(decoded) == len(faded) == 9
    explorer, counterpart = model_cache.explorer(model), path.counterpart(model)
    if explorer.info.run.model.kind == "picture":
        assert np.abs((faded[0].astype(int) + faded[-1]) / 2 - faded[4]).max() <= 1
    place = app.session_state["places"][model]
    start = decoded_traversals.drawn(explorer, place.ends["A"].code[None], place.label)[0]
    assert np.abs(decoded[0].astype(int) - start).max() <= 1, "one code and nine are not rounded alike on every machine"
    assert (path.OTHER[latent_units.is_plain(explorer)] in html(app)) == (counterpart is not None)


def test_the_other_model_is_plain_and_of_the_same_data(home):
    assert path.counterpart("digits-vae-2d") == "digits-ae-2d" and path.counterpart("digits-ae-2d") == "digits-vae-2d"


def test_a_class_chosen_for_a_changes_a_alone(home):
    app = visit("interpolate", "digits-vae-2d")
    before = strip(app, "In pixels")
    labelled(app.selectbox, "A:").set_value(5).run()
    after = strip(whole(app), "In pixels")
    place = app.session_state["places"]["digits-vae-2d"]
    index = place.ends["A"].index
    assert model_cache.explorer("digits-vae-2d").latents.labels[index] == 5
    assert np.array_equal(after[0], pictures(model_cache.test_images("digits-vae-2d")[index][None])[0])
    assert np.array_equal(after[-1], before[-1])


def test_a_code_kept_on_the_map_is_taken_as_an_end(home):
    app = visit("interpolate", "digits-vae-2d")
    code = np.array([1.5, -0.5], np.float32)
    app.session_state["places"]["digits-vae-2d"].ends["B"] = End(code)
    app.run()
    last = strip(whole(app), "In the latent space")[-1]
    assert np.array_equal(last, decoded_traversals.drawn(model_cache.explorer("digits-vae-2d"), code[None], None)[0])


def test_four_corners_and_more_steps(home):
    app = visit("interpolate", "digits-vae-2d")
    labelled(app.toggle, "Four").set_value(True).run()
    (square,) = [p for alt, p in images(whole(app)).items() if "A, B, C and D" in alt]
    assert square.shape == (9 * 9 - 1, 9 * 9 - 1)
    places = app.session_state["places"]["digits-vae-2d"]
    corner = decoded_traversals.drawn(model_cache.explorer("digits-vae-2d"), places.ends["D"].code[None], None)[0]
    assert np.array_equal(square[-8:, -8:], corner)


def test_a_file_that_is_no_picture_becomes_no_end(home):
    model = model_cache.explorer("digits-vae-2d")
    with pytest.raises(ValueError, match="bad.png"):
        endpoints.of_file(model, b"no picture", "bad.png", 0)


@pytest.mark.parametrize(("shape", "latent"), [((3, 16, 16), 4), ((1, 8, 8), 1)])
def test_unlabelled_pictures_that_are_not_here(home, shape, latent):
    app = visit("interpolate", odd_model(home, "odd", shape, latent))
    assert len(strip(app, "In pixels")) == 9 and "Plain autoencoder" not in html(app)
