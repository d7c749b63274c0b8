"""Sweeps: every combination with every seed, found again by its settings, and figures with intervals over the seeds."""

import json
import math

import numpy as np
import pytest
from scipy import stats

from tests.helpers.run_helpers import RunHome
from vae_core.__main__ import main
from vae_core.config import DataConfig
from vae_core.errors import UserError
from vae_core.experiments.sweeps import KEPT, LARGEST, Sweep, changed, keep, kept, missing, results, sweepable
from vae_core.presets.build_run import build_run
from vae_core.presets.papers import PRESETS
from vae_core.runs import Store
from vae_core.runs.database import session, transaction
from vae_core.runs.many.listing import like_any

LAYOUTS = ("rnn-vae", "transformer-vae", "text-cyclical", "text-free-bits", "text-cvae", "molecule-vae")


def base(name="vae", **settings):
    return build_run(name, DataConfig(), (1, 8, 8), 10, epochs=1, **{"hidden": (8,), **settings})


def sweep(**changes):
    return Sweep(**{"base": base(), "varied": {"beta": (0.5, 4.0), "latent_dim": (2, 3)}, "seeds": 2, **changes})


def finish(store, id, **figures):
    known = {"distortion": 1.0, "active_units": 2, **figures}
    with session(store.path) as db, transaction(db):
        db.execute(
            "UPDATE runs SET state = 'done', latest = ? WHERE id = ?", (json.dumps({"done": {"figures": known}}), id)
        )


def test_every_combination_is_trained_with_every_seed():
    runs = list(sweep().runs())
    found = [(run.objective.beta, run.model.latent_dim, run.train.seed) for run in runs]
    assert found == [(b, z, s) for b in (0.5, 4.0) for z in (2, 3) for s in (0, 1)]
    assert sweep().count == len(runs) == len({run.title for run in runs})
    assert {run.model.hidden for run in runs} == {(8,)}  # all else is equal


def test_a_sweep_is_read_back_as_it_was():
    one = sweep(varied={"hidden": ((8,), (16, 8)), "lr": (1e-3,)})
    again = Sweep.parse(one.model_dump_json())
    assert again.id == one.id and list(again.runs()) == list(one.runs())
    assert sweep(base=base(title="another")).id == sweep().id != sweep(seeds=3).id


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"varied": {}}, "at least one setting"),
        ({"varied": {"beta": ()}}, "at least one value"),
        ({"varied": {"beta": (1.0, 1.0)}}, "each one once"),
        ({"varied": {"seed": (1, 2)}}, "cannot vary"),
        ({"varied": {"nothing": (1,)}}, "'nothing' is not a setting of this model; settings are accumulate"),
        ({"varied": {"latent_dim": ("many",)}}, "latent_dim"),
        ({"varied": {"posterior": ("quantised",)}}, "quantised"),
        (
            {"varied": {"latent_dim": tuple(range(1, 80))}, "seeds": 3},
            f"237 trainings, and a sweep has at most {LARGEST}",
        ),
        ({"seeds": 0}, "seeds"),
    ],
)
def test_what_cannot_be_trained_is_refused_at_once(changes, sentence):
    with pytest.raises(UserError, match=sentence):
        sweep(**changes)


@pytest.mark.parametrize("name", [name for name in PRESETS if name not in LAYOUTS])
def test_each_number_that_may_vary_can_be_changed(name):
    run = build_run(name, DataConfig(), (1, 8, 8), 10)
    found = sweepable(run)
    assert "latent_dim" in found and not {"seed", "betas"} & found.keys()
    for setting in found:
        before = run.settings.get(setting)
        if isinstance(before, int | float) and setting != "latent_dim":
            assert changed(run, setting, before).settings[setting] == before
    if run.objective.dial:
        assert next(iter(found)) == run.objective.dial
        assert getattr(changed(run, run.objective.dial, 0.25).objective, run.objective.dial) == 0.25


def test_runs_are_found_by_their_settings_and_only_the_missing_are_trained(home):
    store, found = Store(), sweep()
    assert missing(found, store.runs()) == list(found.runs())
    ids = [store.create(run) for run in found.runs()]
    store.create(found.base)  # no part of it
    assert {row.id for row in like_any(store, found.runs())} == {*ids}
    assert missing(found, like_any(store, found.runs())) == missing(found, store.runs()) == []
    points = results(found, like_any(store, found.runs()))
    assert [[row.id for row in point.rows] for point in points] == [ids[i : i + 2] for i in (0, 2, 4, 6)]
    assert all(not point.done and point.figure("elbo") is None for point in points)
    with session(store.path) as db, transaction(db):
        db.execute("UPDATE runs SET state = 'failed' WHERE id = ?", (ids[3],))
    (again,) = missing(found, store.runs())
    assert again == list(found.runs())[3]


def test_figures_have_student_s_interval_over_the_seeds_and_none_with_one_seed(home):
    store, found = Store(), sweep(seeds=3, varied={"beta": (1.0, 2.0)})
    ids = [store.create(run) for run in found.runs()]
    values = [-100.0, -101.0, -105.0]
    for id, value in zip(ids, values, strict=False):
        finish(store, id, elbo=value)
    finish(store, ids[3], elbo=-90.0)
    first, second = results(found, store.runs())
    assert (len(first.done), len(second.done)) == (3, 1)
    wanted = stats.t.interval(0.95, 2, np.mean(values), stats.sem(values))
    estimate = first.figure("elbo")
    assert (estimate.low, estimate.high) == pytest.approx(wanted) and estimate.value == pytest.approx(np.mean(values))
    assert second.figure("elbo").value == -90.0 and math.isnan(second.figure("elbo").margin)
    assert first.figure("rate") is None


def test_sweeps_are_kept_newest_first_and_damaged_files_are_left_out(home):
    one, two = sweep(), sweep(seeds=1)
    for kind in (one, two):
        keep(kind, home)
    (home / "sweeps" / "damaged.json").write_text("{")
    assert {found.id for found in kept(home)} == {one.id, two.id}
    for seed in range(KEPT + 3):
        keep(sweep(varied={"lr": (1e-3 + seed * 1e-6,)}), home)
    assert len([*(home / "sweeps").glob("*.json")]) <= KEPT


@pytest.mark.slow
def test_the_command_trains_prints_a_table_and_trains_nothing_twice(home, capsys):
    command = ["sweep", "vae", "digits", "--vary", "beta=0.5,2", "--seeds", "2", "--epochs", "1", "--set", "hidden=[8]"]
    service = RunHome(home)
    try:
        service.start_scheduler()
        assert main(command) == 0
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [line["state"] for line in lines[:4]] == ["done"] * 4
        assert [(line["beta"], line["seeds"]) for line in lines[4:]] == [(0.5, 2), (2, 2)]
        table = lines[4]["elbo"]
        assert table["low"] < table["value"] < table["high"]
        assert main(command) == 0
        assert len(Store(home).runs()) == 4 and len(kept(home)) == 1
    finally:
        service.close()


@pytest.mark.slow
def test_the_command_trains_on_a_table_of_ones_own_wherever_it_is_called(home, tmp_path, monkeypatch, capsys):
    rows = np.random.default_rng(0).normal(size=(60, 3)).round(3)
    (tmp_path / "mine.csv").write_text("a,b,c\n" + "\n".join(",".join(map(str, row)) for row in rows))
    monkeypatch.chdir(tmp_path)
    service = RunHome(home)
    try:
        service.start_scheduler()
        words = ["--vary", "latent_dim=1,2", "--seeds", "1", "--epochs", "1", "--set", "hidden=[8]"]
        assert main(["sweep", "vae", "table", "--table", "mine.csv", *words]) == 0
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [line["state"] for line in lines[:2]] == ["done", "done"] and len(lines) == 4
        assert Store(home).runs()[0].run.data.path == str(tmp_path / "mine.csv")
    finally:
        service.close()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--vary", "beta"], "write FIELD=VALUES"),
        (["--vary", "beta=1", "--table", "mine.csv"], "the data set 'table'"),
        (["--vary", "beta=1", "--vary", "beta=2"], "given twice"),
        (["--vary", "sigma=0.1,1"], "sigma would change nothing here"),
        (["--vary", "lr=0.1,fast"], "lr: input should be a valid number"),
    ],
)
def test_the_command_refuses_before_anything_is_queued(home, capsys, words, sentence):
    assert main(["sweep", "vae", "digits", *words]) == 2
    assert sentence in capsys.readouterr().err
    assert not (home / "sweeps").exists()
