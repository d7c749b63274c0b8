"""Sweeps on the pages: a row on Train that queues every combination, and curves with intervals on Compare."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from vae_core.config import DataConfig
from vae_core.experiments.sweeps import Sweep, keep, kept, results
from vae_core.presets.build_run import build_run
from vae_core.runs import Store
from vae_core.runs.database import session, transaction
from vae_ui.compare import sweeps


def opened(page: str, level: str = "full") -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params["level"] = level
    app.run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def by_key(elements, key):
    return next(element for element in elements if element.key == key)


@pytest.fixture
def trained(home):
    """A sweep over two settings of which the trainings of the first three points are done, with the figures that they then have."""
    base = build_run("vae", DataConfig(), (1, 8, 8), 10, title="<b>base</b>")
    sweep = Sweep(base=base, varied={"beta": (0.5, 1.0, 40.0), "latent_dim": (2, 10)}, seeds=2)
    store = Store(home)
    for number, run in enumerate(sweep.runs()):
        id = store.create(run)
        if number < 6:
            known = {"elbo": -100.0 - number, "distortion": 90.0, "rate": 10.0 + number, "active_units": 2, "mse": 0.01}
            with session(store.path) as db, transaction(db):
                latest = json.dumps({"done": {"figures": known}})
                db.execute("UPDATE runs SET state = 'done', latest = ? WHERE id = ?", (latest, id))
    keep(sweep, home)
    return sweep


def test_the_row_on_train_queues_every_combination_once(home):
    app = opened("train")
    by_key(app.selectbox, "train.several.first").set_value("beta").run()
    by_key(app.text_input, "train.several.first.values.beta").set_value("0.5, 1, 4").run()
    by_key(app.selectbox, "train.several.second").set_value("latent_dim").run()
    by_key(app.text_input, "train.several.second.values.latent_dim").set_value("2 10").run()
    by_key(app.number_input, "train.several.seeds").set_value(2).run()
    assert any("12 trainings, 0 of them" in caption.value for caption in app.caption)
    by_key(app.button, "train.several.go").click().run()
    assert not app.exception and not app.error
    (sweep,) = kept(home)
    rows = Store(home).runs()
    assert len(rows) == sweep.count == 12
    assert {(row.run.objective.beta, row.run.model.latent_dim) for row in rows} == {
        (b, z) for b in (0.5, 1, 4) for z in (2, 10)
    }
    app.run()
    assert by_key(app.button, "train.several.go").disabled and len(Store(home).runs()) == 12


def test_what_cannot_be_trained_is_a_sentence_on_the_page(home):
    app = opened("train")
    by_key(app.selectbox, "train.several.first").set_value("latent_dim").run()
    for text, said in (
        ("two", "write whole numbers"),
        ("0", "greater than or equal to 1"),
        (", ".join(map(str, range(1, 90))), "at most 200"),
    ):
        by_key(app.text_input, "train.several.first.values.latent_dim").set_value(text).run()
        assert any(said in error.value for error in app.error), text
    assert Store(home).runs() == []


def test_a_beginner_sees_no_sweeps(home, trained):
    assert not [box for box in opened("train", "beginner").selectbox if box.key and box.key.startswith("train.several")]
    assert not [header for header in opened("compare", "beginner").header if header.value == "Sweeps"]


def test_compare_shows_curves_with_intervals_and_a_table(home, trained):
    app = opened("compare")
    assert not app.error and [header.value for header in app.header if header.value == "Sweeps"]
    page = " ".join(element.proto.body for element in app.get("html"))
    assert "100.50 ± 6.35" in page and "2 / 2" in page and "0 / 2" in page
    assert any(
        "Student's 95 % interval" in caption.value and "6 of 12 trainings are not done" in caption.value
        for caption in app.caption
    )


def test_a_curve_goes_over_the_setting_with_most_values_and_another_for_each_other_value(home, trained):
    points = results(trained, Store(home).runs())
    chart = sweeps.curves(trained, points, "elbo")
    assert [len(curve.x) for curve in chart.data] == [2, 1] and chart.layout.xaxis.type == "log"
    assert list(chart.data[0].x) == [0.5, 1.0] and list(chart.data[0].y) == [100.5, 104.5]
    assert chart.data[0].error_y.array[0] == pytest.approx(6.353, abs=1e-3)  # t(0.975, 1) * 0.5
    assert {curve.name for curve in chart.data} == {"Code size 2", "Code size 10"}
    found = sweeps.table(trained, points, ["elbo"])
    assert {len(column) for column in found.values()} == {6}


def test_one_seed_has_no_interval(home):
    sweep = Sweep(base=build_run("vae", DataConfig(), (1, 8, 8), 10), varied={"network": ("mlp", "tied")}, seeds=1)
    store = Store(home)
    for run in sweep.runs():
        id = store.create(run)
        with session(store.path) as db, transaction(db):
            latest = json.dumps({"done": {"figures": {"distortion": 5.0, "active_units": 1, "elbo": -6.0}}})
            db.execute("UPDATE runs SET state = 'done', latest = ? WHERE id = ?", (latest, id))
    points = results(sweep, store.runs())
    chart = sweeps.curves(sweep, points, "elbo")
    assert list(chart.data[0].error_y.array) == [0, 0] and list(chart.data[0].x) == ["mlp", "tied"]
    assert chart.layout.xaxis.type == "category"
    assert "±" not in sweeps._number("elbo", sweeps.shown("elbo", points[0]))
