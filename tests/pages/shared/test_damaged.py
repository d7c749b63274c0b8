"""A home with damaged models, rows, records and snapshots: each is left out with a sentence, and every page goes on."""

import json
import os
import shutil

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.pages.visit import address, visit, whole
from tools.forged_checkpoints import change_run_json, change_weights, replace_latents
from vae_core import checkpoints
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.runs.database import session
from vae_ui.shell.page_list import PAGES
from vae_ui.widgets import model_cache

WHOLE = checkpoints.bundled() / "digits-vae-2d"
NAN = "run-nan-weights"


def nan_weights(tensors):
    tensors["decoder.layers.0.bias"][:] = np.nan


DAMAGE = {
    "figures-x": lambda f: change_run_json(f, lambda document: document.update(figures="x")),
    "deep": lambda f: (f / "run.json").write_text("[" * 100_000),
    "not-json": lambda f: (f / "run.json").write_bytes(b"\xff\xfe{"),
    "no-figures": lambda f: change_run_json(f, lambda document: document["figures"].update(elbo=None)),
    "nan-weights": lambda f: change_weights(f, nan_weights),
    "a-label-too-many": lambda f: replace_latents(f, labels=np.full(270, 99, np.int16)),
}
LATE = ("nan-weights", "a-label-too-many")  # what only opening it tells


@pytest.fixture
def damaged(home):
    for name, damage in DAMAGE.items():
        damage(shutil.copytree(WHOLE, home / "runs" / name))
    pipe = shutil.copytree(WHOLE, home / "runs" / "pipe")
    (pipe / "run.json").unlink()
    os.mkfifo(pipe / "run.json")
    return home


def said(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.warning, *app.sidebar.warning))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_beside_damaged_models_and_names_them(damaged, page):
    app = visit(page, "digits-vae-2d")
    [left_out] = [expander.label for expander in app.sidebar.expander]
    assert "damaged models are left out" in left_out
    assert all(name in said(app) for name in {*DAMAGE, "pipe"} - {*LATE}), said(app)
    assert app.selectbox(key="model-choice").value == "digits-vae-2d"


def test_a_model_that_cannot_be_opened_is_named_and_left_out_and_another_one_shown(damaged):
    assert NAN in model_cache.models()
    app = visit("latent_space", NAN)
    assert app.selectbox(key="model-choice").value != NAN and NAN not in model_cache.models()
    assert "NaN" in app.main.warning[0].value and "nan-weights" in app.main.warning[0].value
    app.selectbox(key="model-choice").set_value("digits-vae-2d").run()
    assert not whole(app).main.warning


def test_a_repaired_model_is_offered_again(damaged):
    visit("start", NAN)
    shutil.rmtree(damaged / "runs" / "nan-weights")
    shutil.copytree(WHOLE, damaged / "runs" / "nan-weights", copy_function=shutil.copy)
    assert NAN in model_cache.models() and visit("start", NAN).selectbox(key="model-choice").value == NAN


def test_compare_leaves_a_damaged_model_out_and_compares_the_others(damaged):
    app = visit("compare", "digits-vae-2d")
    app.multiselect[0].set_value(["digits-vae-2d", "run-a-label-too-many"]).run()
    assert any("beyond" in element.value for element in app.main.warning)
    assert any("Figures of the models" in element.proto.body for element in app.main.get("html"))
    assert "run-a-label-too-many" not in model_cache.models()


def test_without_a_whole_model_trainings_go_on_and_other_pages_say_what_to_do(damaged, monkeypatch):
    monkeypatch.setattr("vae_core.checkpoints.bundled", lambda: damaged / "nothing")
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    assert not app.exception and "make checkpoints" in app.main.info[0].value
    app.switch_page("pages/train.py").run()
    assert not app.exception and [button for button in app.button if button.label == "Start"]
    assert "no model yet" in app.sidebar.error[0].value and len(app.sidebar.warning) == len(DAMAGE) + 1


def test_an_unknown_model_in_the_address_is_named(home):
    app = visit("decode", "nobody")
    assert "There is no model 'nobody'" in app.main.warning[0].value


ODD = {
    "one code": lambda f, a: replace_latents(f, **{name: array[:1] for name, array in a.items()}),
    "all codes the same": lambda f, a: replace_latents(
        f, mean=np.zeros_like(a["mean"]), labels=np.zeros_like(a["labels"])
    ),
    "far codes without a spread": lambda f, a: replace_latents(
        f, mean=a["mean"] * 1e4, scale=np.zeros_like(a["scale"])
    ),
}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("page", [page for page in PAGES if page != "train"])
def test_every_page_opens_with_an_odd_model_that_is_whole(home, kind, page):
    folder = shutil.copytree(WHOLE, home / "runs" / "odd")
    with np.load(folder / "latents.npz") as archive:
        ODD[kind](folder, dict(archive))
    assert visit(page, "run-odd").selectbox(key="model-choice").value == "run-odd"


SMALL = RunConfig(
    data=DataConfig(dataset="digits"),
    model=ModelConfig(shape=(1, 8, 8), latent_dim=3, hidden=(8,)),
    train=TrainConfig(epochs=1),
)
LAST = {"step": {"kind": "step", "step": 9, "epoch": 1, "seconds": 2.0, "samples_per_second": 5.0}}
FIGURES = {"done": {"kind": "done", "step": 9, "figures": {"distortion": 1.0, "elbo": -2.0, "active_units": 2}}}


@pytest.fixture
def runs(home) -> Store:
    """Three runs: one whole, with a damaged snapshot and a damaged record; one with a damaged row; one damaged in its last record."""
    store = Store(home)
    worse, bad, good = (store.create(SMALL) for _ in range(3))
    folder = store.folder(good) / "snapshots"
    folder.mkdir(parents=True)
    codes, strip = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float16), np.zeros((2, 1, 8, 8), np.uint8)
    with session(store.path) as db:
        for n in range(4):
            np.savez(folder / f"{n:06d}.npz", codes=codes + n, labels=np.arange(5), recon=strip, originals=strip)
            record = {"step": n, "epoch": 0, "seconds": n / 2, "index": n, "file": f"{n:06d}.npz"}
            db.execute("INSERT INTO events VALUES (?, ?, 'snapshot', ?, ?)", (good, n, n, json.dumps(record)))
        db.execute("INSERT INTO events VALUES (?, 9, 'step', 9, '{')", (good,))
        done = json.dumps({**LAST, **FIGURES})
        db.execute("UPDATE runs SET state = 'done', progress = 1.0, latest = ? WHERE id = ?", (done, good))
        db.execute("UPDATE runs SET config = '{' WHERE id = ?", (bad,))
        db.execute("""UPDATE runs SET latest = '{"step": 3}' WHERE id = ?""", (worse,))
    (folder / "000003.npz").write_bytes(b"PK")  # the newest, on whose plane all would lie
    (folder / "000001.npz").unlink()
    return store


def test_the_train_page_goes_on_without_what_is_damaged(runs):
    app = whole(AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run())
    whole(app.switch_page("pages/train.py").run())
    [good] = runs.runs()
    assert good.id == address(app)["run"]
    told = " ".join(element.value for element in app.main.warning)
    assert "(2 snapshots, 1 records)" in told
    for row in runs.damaged():
        assert row.id in told
        app.button(key=f"train.damaged.{row.id}").click().run()
    assert not whole(app).exception and runs.damaged() == []
