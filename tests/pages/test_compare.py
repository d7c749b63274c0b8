"""The Compare page without a browser: same inputs, same codes, honest figures."""

import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from vae_ui import cache, comparing


def opened(model: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["model"] = model
    app.run()
    app.switch_page("pages/compare.py").run()
    assert not app.exception and not app.error
    return app


def html(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_models_of_the_same_data_are_compared_at_once(home):
    app = opened("digits-vae-2d")
    names = app.multiselect[0].value
    assert names == ["digits-vae-2d", "digits-ae-2d"]
    text = html(app)
    rows = re.findall(r"<tr>.*?</tr>", text)
    assert len(rows) == 3 and "lower is better" in rows[0] and "\u2013" in text
    figures = [cache.models()[name].figures["mse"] for name in names]
    assert f"<b>{min(figures):.4f}</b>" in text and f"<b>{max(figures):.4f}</b>" not in text
    assert text.count("Latent map of") == 2
    assert any("no rate" in caption.value for caption in app.caption)


def test_models_of_different_data_are_kept_apart(home):
    app = opened("digits-vae-2d")
    app.multiselect[0].set_value(["digits-vae-2d", "points-moons"]).run()
    assert not app.exception
    assert "cannot share inputs" in app.info[0].value and html(app).count("<table") == 2


def test_nothing_chosen_says_what_to_do(home):
    app = opened("digits-vae-2d")
    app.multiselect[0].set_value([]).run()
    assert "Choose one to four" in app.info[0].value


def test_other_images_come_with_another_seed(home):
    app = opened("digits-vae-2d")
    before = html(app)
    next(button for button in app.button if button.label == "Other images").click().run()
    assert not app.exception and html(app) != before and app.query_params["seed"] == "1"


def test_without_the_data_it_says_what_stands_in(home):
    app = opened("mnist-vae-2d")
    assert any("stand in for test images" in caption.value for caption in app.caption)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_inputs_hold_one_image_of_each_class(home, seed):
    (model,) = comparing.chosen(["digits-vae-2d"])
    rows = comparing.inputs(model, seed)
    assert np.array_equal(model.explorer.latents.labels[rows], np.arange(10))


def test_equal_codes_mean_equal_noise(home):
    one, other = comparing.chosen(["digits-vae-2d", "mnist-vae-2d"])
    assert np.array_equal(one.explorer.prior_samples(10, 3), other.explorer.prior_samples(10, 3))


def test_every_model_of_the_same_data_stands_on_the_plane(home):
    app = opened("mnist-vae-2d")
    (chart,) = app.main.get("plotly_chart")
    drawn = [trace for trace in json.loads(chart.proto.spec)["data"] if trace["mode"] == "markers+text"]
    told = {
        name.strip(): hover for trace in drawn for name, hover in zip(trace["text"], trace["hovertext"], strict=True)
    }
    infos = cache.models().values()
    mine = [i for i in infos if i.run.data.dataset == "mnist" and i.figures["rate"] is not None]
    assert set(told) == {info.title for info in mine} and len(mine) > 2
    for info in mine:
        assert f"{-info.figures['elbo']:.1f}" in told[info.title]
    assert not opened("points-moons").main.get("plotly_chart")  # one dot alone says nothing
