"""What every page has around it: the model in the URL, one choice a browser, and sentences instead of traces."""

import gc

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.pages.visit import address, odd_model, place, slide, visit, whole
from vae_core.data import Dataset
from vae_ui.shell import page_list, sidebar
from vae_ui.widgets import model_cache


def test_every_page_of_the_menu_is_there():
    assert set((ROOT / "pages").rglob("*.py")) == {page_list.file(page) for page in page_list.PAGES}


def test_two_browsers_do_not_share_a_choice(home):
    one, other = visit("decode", "digits-vae-2d"), visit("decode", "digits-ae-2d")
    slide(one, "digits-vae-2d", [1.5, 0.25])
    one.run(), other.run()
    assert address(one)["model"] != address(other)["model"]
    assert place(one, "digits-vae-2d").z == pytest.approx([1.5, 0.25])
    assert place(other, "digits-ae-2d").z[0] != 1.5


def test_the_model_stays_from_page_to_page_and_z_goes_along(home):
    app = visit("decode", "digits-vae-2d")
    slide(app, "digits-vae-2d", [0.5, 1.25])
    app.sidebar.selectbox[0].set_value("digits-ae-2d").run()
    assert place(whole(app), "digits-ae-2d").z == pytest.approx([0.5, 1.25])
    app.switch_page("pages/traverse.py").run()
    assert whole(app).sidebar.selectbox[0].value == "digits-ae-2d"
    assert address(app)["model"] == "digits-ae-2d"


def test_a_stale_link_falls_back_to_a_model_that_is_there(home):
    app = visit("decode", "a-model-that-was-deleted")
    assert app.sidebar.selectbox[0].value == sidebar.DEFAULT_MODEL


def test_a_damaged_model_is_one_sentence(home):
    name = odd_model(home, "broken", (1, 8, 8), 3)
    (home / "runs" / "broken" / "weights.safetensors").write_bytes(b"cut off")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["model"] = name
    app.run()
    assert not app.exception and "weights.safetensors is damaged: it is truncated" in app.main.warning[0].value
    assert name not in model_cache.models() and app.sidebar.selectbox[0].value == sidebar.DEFAULT_MODEL


def test_the_sidebar_says_what_a_model_is(home):
    for name, info in model_cache.models().items():
        lines = sidebar.facts(info, model_cache.explorer(name).parameters)
        assert (
            model_cache.data_title(info.run.data.dataset) in lines[0] and "nats per image, lower is better" in lines[-1]
        )
        assert ("ELBO **" in lines[-1]) == (info.run.model.posterior != "point")
    assert len(set(sidebar.unique_titles(model_cache.models()).values())) == len(model_cache.models())


@pytest.mark.parametrize(("count", "words"), [(940, "940"), (52_300, "52.3 k"), (1_130_000, "1.13 M")])
def test_counts_are_short(count, words):
    assert sidebar.short(count) == words


def test_the_pages_keep_the_test_images_and_not_the_rest_of_the_data_set() -> None:
    def alive() -> int:
        gc.collect()
        return sum(type(thing) is Dataset for thing in gc.get_objects())

    st.cache_resource.clear()
    before = alive()
    x = model_cache.test_images("digits-vae-2d")
    assert x.shape == (270, 1, 8, 8) and x.base is None, "not a view of something larger"
    assert alive() == before
