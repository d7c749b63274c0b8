"""Training in the background with real processes: queue, pause, stop, knobs, what is kept of it, and how prompt it is."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.run_helpers import EXACT, LONG, PROMPT, run_of, same, until
from vae_core import checkpoints
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.presets.run_config import RunConfig
from vae_core.runs import ACTIVE, Store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends Linux signals and reads /proc")


def test_from_click_to_first_step(shared, whole):
    times = []
    for _ in range(3):
        began = time.monotonic()
        id = shared.store.create(run_of(LONG))
        shared.began(id)
        times.append(time.monotonic() - began)
        shared.store.command(id, "stop")
        shared.ended(id, "stopped")
    assert min(times) < PROMPT, times


def test_queue_with_one_place(shared):
    first, second = (shared.store.create(run_of(TrainConfig(epochs=25))) for _ in range(2))
    seen = set()
    until(lambda: seen.add((shared.state(first), shared.state(second))) or (shared.state(second) == "done"))
    assert ("running", "queued") in seen and ("done", "running") in seen
    assert not any(a in ACTIVE and b in ACTIVE for a, b in seen)


def test_paused_and_resumed_is_the_same_training(shared, whole):
    id = shared.store.create(run_of(EXACT))
    for steps in (300, 1500):
        shared.began(id, steps)
        shared.store.command(id, "pause")
        assert until(lambda: shared.state(id) == "paused") < 2
        at = shared.step(id)
        time.sleep(0.3)
        assert shared.step(id) == at and shared.store.get(id).pid is None  # it lets go of the processor
        began = time.monotonic()
        assert shared.store.command(id, "resume") == "queued"
        shared.began(id, at + 1)
        assert time.monotonic() - began < 1.5
    shared.ended(id)
    assert same(shared.weights(id), whole)
    steps = shared.store.series(id).steps["step"]
    assert np.all(np.diff(steps) > 0)
    assert not (shared.store.folder(id) / "state.safetensors").exists()


def test_stop_writes_a_checkpoint_at_once(shared):
    id = shared.store.create(run_of(LONG))
    shared.began(id, 200)
    shared.store.command(id, "stop")
    assert until(lambda: shared.state(id) == "stopped") < 2
    found = checkpoints.load(shared.store.folder(id))
    done = shared.store.get(id).latest["done"]
    assert done["reason"] == "stopped" and done["figures"] == found.info.figures
    before = shared.step(id)
    shared.store.command(id, "resume")  # and it can go on all the same
    shared.began(id, before + 100)
    shared.store.command(id, "pause")
    shared.ended(id, "paused")
    shared.store.command(id, "stop")  # a paused run has no worker: one comes to write the checkpoint
    shared.ended(id, "stopped")
    assert checkpoints.info(shared.store.folder(id)).training["steps"] > before


def test_knobs_turn_while_it_runs_and_after_a_pause(shared):
    id = shared.store.create(run_of(LONG))
    shared.began(id)
    assert shared.store.get(id).latest["step"]["lr"] == pytest.approx(1e-3)
    shared.store.set_controls(id, lr=5e-4, beta=3.0)

    def turned():
        step = shared.store.get(id).latest["step"]
        return step["lr"] == pytest.approx(5e-4) and step["beta"] == 3.0

    assert until(turned) < 2
    shared.store.command(id, "pause")
    shared.ended(id, "paused")
    shared.store.command(id, "resume")
    shared.began(id, shared.step(id) + 1)
    assert turned()
    shared.store.command(id, "stop")
    shared.ended(id, "stopped")
    series = shared.store.series(id).steps
    assert series["beta"][0] != 3.0 and series["beta"][-1] == 3.0


def test_curves_and_snapshots_can_be_replayed(shared):
    id = shared.store.create(run_of(TrainConfig(epochs=100_000, seconds=2.5, batch_size=32, lr=5e-3)))
    shared.ended(id)
    series = Store(shared.store.home).series(id)
    assert len(series.steps["step"]) >= 8 and series.steps["seconds"].max() > 2
    assert series.epochs["kl"].shape[1] == 2 and np.isfinite(series.epochs["val_elbo"]).all()
    assert series.epochs["val_elbo"][-1] > series.epochs["val_elbo"][0]
    records = shared.store.snapshots(id)
    assert [record["index"] for record in records] == list(range(len(records))) and len(records) >= 4
    first, last = (shared.store.snapshot(id, records[n]["index"]) for n in (0, -1))
    assert first["codes"].dtype == np.float16 and first["codes"].shape == (len(first["labels"]), 2)
    assert last["recon"].dtype == np.uint8 and last["recon"].shape == last["originals"].shape
    error = [np.abs(part["recon"].astype(int) - part["originals"]).mean() for part in (first, last)]
    assert error[1] < 0.8 * error[0]
    assert records[-1]["step"] == shared.store.get(id).latest["done"]["step"]


def test_worker_on_mnist_is_lean_and_prompt(shared, data_root):
    run = RunConfig(data=DataConfig(dataset="mnist"), model=ModelConfig(likelihood="bernoulli"), train=LONG)
    took = []
    for _ in range(2):
        began = time.monotonic()
        id = shared.store.create(run, data_dir=data_root)
        shared.began(id)
        took.append(time.monotonic() - began)
        shared.saved(id)
        status = Path(f"/proc/{shared.store.get(id).pid}/status").read_text()
        peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
        shared.store.command(id, "stop")
        shared.ended(id, "stopped")
    assert peak < 500 and min(took) < PROMPT, (peak, took)
