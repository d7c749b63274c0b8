"""The Traverse page without a browser: every number of the code has its row, and what tells nothing says so."""

import re

import numpy as np
import pytest

from tests.pages.visit import BUNDLED, html, images, labelled, odd_model, visit, whole
from vae_core.images import writing
from vae_ui.widgets import decoded_traversals, latent_units, model_cache


def row_names(app) -> list[str]:
    return re.findall(r"<b>(z\d+)</b>", html(app))


@pytest.mark.parametrize("model", BUNDLED)
def test_every_number_has_a_row_the_most_active_first(home, model):
    app = visit("traverse", model)
    assert row_names(app) == [f"z{d + 1}" for d in model_cache.explorer(model).order()]
    rates = [float(rate) for rate in re.findall(r"(-?[\d.]+) nats", html(app))]
    assert rates == sorted(rates, reverse=True)
    assert bool(rates) != latent_units.is_plain(model_cache.explorer(model))


def test_a_row_holds_its_numbers_from_low_to_high(home):
    model = model_cache.explorer("digits-vae-2d")
    app = visit("traverse", "digits-vae-2d")
    z = model.prior_samples(1, 5)[0]
    (first, _) = decoded_traversals.traversal(model, z, 2.0, 5, None)
    ends = np.stack([z, z])
    ends[:, first.dimension] = (-2, 2)
    assert np.array_equal(writing.pictures(first.outputs[[0, -1]]), decoded_traversals.drawn(model, ends, None))
    labelled(app.slider, "Images in a row").set_value(5).run()
    rows = [picture for alt, picture in images(whole(app)).items() if alt.startswith("5 images")]
    assert len(rows) == 2 and all(row.shape == (8, 5 * 8 + 4) for row in rows)


def test_a_test_image_is_where_the_walk_starts(home):
    app = visit("traverse", "digits-vae-2d")
    before = images(app)["The image at the start"]
    app.segmented_control[0].set_value("image").run()
    labelled(app.selectbox, "Test image").set_value(3).run()
    index = app.number_input[0].value
    model = model_cache.explorer("digits-vae-2d")
    assert model.latents.labels[index] == 3
    after = images(whole(app))["The image at the start"]
    assert not np.array_equal(before, after)
    assert np.array_equal(after, decoded_traversals.drawn(model, model.latents.mean[index][None], None)[0])


def test_collapsed_numbers_are_folded_away(home):
    app = visit("traverse", odd_model(home, "odd", (3, 16, 16), 5, collapsed=(1, 3)))
    assert "2 collapsed" in html(app) and sorted(row_names(app)[-2:]) == ["z2", "z4"]
    assert next(iter(images(app).values())).shape[2] == 3


def test_of_very_many_numbers_the_first_are_shown(home):
    app = visit("traverse", odd_model(home, "long", (1, 8, 8), 40))
    shown, _, folded = html(app).partition("<details")
    assert "8 more" in folded and (shown.count("<b>z"), folded.count("<b>z")) == (32, 8)
    assert sorted(row_names(app)) == sorted(f"z{d + 1}" for d in range(40))


def test_one_number_is_enough(home):
    assert row_names(visit("traverse", odd_model(home, "one", (1, 8, 8), 1))) == ["z1"]


def test_there_and_back_has_no_jump():
    frames = np.arange(4, dtype=np.uint8)[:, None, None] * np.ones((1, 280, 280), np.uint8)
    assert [int(frame[0, 0]) for frame in decoded_traversals.there_and_back(frames)] == [0, 1, 2, 3, 2, 1]
