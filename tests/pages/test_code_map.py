"""The code map of a quantised model: it is the model's own code, one cell can be changed, and other models have none."""

import re

import numpy as np
import pytest

from tests.pages.visit import html, images, labelled, place, untrained, visit, whole
from vae_ui.widgets import decoded_traversals, model_cache

NAME, DECODED = "run-vq-vae", "The image decoded from the map"


@pytest.fixture
def model(home):
    assert untrained(home, "vq-vae") == NAME
    return model_cache.explorer(NAME)


def shown(app) -> np.ndarray:
    """The entries of the code map on the page, (h, w), as its text alternative tells them."""
    [told] = re.findall(r'aria-label="Code map of 4 x 4 positions, their entries row by row: ([^"]+)"', html(app))
    return np.array([row.split() for row in told.split("; ")], int)


def test_the_map_is_the_code_of_the_picture_and_says_how_the_codebook_is_used(model):
    app = visit("reconstruct", NAME)
    expected = model.code_map(model.latents.mean[0])
    assert expected.shape == (4, 4) and np.array_equal(shown(app), expected)
    np.testing.assert_allclose(model.codebook[expected].ravel(), model.latents.mean[0], atol=1e-6)
    cells = re.findall(r'title="Row (\d), column (\d): entry (\d+)"[^>]*>(\d+)<', html(app))
    assert [(int(r), int(c), int(e)) for r, c, e, text in cells if e == text] == [
        (r + 1, c + 1, e) for (r, c), e in np.ndenumerate(expected)
    ]
    used = np.unique(model.code_map(model.latents.mean))
    assert any(f"{len(used)} of 64 are in use" in caption.value for caption in app.caption)
    assert "Drawn from q" not in [head.value for head in app.subheader]


def test_another_entry_in_one_place_changes_that_part_of_the_code_and_of_the_picture(model):
    app = visit("decode", NAME)
    before, picture = shown(app), images(app)[DECODED]
    labelled(app.number_input, "Row").set_value(1)
    whole(labelled(app.number_input, "Column").set_value(1).run())
    entry = labelled(app.number_input, "Codebook entry")
    assert entry.value == before[0, 0]
    other = (int(before[0, 0]) + 7) % 64
    whole(entry.set_value(other).run())
    after, drawn = shown(app), images(app)[DECODED]
    assert after[0, 0] == other and np.argwhere(after != before).tolist() == [[0, 0]]
    z = place(app, NAME).z
    np.testing.assert_array_equal(z.reshape(4, 4, -1)[0, 0], model.codebook[other])
    changed = drawn != picture
    assert changed[:2, :2].any() and not changed[6:].any() and not changed[:, 6:].any()


def test_a_model_without_a_codebook_has_no_code_map(home):
    for page in ("reconstruct", "decode"):
        assert "Code map" not in html(visit(page, "digits-vae-2d"))


def test_new_maps_come_from_what_stands_beside_what_and_another_model_goes_back_to_its_prior(model):
    app = visit("generate", NAME)
    assert not [slider for slider in app.slider if slider.label == "Temperature"]
    assert any("'Place by place'" in caption.value for caption in app.caption)
    source = labelled(app.selectbox, "Codes from")
    whole(source.set_value("place_by_place").run())
    drawn = model_cache.sampler(NAME, "place_by_place")(36, 0)
    (picture,) = [picture for alt, picture in images(app).items() if "36 samples, codes from: Place by place" in alt]
    np.testing.assert_array_equal(picture, decoded_traversals.tiles(decoded_traversals.drawn(model, drawn, None)))
    whole(labelled(app.selectbox, "Model").set_value("digits-vae-2d").run())
    other = labelled(app.selectbox, "Codes from")
    assert other.value == "prior" and "Place by place" not in other.options
