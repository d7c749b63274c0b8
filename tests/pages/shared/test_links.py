"""Links without a browser: what a page's address asks for is shown, and stands in the address again."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visit import address, labelled, opened, place, slide, whole
from vae_ui.widgets import model_cache

DIGITS, CONDITIONAL, MANY = "digits-vae-2d", "mnist-cvae-2d", "mnist-vae-20d"


def left_out(app: AppTest) -> str:
    return " ".join(box.value for box in app.main.warning)


KEPT = [
    ("decode", {"model": DIGITS, "z": "1.5,-0.25"}),
    ("decode", {"model": DIGITS, "image": "12", "seed": "3"}),
    ("decode", {"model": CONDITIONAL, "z": "0.5,1", "label": "7"}),
    ("latent_space", {"model": DIGITS, "image": "12", "z": "0.5,0.5", "a": "i3", "b": "1,-1"}),
    ("latent_space", {"model": MANY, "image": "12", "view": "plane", "pair": "3,1"}),
    ("traverse", {"model": DIGITS, "start": "image", "image": "12"}),
    ("traverse", {"model": DIGITS, "start": "z", "z": "1,-1"}),
    ("interpolate", {"model": DIGITS, "a": "i3", "b": "0.5,1", "path": "spherical", "way": "0.25"}),
    ("interpolate", {"model": DIGITS, "a": "i3", "b": "i4", "c": "i5", "d": "2,2"}),
    ("generate", {"model": DIGITS, "seed": "9", "temperature": "0.5"}),
    ("generate", {"model": CONDITIONAL, "label": "4"}),
    ("start", {"model": DIGITS, "image": "7", "draws": "2"}),
    ("compare", {"model": DIGITS, "models": "digits-ae-2d,points-moons"}),
    ("experiments", {"model": DIGITS, "experiment": "beta"}),
    ("break_it", {"model": DIGITS, "mistake": "kl-sign"}),
    ("compress", {"model": DIGITS, "image": "30"}),
    ("edits", {"model": DIGITS, "image": "12", "edit": "classes-3-8", "strength": "-0.5"}),
    ("edits", {"model": DIGITS, "edit": "selections", "group_a": "0.5,-1", "group_b": "1,1.25", "strength": "0.5"}),
    ("edits", {"model": DIGITS, "edit": "selections", "group_a": "0.5,-1"}),
    ("reconstruct", {"model": DIGITS, "image": "30"}),
    ("reconstruct", {"model": DIGITS, "own": "0.5,-1"}),
]  # fmt: skip


@pytest.mark.parametrize(("page", "query"), KEPT)
def test_what_an_address_asks_for_stands_in_it_again(home, page, query):
    app = opened(page, **query)
    shown = address(app)
    assert query.items() <= shown.items() and not left_out(app)
    again = opened(page, **shown)
    assert address(again) == shown and not left_out(again)


def test_z_is_the_code_of_the_image_unless_it_is_said(home):
    model = model_cache.explorer(DIGITS)
    app = opened("decode", model=DIGITS, image="12")
    assert np.array_equal(place(app, DIGITS).z, model.latents.mean[12]) and place(app, DIGITS).picked == 12
    slide(app, DIGITS, [0.25, 0.5])
    assert address(app) == {"model": DIGITS, "image": "12", "z": "0.25,0.5"}


def test_an_address_is_taken_over_once_and_a_step_through_the_history_again(home):
    app = opened("decode", model=DIGITS, z="1,1")
    slide(app, DIGITS, [2.0, 2.0])
    assert address(app)["z"] == "2,2", "the browser goes on sending the first address"
    for step in ("1", "2"):
        app.query_params["nav"] = step
        assert address(whole(app.run()))["z"] == "1,1"
        slide(app, DIGITS, [2.0, 2.0], number=int(step) + 1)
        assert address(app)["z"] == "2,2", "this step has been taken"


@pytest.mark.parametrize(
    ("page", "query", "named"),
    [
        ("decode", {"z": "1,2,3"}, "z."),
        ("decode", {"image": "270", "z": "hAAAA"}, "the test image"),
        ("decode", {"label": "3"}, "the class"),
        ("interpolate", {"a": "i-1", "b": "i270", "path": "round", "way": "2"}, "A, B, the kind of path, the place on the path"),
        ("latent_space", {"view": "pca"}, "the view of the map"),
        ("compare", {"models": "digits-vae-2d,gone"}, "the models to compare"),
        ("generate", {"sampler": "oracle", "temperature": "9", "seed": "-1"}, "where codes come from"),
        ("train", {"run": "20250101-000000-dead", "time": "x"}, "the run"),
        ("break_it", {"mistake": "none"}, "the mistake"),
        ("experiments", {"experiment": "none"}, "the experiment"),
    ("edits", {"edit": "selections", "group_a": "1,2,3", "group_b": "1,x"}, "selection B, selection A"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_named_in_one_sentence(home, page, query, named):
    app = opened(page, model=DIGITS, **query)
    assert len(app.main.warning) == 1 and named in left_out(app), left_out(app)
    labelled(app.sidebar.selectbox, "Model").set_value("digits-ae-2d").run()
    assert not left_out(whole(app)), "the sentence goes with the link"


def test_a_link_to_a_model_that_is_not_here_is_one_sentence(home):
    app = opened("decode", model="gone", z="1,2,3", label="x")
    assert len(app.main.warning) == 1 and "There is no model 'gone'" in left_out(app)


def test_a_picture_from_a_link_is_decoded_from_its_code(home):
    app = opened("reconstruct", model=DIGITS, own="0.5,-1")
    model = model_cache.explorer(DIGITS)
    decoded = model.decode(np.array([[0.5, -1]], np.float32))[0]
    drawn = app.session_state["choices"].drawn[model.shape]
    assert np.abs(drawn / 255 - decoded).max() < 0.003 and app.segmented_control[0].value == "draw"
    app.segmented_control[0].set_value("test").run()
    assert "own" not in address(whole(app))
