"""The page Few labels without a browser: clicks on the map give labels, which the link keeps, and all others are guessed from them."""

import csv
import io

import numpy as np
import pytest

from tests.pages.visit import address, html, labelled, place, sent, visit, whole
from vae_core import checkpoints
from vae_core.explore.explorer import Explorer
from vae_core.export.csv_files import csv_file
from vae_core.few_labels import curve_job
from vae_core.few_labels.curve_job import CurveJob
from vae_core.jobs.job import Job
from vae_core.runs import Store
from vae_ui.few_labels import given, guesses, map
from vae_ui.shell import page_list
from vae_ui.widgets import choose_image, model_cache

MODEL = "digits-vae-2d"


@pytest.fixture(autouse=True)
def _no_processes(home, monkeypatch):
    monkeypatch.setattr(Job, "start", lambda job, person="": None)


def click(app, model: Explorer, *dots: int, visit: str = "visit"):
    """As if these dots had been clicked on the map, one after the other."""
    spot = place(app, MODEL)
    titles = tuple(spot.called) if spot.own_names else choose_image.class_names(model)
    key = model_cache.key(MODEL)
    payload = map._dots(*key, "plane", titles, "en", model_cache.at_hand(MODEL), MODEL, None).payload
    held = {"hash": payload.hash, "model": ""}
    events = [{"number": i + 1, "act": "click", "pick": dot} for i, dot in enumerate(dots)]
    app.session_state[map.KEY] = sent(held, *events, visit=visit)
    return whole(app.run())


@pytest.fixture(scope="module")
def model() -> Explorer:
    return Explorer.open(checkpoints.bundled() / MODEL)


def right(app) -> float:
    (metric,) = [one for one in app.metric if one.label.startswith("Right among")]
    return float(metric.value.rstrip("%"))


def test_clicks_give_labels_that_the_link_keeps(home, model):
    app = visit("few_labels", MODEL)
    assert app.metric[0].value == "0" and "revealed" not in address(app)
    first = [int(np.flatnonzero(model.latents.labels == label)[0]) for label in range(10)]
    app = click(app, model, *first)
    assert place(app, MODEL).revealed == first
    assert right(app) > 50, "a code of two numbers separates most digits"
    asked = address(app)
    assert asked["revealed"] == "-".join(map_str(first))
    text = html(app)
    assert "label propagation" in text and text.count("<b>") >= 1 and text.count("%") >= 6
    again = visit("few_labels", MODEL)
    again.query_params.update({"model": MODEL, "revealed": asked["revealed"] + "-999999", "nav": "7"})
    assert "the labels" in whole(again.run()).main.warning[0].value
    again.query_params.update({"model": MODEL, "revealed": asked["revealed"], "nav": "8"})
    assert right(whole(again.run())) == right(app), "a reload shows the same"
    click(app, model, first[3], visit="later")
    assert place(app, MODEL).revealed == first[:3] + first[4:], "a second click takes it back"
    labelled(app.button, "Undo").click().run()
    assert place(app, MODEL).revealed == first[:3] + first[4:9]


def map_str(numbers):
    return [str(number) for number in numbers]


def test_the_most_useful_dots_are_labelled_with_one_click(home):
    app = visit("few_labels", MODEL)
    labelled(app.button, "Ten of them").click().run()
    chosen = place(whole(app), MODEL).revealed
    assert len({*chosen}) == 10
    before = right(app)
    labelled(app.button, "Ten of them").click().run()
    assert len({*place(app, MODEL).revealed}) == 20 and right(app) > before - 3
    labelled(app.button, "Clear").click().run()
    assert place(whole(app), MODEL).revealed == [] and app.metric[0].value == "0"


def test_names_of_ones_own(home, model):
    app = visit("few_labels", MODEL)
    app.session_state["places"][MODEL].own_names = True
    whole(app.run())
    click(app, model, 5)
    assert place(app, MODEL).named == {}, "without a name nothing is labelled"
    app.session_state["few-labels.name"] = "<b>round</b>, thin"
    click(app, model, 5, visit="a")
    app.session_state["few-labels.name"] = "other"
    click(app, model, 6, 7, visit="b")
    assert place(app, MODEL).called == ["<b>round</b>, thin", "other"]
    assert place(app, MODEL).named == {5: 0, 6: 1, 7: 1}
    asked = address(app)
    again = visit("few_labels", MODEL)
    again.query_params.update({"model": MODEL, "nav": "7", **{name: asked[name] for name in ("called", "named")}})
    whole(again.run())
    assert place(again, MODEL).called == place(app, MODEL).called and place(again, MODEL).named == {5: 0, 6: 1, 7: 1}
    labelled(again.button, "Propose").click().run()
    assert place(whole(again), MODEL).proposed not in (None, 5, 6, 7)
    assert not [one for one in again.metric if one.label.startswith("Right")], "there is no truth to be right about"


def test_the_file_has_every_example_with_its_guess(home, model):
    where = np.array([0, 10])
    found = guesses.guessed(MODEL, "propagation", "codes", where, model.latents.labels[where], 10)
    table = given.table(model, tuple("abcdefghij"), where, found)
    rows = [*csv.DictReader(io.StringIO(csv_file(table).decode("utf-8-sig")))]
    assert len(rows) == len(model.latents.mean)
    assert [row["number"] for row in rows if row["given"] == "1"] == ["0", "10"]
    assert {row["class"] for row in rows} == {"abcdefghij"[label] for label in model.latents.labels[where]}
    assert all(0 <= float(row["probability"]) <= 1 for row in rows)


def test_m2_is_trained_with_as_many_labels_and_the_curve_is_drawn(home, model, monkeypatch):
    app = visit("few_labels", MODEL)
    labelled(app.button, "Ten of them").click().run()
    labelled(app.button, "Train M2 with 10").click().run()
    (row,) = Store().runs()
    assert row.run.objective.name == "semi" and row.run.data.labelled == 10 and row.run.data.dataset == "digits"
    assert labelled(whole(app.run()).button, "Stop")
    monkeypatch.setattr(curve_job, "PER_CLASS", (1, 2))
    job = CurveJob.of(checkpoints.info(checkpoints.bundled() / MODEL))
    job.result.parent.mkdir(parents=True, exist_ok=True)
    curve_job.main(str(model.info.folder), str(job.result))
    app = whole(app.run())
    assert len(app.get("plotly_chart")) == 1 and not [one for one in app.button if one.label.startswith("Draw")]


def test_the_job_is_on_the_page_use(home):
    assert "few_labels" in page_list.JOBS
    assert any("Label ten" in one.value for one in visit("use", MODEL).main.markdown)


def test_a_model_without_classes_takes_names(home):
    app = visit("few_labels", "points-moons")
    assert whole(app).metric[0].value == "0"
