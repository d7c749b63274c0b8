"""The page Anomalies without a browser: what is normal is trained on alone, and what its model finds is shown beside simpler tools."""

import json
from html import unescape

import numpy as np
import pytest

from tests.pages.visit import address, html, labelled, turn_to, visit, whole
from vae_core import checkpoints
from vae_core.anomalies import comparison_job
from vae_core.anomalies.comparison_job import ComparisonJob
from vae_core.data import load
from vae_core.explore.explorer import Explorer
from vae_core.models.build import build
from vae_core.runs import Store
from vae_core.runs.database import session, transaction
from vae_core.training.fit import fit
from vae_ui.anomalies import strangest
from vae_ui.anomalies.result import _judged
from vae_ui.shell import page_list

MODEL = "digits-vae-2d"


@pytest.fixture(autouse=True)
def _no_processes(home, monkeypatch):
    monkeypatch.setattr(ComparisonJob, "start", lambda job, person="": None)


def set_state(id: str, state: str, message: str = "") -> None:
    with session(Store().path) as db, transaction(db):
        db.execute("UPDATE runs SET state = ?, message = ? WHERE id = ?", (state, message, id))


@pytest.fixture
def trained(home):
    """The run that the page starts, as if its training had ended; it took fewer epochs than the page asks for."""
    whole(labelled(visit("anomalies", MODEL).button, "Train on normal").click().run())
    (row,) = Store().runs()
    short = row.run.replace(train=row.run.train.replace(epochs=10).model_dump())
    assert [*fit(build(short.model, 0), load(short.data), short, folder=Store().folder(row.id))][-1].kind == "done"
    set_state(row.id, "done")
    return row.id


def figure(app) -> dict:
    (element,) = [one.proto for one in app.main.get("bidi_component") if one.proto.component_name == "latent_anomalies"]
    return json.loads(element.json)


def test_one_click_trains_on_what_is_normal_and_the_link_keeps_the_choice(home):
    app = visit("anomalies", MODEL)
    labelled(app.button, "Train on normal").click().run()
    (row,) = Store().runs()
    assert row.run.data.dataset == "breast-cancer" and row.run.data.only_classes == ("benign",)
    assert labelled(whole(app.run()).button, "Stop"), "a second click is not offered"
    app.session_state["train.data"] = "wine"
    whole(app.run())
    app.session_state["choices"].normal = (0, 2)
    whole(app.run())
    asked = address(app)
    assert (asked["data"], asked["normal"]) == ("wine", "0-2")
    again = visit("anomalies", MODEL)
    again.query_params.update({"model": MODEL, "data": "wine", "normal": "0-2-999999", "nav": "7"})
    assert "the normal classes" in whole(again.run()).main.warning[0].value


def test_a_training_that_failed_says_so_and_is_offered_again(home):
    labelled(visit("anomalies", MODEL).button, "Train on normal").click().run()
    set_state(Store().runs()[0].id, "failed", "The disk is full.")
    app = visit("anomalies", MODEL)
    assert "The disk is full." in app.main.warning[0].value and labelled(app.button, "Train on normal")


def test_the_page_shows_what_the_model_finds(home, trained):
    app = visit("anomalies", MODEL)
    data, info = figure(app), checkpoints.info(Store().folder(trained))
    assert len(data["normal"]) + len(data["strange"]) == 85 and data["normal"] == sorted(data["normal"])
    assert all(low <= y <= high for curve in ("roc", "precision") for y, low, high in zip(
        *(data[curve][part] for part in ("y", "low", "high")), strict=True))  # fmt: skip
    assert html(app).count("malignant") >= 8 and "worst area" in html(app), "the strangest ten"
    job = ComparisonJob.of(info)
    comparison_job.main(str(info.folder), "1", str(job.result))
    found = job.load()
    app = whole(turn_to(app, "anomalies").run())
    text = unescape(html(app))
    best = found.lines[0]
    assert f"<b>{best.auroc:.3f}</b>" in text and text.count("(this VAE)") == 4 and "IsolationForest" in text
    said = " ".join(one.value for one in app.main.markdown)
    assert f"AUROC {found.line('rank_mean').auroc:.3f}" in said, "which score to trust"


def test_all_scores_are_in_the_file(home, trained):
    model = Explorer.open(Store().folder(trained))
    judged = _judged(str(model.info.folder), 0, model)
    table = strangest.table(model, judged, "rank_mean", judged.detector.threshold("rank_mean"))
    assert list(table) == [
        "test example",
        "class",
        "anomaly",
        "flagged",
        "rank_mean",
        "elbo",
        "reconstruction",
        "neighbours",
    ]
    assert set(zip(table["class"], table["anomaly"], strict=True)) == {("benign", 0), ("malignant", 1)}
    assert judged.strangest("elbo")[0] == np.argmax(table["elbo"]) and judged.share_below("elbo", np.inf) == 1
    again = judged.of(judged.x[:1])
    assert judged.scores["neighbours"][0] == pytest.approx(again["neighbours"][0])


def test_the_job_is_on_the_page_use(home):
    assert "anomalies" in page_list.JOBS and any(
        "does not belong" in one.value for one in visit("use", MODEL).main.markdown
    )
