"""The Compare page without a browser: same inputs, same codes, honest figures."""

import json
import re
import time
from dataclasses import replace
from html import unescape

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.pages.visit import address, labelled
from vae_core.jobs.measurement import FactorMap, MeasuredFigure, Measurement, Report
from vae_core.metrics import Estimate
from vae_core.metrics.diagnosis.finding_and_evidence import Finding
from vae_core.metrics.figures import FIGURES
from vae_core.metrics.report import GROUPS
from vae_ui.comparison import charts, matched_pair, side_by_side, tables
from vae_ui.widgets import model_cache


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
    assert len(rows) == 1 + len(tables.COLUMNS) and "lower is better" in rows[1] and "\u2013" in text
    assert all(row.count("<td") == len(names) for row in rows[1:]), "a column for each model"
    charts = [model_cache.models()[name].figures["mse"] for name in names]
    assert f"<b>{min(charts):.4f}</b>" in text and f"<b>{max(charts):.4f}</b>" not in text
    assert text.count("Latent map of") == 2
    assert any("no rate" in caption.value for caption in app.caption)


def test_models_of_different_data_are_kept_apart(home):
    app = opened("digits-vae-2d")
    app.multiselect[0].set_value(["digits-vae-2d", "points-moons"]).run()
    assert not app.exception
    assert "compared separately" in app.info[0].value and html(app).count("<table") == 2
    assert sum("distortion below 0" in caption.value for caption in app.caption) == 1, (
        "of the points, whose likelihood is a density"
    )


def test_nothing_chosen_says_what_to_do(home):
    app = opened("digits-vae-2d")
    app.multiselect[0].set_value([]).run()
    assert "Choose one to four" in app.info[0].value


def test_other_images_come_with_another_seed(home):
    app = opened("digits-vae-2d")
    before = html(app)
    next(button for button in app.button if button.label == "Other images").click().run()
    assert not app.exception and html(app) != before and address(app)["seed"] == "1"


def test_without_the_data_it_says_what_stands_in(home):
    app = opened("mnist-vae-2d")
    assert any("in place of its test images" in caption.value for caption in app.caption)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_the_inputs_hold_one_image_of_each_class(home, seed):
    (model,) = side_by_side.chosen(["digits-vae-2d"])
    rows = side_by_side.inputs(model, seed)
    assert np.array_equal(model.explorer.latents.labels[rows], np.arange(10))


def test_equal_codes_mean_equal_noise(home):
    one, other = side_by_side.chosen(["digits-vae-2d", "mnist-vae-2d"])
    assert np.array_equal(one.explorer.prior_samples(10, 3), other.explorer.prior_samples(10, 3))


def test_every_model_of_the_same_data_stands_on_the_plane(home):
    app = opened("mnist-vae-2d")
    (chart,) = app.main.get("plotly_chart")
    drawn = [trace for trace in json.loads(chart.proto.spec)["data"] if trace["mode"] == "markers+text"]
    told = {
        name.strip(): hover for trace in drawn for name, hover in zip(trace["text"], trace["hovertext"], strict=True)
    }
    infos = model_cache.models().values()
    mine = [i for i in infos if i.run.data.dataset == "mnist" and i.figures["rate"] is not None]
    assert set(told) == {info.title for info in mine} and len(mine) > 2
    for info in mine:
        assert f"{-info.figures['elbo']:.1f}" in told[info.title]
    assert not opened("points-moons").main.get("plotly_chart")  # one dot alone says nothing


def keep(name: str, report: Report) -> Measurement:
    """As if the model had been measured."""
    job = Measurement.of(model_cache.models()[name])
    job.result.parent.mkdir(parents=True, exist_ok=True)
    job.result.write_text(report.model_dump_json())
    return job


def line(figure: str, value: float, half: float, group: str = "bound") -> MeasuredFigure:
    return MeasuredFigure(group=group, figure=figure, value=value, low=value - half, high=value + half)


def test_all_figures_are_measured_when_asked_for(home):
    app = opened("digits-vae-2d")
    app.multiselect[0].set_value(["digits-vae-2d"]).run()
    assert "Not measured yet" in app.info[0].value and "some seconds" in app.info[0].value
    labelled(app.button, "Measure").click().run()
    job = Measurement.of(model_cache.models()["digits-vae-2d"])
    assert not app.exception and (job.load() or labelled(app.button, "Stop"))
    deadline = time.monotonic() + 120
    while job.progress() is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    app.run()
    assert not app.exception and not app.error and not app.info
    text, report = html(app), job.load()
    for measured in report.lines:
        assert FIGURES[measured.figure].title in unescape(text)
    assert "no true factors" in text and "270 test images" in text and "1.42" in text
    assert "nothing found." in text or report.findings


def test_measuring_can_be_stopped(home):
    app = opened("digits-vae-2d")
    labelled(app.button, "Measure").click().run()
    labelled(app.button, "Stop").click().run()
    jobs = [Measurement.of(model_cache.models()[name]) for name in app.multiselect[0].value]
    deadline = time.monotonic() + 60
    while any(job.progress() is not None for job in jobs) and time.monotonic() < deadline:
        time.sleep(0.05)
    app.run()
    assert not app.exception and not app.error and labelled(app.button, "Measure")
    assert not any(job.load() for job in jobs)


def test_without_its_data_a_model_is_not_measured(home):
    app = opened("mnist-vae-2d")
    assert any("the data set is needed" in info.value for info in app.info)
    assert "Measure" not in [button.label for button in app.button]


def test_a_failure_says_why_and_offers_another_attempt(home):
    job = Measurement.of(model_cache.models()["points-moons"])
    job.log.parent.mkdir(parents=True)
    job.log.write_text("process 1\nError: The data are not here.\n")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["model"] = "points-moons"
    app.run()
    app.switch_page("pages/compare.py").run()
    assert not app.exception and "failed. The data are not here." in app.error[0].value
    assert labelled(app.button, "Measure")


def test_what_is_measured_is_shown_and_bold_where_it_is_surely_better(home):
    left_out = {"split": "A plain autoencoder has no rate to decompose."}
    finding = Finding("prior hole", "48 % <reached>", "Samples fall beside the codes.", "Learn the prior.")
    lines = line("elbo", -23.7, 0.4), line("mse", 0.02, 0.001), line("distortion", 20.5, 0.4)
    keep("digits-vae-2d", Report(images=270, lines=lines, left_out={}, kl=(1.4, 0.2), kl_margins=(0.1, 0.1)))
    lines = line("mse", 0.03, 0.002), line("distortion", 20.4, 0.5)
    keep("digits-ae-2d", Report(images=270, lines=lines, left_out=left_out, findings=(finding,)))
    app = opened("digits-vae-2d")
    text = html(app).partition("All measured figures")[2]
    assert "<b>0.0200</b>" in text and "<b>20.40</b>" not in text and "20.40<br>" in text
    assert "23.30 to 24.10" in text and 'title="Kingma and Welling 2014, arXiv:1312.6114"' in text
    assert "left out for Digits 8x8, autoencoder 2-D: A plain autoencoder" in text and "z1 1.40, z2 0.20" in text
    assert "nothing found." in text and "48 % &lt;reached&gt;" in text and "Learn the prior." in text
    assert not any(button.label == "Measure" for button in app.button) and not app.info


def test_a_broken_file_is_measured_again(home):
    keep("digits-vae-2d", Report(images=270, lines=(), left_out={})).result.write_text('{"images": 270, "li')
    app = opened("digits-vae-2d")
    assert labelled(app.button, "Measure")


def test_true_factors_are_drawn_dimension_by_factor(home):
    names = ("shape", "scale", "rotation", "x", "y")
    shares = tuple(tuple(0.01 * (row + column) for column in range(5)) for row in range(10))
    keep("shapes-beta-10d", Report(images=2304, lines=(), left_out={}, factors=FactorMap(names=names, shares=shares)))
    app = opened("shapes-beta-10d")
    (chart,) = app.main.get("plotly_chart")
    (drawn,) = json.loads(chart.proto.spec)["data"]
    assert drawn["type"] == "heatmap" and drawn["x"] == list(names) and drawn["y"][9] == "z10"
    assert any("one bright cell" in caption.value for caption in app.caption)


def test_the_heat_map_holds_the_shares():
    trace = charts.heat_map("A model", ("x", "y"), ((0.5, 0.0), (0.1, 0.2), (0.0, 0.0)), 0.8, "#000").data[0]
    assert np.array_equal(trace.z, [[0.5, 0], [0.1, 0.2], [0, 0]]) and (trace.zmin, trace.zmax) == (0, 0.8)


@pytest.mark.parametrize(
    ("figure", "values", "best"),
    [
        ("elbo", [(-30, 1), (-20, 1)], 1),
        ("mse", [(0.3, 0.01), (0.5, 0.01)], 0),
        ("mse", [(0.3, 0.1), (0.4, 0.1)], None),
        ("mse", [(0.3, 0.01), (0.4, float("nan"))], None),
        ("mse", [(0.3, 0.01), None], None),
        ("rate", [(3, 0.1), (5, 0.1)], None),
    ],
)
def test_the_best_stands_apart_from_the_second(figure, values, best):
    found = [None if each is None else Estimate(each[0], each[0] - each[1], each[0] + each[1]) for each in values]
    assert tables.leader(FIGURES[figure], found) == best


def test_every_group_of_figures_has_a_name():
    assert tables.ASKS.keys() == GROUPS.keys()


def test_a_margin_that_a_checkpoint_keeps_is_shown(home, monkeypatch):
    (model,) = side_by_side.chosen(["digits-vae-2d"])
    for name in [name for name in model.explorer.info.figures if name.endswith("_margin")]:
        monkeypatch.delitem(model.explorer.info.figures, name)
    assert "\u00b1" not in tables.table([model])
    monkeypatch.setitem(model.explorer.info.figures, "elbo_margin", 0.4357)
    assert "\u00b1 0.44" in tables.table([model]) and "\u00b1" in tables.notes([model])


@pytest.mark.parametrize(
    ("model", "pair"),
    [
        ("mnist-vae-2d", ["mnist-vae-2d", "mnist-ae-2d"]),
        ("mnist-ae-2d", ["mnist-ae-2d", "mnist-vae-2d"]),
        ("digits-ae-2d", ["digits-ae-2d", "digits-vae-2d"]),
        ("mnist-beta-10d", ["mnist-beta-10d"]),
    ],
)
def test_a_model_is_compared_with_one_of_its_size_data_and_training(home, model, pair):
    models = model_cache.models()
    assert matched_pair.default(model, models) == pair
    assert matched_pair.differences({name: models[name] for name in pair}) == ""


def test_codes_of_different_size_are_not_like_with_like(home):
    app = opened("mnist-vae-2d")
    assert app.multiselect[0].value == ["mnist-vae-2d", "mnist-ae-2d"] and not app.warning
    app.multiselect[0].set_value(["mnist-ae-2d", "mnist-beta-10d"]).run()
    (warning,) = app.warning
    assert "Not like with like" in warning.value and "10 in" in warning.value and "2 in" in warning.value


def test_fewer_training_images_are_not_like_with_like(home):
    info = model_cache.models()["digits-vae-2d"]
    run = info.run.replace(data=info.run.data.replace(training_images=100).model_dump())
    few = replace(info, run=run)
    assert not matched_pair.matched(info, few)
    assert "different images" in matched_pair.differences({"all": info, "few": few})
