"""The Train page without a browser: the form, every state with its sentence and way out, and one real small run."""

import json
import os
import signal
import time
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.helpers.data_helpers import halves, saved, zipped
from tests.helpers.preset_helpers import OF_SENTENCES
from tests.pages.visit import address
from vae_core.axes.compatibility import choices
from vae_core.config import DataConfig
from vae_core.data import download
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.presets.papers import PRESETS
from vae_core.presets.run_config import RunConfig
from vae_core.runs import RunRow, Store
from vae_core.runs.database import session
from vae_core.scheduling import start_scheduler
from vae_core.utils.locks import FileLock
from vae_core.utils.processes import start_detached
from vae_ui.datasets import downloads
from vae_ui.datasets.known_data import look
from vae_ui.train import form, gradient_step
from vae_ui.train.run_panel import ICONS, moved, sentence
from vae_ui.widgets.forms import readable


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    app.switch_page("pages/train.py").run()
    assert not app.exception
    return app


def by_label(elements, label):
    found = [element for element in elements if element.label == label]
    assert found, f"no '{label}' among {[element.label for element in elements]}"
    return found[0]


def labels(app: AppTest) -> set[str]:
    kinds = (app.button, app.selectbox, app.number_input, app.text_input, app.slider, app.select_slider)
    return {element.label for elements in kinds for element in elements}


@pytest.fixture
def quiet(home) -> Store:
    """The runs of an empty home in which nothing trains."""
    return Store(home)


@pytest.fixture
def alive(home, monkeypatch) -> Store:
    """The runs of an empty home with a real scheduler, ended afterwards."""
    monkeypatch.setattr(start_scheduler, "start_detached", start_detached)
    yield Store(home)
    if owner := FileLock(home / "scheduler.lock").holder():
        os.kill(owner, signal.SIGTERM)


def test_an_empty_home_shows_a_form_that_can_start_and_says_what_to_do(quiet):
    app = opened()
    assert not app.error and not app.info
    assert not by_label(app.button, "Start").disabled
    assert {"Kind of model", "Data", "Code size", "Beta", "Seconds"} <= labels(app)
    assert any("None yet" in caption.value for caption in app.caption)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_starts_the_run_that_it_promises(quiet, name):
    app, data, facts = opened(), DataConfig(), ((1, 8, 8), 10)
    settings = {}
    if name in OF_SENTENCES:
        data, facts, settings = DataConfig(dataset="sentences", variant="english"), ((9,), 3), {"vocabulary": 95}
        by_label(app.selectbox, "Data").set_value("sentences").run()
    by_label(app.selectbox, "Kind of model").set_value(name).run()
    by_label(app.number_input, "Seconds").set_value(7.0)
    by_label(app.button, "Start").click().run()
    assert not app.error and not app.exception
    (row,) = quiet.runs()
    wanted = build_run(name, data, *facts, seconds=7.0, epochs=None, title=row.title, **settings)
    assert row.run == wanted
    assert address(app)["run"] == row.id


def test_the_device_is_a_choice_where_there_is_more_than_the_cpu(quiet, monkeypatch):
    monkeypatch.setattr(form, "available", lambda: ("cpu",))
    assert "Device" not in labels(opened())
    monkeypatch.setattr(form, "available", lambda: ("cuda", "cpu"))
    app = opened()
    chosen = by_label(app.selectbox, "Device")
    assert (chosen.options, chosen.value) == (["auto", "cuda", "cpu"], "auto")
    chosen.set_value("cuda").run()
    by_label(app.button, "Start").click().run()
    (row,) = quiet.runs()
    assert row.run.train.device == "cuda"


@pytest.mark.parametrize(("devices", "said"), [(["cpu"], ""), (["cpu", "cuda"], "Begun on cpu, resumed on cuda:")])
def test_a_run_that_changed_its_device_says_so(quiet, devices, said):
    id = quiet.create(build_run("vae", DataConfig(), (1, 8, 8), 10))
    with session(quiet.path) as db:
        db.execute("UPDATE runs SET latest = ? WHERE id = ?", (json.dumps({"started": {"devices": devices}}), id))
    assert (said in moved(quiet.get(id))) if said else not moved(quiet.get(id))


def test_only_fields_that_would_change_something_are_shown(quiet):
    app = opened()
    assert not {"Weight decay", "Warm-up share", "Cycles", "Sigma"} & labels(app)
    by_label(app.selectbox, "Optimiser").set_value("adamw")
    by_label(app.selectbox, "KL warm-up").set_value("cyclical")
    by_label(app.selectbox, "Likelihood").set_value("gaussian").run()
    assert {"Weight decay", "Warm-up share", "Cycles", "Sigma"} <= labels(app)
    by_label(app.selectbox, "Network").set_value("tied").run()
    assert "Decoder layers" not in labels(app)
    by_label(app.selectbox, "Kind of model").set_value("autoencoder").run()
    assert not {"Beta", "Free bits", "KL warm-up"} & labels(app)
    by_label(app.selectbox, "Data").set_value("points").run()
    assert "Shape" in labels(app) and "Target" not in labels(app)


def test_changed_fields_reach_the_run(quiet):
    app = opened()
    by_label(app.number_input, "Beta").set_value(3.0)
    by_label(app.number_input, "Code size").set_value(5)
    by_label(app.text_input, "Layers").set_value("64 32")
    by_label(app.number_input, "Clip").set_value(1.0).run()
    by_label(app.button, "Start").click().run()
    run = quiet.runs()[0].run
    assert (run.objective.name, run.objective.beta, run.model.latent_dim) == ("beta", 3.0, 5)
    assert run.model.hidden == (64, 32) and run.train.clip == 1.0


def test_a_wrong_combination_is_one_sentence_and_nothing_starts(quiet):
    app = opened()
    by_label(app.text_input, "Layers").set_value("64, many").run()
    assert "whole numbers" in app.error[0].value and by_label(app.button, "Start").disabled
    by_label(app.text_input, "Layers").set_value("8 8 8 8 8").run()
    by_label(app.selectbox, "Network").set_value("conv").run()
    assert len(app.error) == 1 and by_label(app.button, "Start").disabled
    assert quiet.runs() == []


def put(store: Store, id: str, **values) -> RunRow:
    with session(store.path) as db:
        for name, value in values.items():
            db.execute(f"UPDATE runs SET {name} = ? WHERE id = ?", (value, id))
    return store.get(id)


OFFERS = {
    "queued": {"Pause", "Stop", "Yes, delete"},
    "running": {"Pause", "Stop"},
    "pausing": {"Resume", "Stop"},
    "paused": {"Resume", "Stop", "Yes, delete"},
    "stopping": set(),
    "stopped": {"Resume", "Yes, delete"},
    "done": {"Yes, delete"},
    "failed": {"Resume", "Yes, delete"},
    "lost": {"Resume", "Stop", "Yes, delete"},
}


@pytest.mark.parametrize("state", ICONS)
def test_every_state_has_a_sentence_and_a_way_out(quiet, state):
    assert set(OFFERS) == set(ICONS)
    id = quiet.create(build_run("vae", DataConfig(), (1, 8, 8), 10))
    held = {"token": "t", "heartbeat": time.time()} if state in ("running", "pausing", "stopping") else {}
    row = put(
        quiet, id, state=state, message="The worker ended; see to it." if state in ("failed", "lost") else "", **held
    )
    app = opened()
    said = [element.value for kind in (app.caption, app.error) for element in kind]
    assert sentence(row) in said and len(sentence(row)) > 20
    assert {button.label for button in app.button} & {"Pause", "Resume", "Stop", "Yes, delete"} == OFFERS[state]


def test_a_silent_worker_is_shown_as_lost_and_can_be_resumed(quiet):
    id = quiet.create(build_run("vae", DataConfig(), (1, 8, 8), 10))
    put(quiet, id, state="running", token="t", pid=os.getpid(), heartbeat=time.time() - 60)
    quiet.folder(id).mkdir(parents=True)
    lock = FileLock(quiet.folder(id) / "lock")
    assert lock.acquire()  # as a suspended worker has it
    app = opened()
    assert app.error[0].value.startswith("Lost.")
    by_label(app.button, "Resume").click().run()
    assert quiet.get(id).state == "queued" and not app.error
    lock.release()


def test_a_killed_workers_run_waits_to_go_on_and_says_why(quiet):
    id = quiet.create(build_run("vae", DataConfig(), (1, 8, 8), 10))
    put(quiet, id, state="running", token="t", pid=os.getpid(), heartbeat=time.time() - 60)
    app = opened()
    assert not app.error and any("resumed automatically (1 of at most 3 times)" in said.value for said in app.caption)


def test_a_run_that_is_gone_leaves_a_page_that_works(quiet):
    app = opened(run="20250101-000000-dead")
    assert not app.exception and not app.error and "run" not in address(app)


def test_delete_removes_the_run(quiet):
    id = quiet.create(build_run("vae", DataConfig(), (1, 8, 8), 10))
    app = opened()
    by_label(app.button, "Yes, delete").click().run()
    assert quiet.runs() == [] and not app.exception
    assert not any(f"see.{id}" in button.key for button in app.button if button.key)


def test_a_real_run_ends_as_a_model_to_explore(alive):
    app = opened()
    by_label(app.number_input, "Seconds").set_value(1.0)
    by_label(app.button, "Start").click().run()
    (row,) = alive.runs()
    deadline = time.monotonic() + 60
    while alive.get(row.id).state != "done" and time.monotonic() < deadline:
        time.sleep(0.2)
    app.run()
    assert not app.exception and not app.error
    assert "Explore this model" in labels(app)
    assert len(alive.snapshots(row.id)) >= 2
    text = " ".join(element.proto.body for element in app.get("html"))
    assert f"{-alive.get(row.id).latest['done']['figures']['elbo']:.1f}" in text


def test_a_data_set_that_is_missing_offers_its_download_and_says_why_it_failed(quiet, monkeypatch):
    nobody = partial(download, mirrors=["http://127.0.0.1:9/"], resources=[("train-images-idx3-ubyte.gz", "0" * 32)])
    monkeypatch.setattr(downloads, "download", nobody)
    app = opened()
    by_label(app.selectbox, "Data").set_value("kmnist").run()
    assert "not on this computer" in app.info[0].value and by_label(app.button, "Start").disabled
    by_label(app.button, "Download").click().run()
    deadline = time.monotonic() + 20
    while not downloads._jobs()["kmnist"].ended and time.monotonic() < deadline:
        time.sleep(0.05)
    app.run()
    assert "could not be downloaded" in app.error[0].value
    assert {button.label for button in app.button} >= {"Download"}
    downloads._jobs().clear()


def test_what_the_form_offers_can_be_built():
    """No choice of a list leads to a refusal by itself, for any shape of the data sets."""
    for data, shape in (("digits", (1, 8, 8)), ("points", (2,)), ("pictures", (3, 32, 32))):
        for name in PRESETS:
            try:
                start = build_run(name, DataConfig(dataset=data), shape, 2, hidden=(16, 32))
                build(start.model)
            except UserError:
                continue  # a preset that is not for such data says so itself
            for field, names in choices(start.model, start.objective).items():
                assert getattr(start.model, field) in names
                for choice in names:
                    build(start.model.replace(**{field: choice}))


@pytest.mark.parametrize("name", ["vae", "vq-vae", "rae-l2"])
def test_the_forms_lists_are_those_of_the_table(quiet, name):
    app = opened()
    by_label(app.selectbox, "Kind of model").set_value(name).run()
    start = build_run(name, DataConfig(), (1, 8, 8), 10)
    offered = choices(start.model, start.objective)
    assert by_label(app.selectbox, "Network").options == [readable(name) for name in offered["network"]]
    assert by_label(app.selectbox, "Likelihood").options == [readable(name) for name in offered["likelihood"]]


@pytest.mark.parametrize("name", ["cb-vae", "pixel-vae", "residual-vae", "vq-vae", "ms-ssim"])
def test_a_preset_that_is_not_for_points_says_so(quiet, name):
    app = opened()
    by_label(app.selectbox, "Kind of model").set_value(name).run()
    by_label(app.selectbox, "Data").set_value("points").run()
    assert len(app.error) == 1 and "points" in app.error[0].value and not app.exception
    assert by_label(app.button, "Start").disabled


def test_the_length_of_a_run_is_always_bounded(quiet):
    app = opened()
    app.get("button_group")[0].set_value("epochs")
    app.run()
    by_label(app.number_input, "Epochs").set_value(3).run()
    by_label(app.button, "Start").click().run()
    run: RunConfig = quiet.runs()[0].run
    assert (run.train.epochs, run.train.seconds) == (3, None)


def test_a_bad_upload_is_read_once_however_often_the_form_is_drawn(tmp_path):
    path = tmp_path / "mine.zip"
    data = DataConfig(dataset="pictures", path=str(path))
    picture = saved(halves(), "PNG")
    bad, good = ({f"{i % 2}/{i}.png": picture for i in range(12)} | last for last in ({"z.png": picture[:-40]}, {}))
    stamp = zipped(path, bad).stat()
    with pytest.raises(UserError, match=r"z\.png is damaged"):
        look(data)
    zipped(path, good)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    with pytest.raises(UserError, match=r"z\.png is damaged"):
        look(data)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
    assert look(data).classes == ("0", "1"), "another file at the same place"


def test_a_run_starts_paused_and_shows_the_step_that_was_taken(quiet):
    app = opened()
    by_label(app.button, "Start paused").click().run()
    [row] = quiet.runs()
    assert row.state == "paused" and {"One step", "One epoch"} <= {button.label for button in app.button}
    by_label(app.button, "One step").click().run()
    assert quiet.get(row.id).state == "queued" and quiet.get(row.id).controls == {"until_step": 1.0}
    codes = [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]
    moved = [[x + 0.006, y - 0.008] for x, y in codes]
    record = {"step": 1, "lr": 1e-3, "loss_before": 30.5, "loss_after": 30.25, "before": codes, "after": moved}
    step = {"step": 1, "epoch": 0, "seconds": 0.1, "samples_per_second": 9.0}
    row = put(quiet, row.id, state="paused", latest=json.dumps({"step": step, "gradient": record, "done": step}))
    found = gradient_step.arrows(row)
    assert found["from"] == [0, 0, 1, 1, 2, 2] and found["to"] == pytest.approx(
        [0.3, -0.4, 1.3, 0.6, 2.3, 1.6], rel=1e-4
    )
    said = " ".join(words.value for words in opened().markdown)
    assert "from 30.500 to 30.250 nats" in said and "50 times as long" in said
    for damaged in ({"before": [[0.0]]}, {"after": "x"}, {"loss_after": None}, {"step": 2}):
        row = put(quiet, row.id, latest=json.dumps({"step": step, "gradient": record | damaged}))
        assert gradient_step.measured(row) is None


def test_after_a_reload_the_form_has_the_data_of_the_run_in_the_address(quiet):
    id = quiet.create(build_run("vae", DataConfig(dataset="points", variant="moons"), (2,), 2))
    for run, data in ((id, "points"), (None, "digits")):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        app.session_state["choices"].run = run  # as the address has set it
        assert by_label(app.switch_page("pages/train.py").run().selectbox, "Data").value == data


def test_a_press_that_comes_too_late_is_said_once_and_a_slider_that_nobody_moved_says_nothing(quiet):
    id = quiet.create(build_run("vae", DataConfig(), (1, 8, 8), 10))
    app = opened()
    put(quiet, id, state="done")
    by_label(app.button, "Pause").click().run()
    assert [toast.value for toast in app.toast] == [
        "This run is done, so 'pause' is not possible. Start a new run instead."
    ]
    assert not app.run().toast
    before = quiet.get(id).controls
    app.session_state[f"train.beta.{id}"] = 1.0
    assert not app.run().toast and quiet.get(id).controls == before
