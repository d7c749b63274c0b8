"""The page Complete without a browser: what it sends to the stage, and which models it refuses."""

import base64
import json
import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.pages.visit import address, turn_to, visit, whole
from vae_core.checkpoints import bundled
from vae_core.completion.denoising import CORRUPTIONS
from vae_core.completion.imputer_comparison import OURS, ImputerComparison
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.explore.explorer import Explorer
from vae_core.jobs import imputers_job
from vae_core.jobs.job import Job
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit
from vae_ui.base import scene
from vae_ui.complete import imputers, noise, sections
from vae_ui.widgets import model_cache

NAME = "digits-vae-2d"


def options(app) -> dict:
    (stage,) = [one.proto for one in app.main.get("bidi_component") if one.proto.component_name == "latent_map"]
    return json.loads(stage.json)["options"]


def levels(text: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(1, 8, 8)


def test_the_stage_has_the_chosen_image_and_the_models_mean_picture(home):
    app = visit("complete", NAME)
    sent = options(app)
    assert np.array_equal(levels(sent["x"]), model_cache.test_images(NAME)[0])
    model = Explorer.open(bundled() / NAME)
    mean = 255 * model.decode(model.latents.mean[:1000]).mean(0)
    assert np.abs(levels(sent["fill"]) - mean).max() < 3, "the weights of the page have 8 bits"
    app.number_input(key="complete-image-number").set_value(5).run()
    assert np.array_equal(levels(options(app)["x"]), model_cache.test_images(NAME)[5])


@pytest.mark.parametrize(("name", "says"), [("digits-ae-2d", "continuous codes"), ("points-moons", "two coordinates")])
def test_a_model_that_cannot_complete_is_refused_in_a_sentence(home, name, says):
    app = visit("complete", name)
    assert says in app.main.info[0].value and not app.exception and not app.error


def test_noise_is_restored_with_the_error_of_each_method_beside(home):
    app = visit("complete", NAME)
    app.segmented_control(key="complete-section").set_value("noise").run()
    assert not app.exception
    body = " ".join(element.proto.body for element in app.main.get("html"))
    errors = [float(text) for text in re.findall(r"error (\d\.\d{3})", body.replace("\n", " "))]
    assert len(errors) >= 5 and "median filter" in body
    app.slider(key="complete-severity").set_value(0.0).run()
    assert "noisy: error 0.000" in " ".join(element.proto.body for element in app.main.get("html"))


def test_a_reload_keeps_the_section_and_the_noise(home):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    asked = {"model": NAME, "section": "noise", "corruption": "blur", "severity": "0.4"}
    for key, value in asked.items():
        app.query_params[key] = value
    whole(turn_to(app, "complete").run())
    assert app.segmented_control(key="complete-noise").value == "blur"
    assert app.slider(key="complete-severity").value == 0.4 and address(app) == asked
    app.slider(key="complete-severity").set_value(0.2).run()
    assert address(app)["severity"] == "0.2"


def test_the_address_knows_every_noise():
    assert scene.CORRUPTIONS == tuple(CORRUPTIONS) == tuple(noise.KINDS) and tuple(sections.SECTIONS) == scene.SECTIONS


@pytest.fixture
def wine(home):
    """A model of scikit-learn's wines among the trained ones."""
    data = load(DataConfig(dataset="wine"))
    run = build_run(
        "vae", DataConfig(dataset="wine"), data.shape, 3, epochs=20, precision="fp32", **data.layout_settings
    )
    assert [*fit(build(run.model, 0), data, run, folder=home / "runs" / "wine")][-1].kind == "done"
    return data


def test_empty_cells_of_an_uploaded_table_are_filled(wine):
    app = visit("complete", "run-wine")
    names = [column.name for column in wine.columns]
    row = ["14.1", *["2"] * (len(names) - 1)]
    lines = [",".join(one) for one in (names, row, ["", *row[1:]], [*row[:-1], ""])]
    whole(app.file_uploader(key="complete-table").upload("mine.csv", "\n".join(lines).encode(), "text/csv").run())
    assert "2 cells were filled" in app.main.success[0].value
    shown = app.main.dataframe[0].value
    assert shown["Row"].tolist() == [1, 2] and shown["Column"].tolist() == [names[0], names[-1]]
    assert 11 < float(shown["Value"][0]) < 16
    app.file_uploader(key="complete-table").upload("mine.csv", b"a,b\n1,2\n", "text/csv").run()
    assert "is not there" in app.main.error[0].value


def test_a_click_compares_the_model_with_imputers_and_the_best_is_in_bold(wine, monkeypatch):
    asked = []
    monkeypatch.setattr(Job, "start", lambda job, person="": asked.append(job))
    app = visit("complete", "run-wine")
    whole(app.button(key="complete-compare").click().run())
    (job,) = asked
    job.result.parent.mkdir(parents=True, exist_ok=True)
    imputers_job.main(*job.arguments)
    app, found = whole(app.run()), job.load()
    (body,) = [element.proto.body for element in app.main.get("html") if "IterativeImputer" in element.proto.body]
    assert re.findall(r"<b>(\d\.\d{3})</b>", body) == [f"{found.errors[found.best]:.3f}"]
    assert (
        all(f"{error:.3f}" in body for error in found.errors.values())
        and f"{found.cells:,} cells" in app.main.caption[-1].value
    )
    best = ImputerComparison(errors={"KNNImputer": 0.5, OURS: 0.6}, cells=9, rows=9, training=9)
    assert imputers.sentence(best).startswith("Use KNNImputer")
    close = best.replace(errors={"KNNImputer": 0.5, OURS: 0.52})
    assert "within 5 %" in imputers.sentence(close) and "KNNImputer is best" in imputers.sentence(close)
