"""Background training with real processes: queue, pause, stop, live controls, stored curves and snapshots, start-up time."""

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.run_helpers import EXACT, LONG, PROMPT, equal_weights, run_of, until
from vae_core import checkpoints
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.presets.run_config import RunConfig
from vae_core.runs import ACTIVE, Store

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends Linux signals and reads /proc")


def test_from_click_to_first_step(shared_home, uninterrupted_weights):
    times = []
    for _ in range(3):
        began = time.monotonic()
        id = shared_home.store.create(run_of(LONG))
        shared_home.wait_for_step(id)
        times.append(time.monotonic() - began)
        shared_home.store.command(id, "stop")
        shared_home.wait_for_end(id, "stopped")
    assert min(times) < PROMPT, times


def test_one_run_at_a_time_with_one_training_place(shared_home):
    first, second = (shared_home.store.create(run_of(TrainConfig(epochs=25))) for _ in range(2))
    seen = set()
    until(
        lambda: seen.add((shared_home.state(first), shared_home.state(second))) or (shared_home.state(second) == "done")
    )
    assert ("running", "queued") in seen and ("done", "running") in seen
    assert not any(a in ACTIVE and b in ACTIVE for a, b in seen)


def test_a_paused_and_resumed_run_equals_an_uninterrupted_one(shared_home, uninterrupted_weights):
    id = shared_home.store.create(run_of(EXACT))
    for steps in (300, 1500):
        shared_home.wait_for_step(id, steps)
        shared_home.store.command(id, "pause")
        assert until(lambda: shared_home.state(id) == "paused") < 2
        at = shared_home.step(id)
        time.sleep(0.3)
        assert shared_home.step(id) == at and shared_home.store.get(id).pid is None  # its process has ended
        began = time.monotonic()
        assert shared_home.store.command(id, "resume") == "queued"
        shared_home.wait_for_step(id, at + 1)
        assert time.monotonic() - began < 1.5
    shared_home.wait_for_end(id)
    assert equal_weights(shared_home.weights(id), uninterrupted_weights)
    steps = shared_home.store.series(id).steps["step"]
    assert np.all(np.diff(steps) > 0)
    assert not (shared_home.store.folder(id) / "state.safetensors").exists()


def test_one_step_is_one_optimiser_step_and_one_epoch_ends_the_epoch(shared_home, uninterrupted_weights):
    store = shared_home.store
    id = store.create(run_of(EXACT), state="paused")
    assert shared_home.state(id) == "paused"
    for step in (1, 2):
        assert store.command(id, "step") == "queued"
        until(lambda: shared_home.state(id) == "paused")
        row = store.get(id)
        assert row.latest["done"]["step"] == row.latest["saved"]["step"] == row.latest["gradient"]["step"] == step
        assert row.latest["gradient"]["loss_after"] < row.latest["gradient"]["loss_before"]
        assert row.pid is None and [record["step"] for record in store.snapshots(id)] == list(range(step + 1))
    store.command(id, "epoch")
    until(lambda: shared_home.state(id) == "paused")
    assert store.get(id).latest["done"]["epoch"] == 1 and store.get(id).latest["epoch"]["epoch"] == 1
    store.command(id, "resume")  # lifts the limit
    shared_home.wait_for_end(id)
    assert equal_weights(shared_home.weights(id), uninterrupted_weights)


def test_stop_writes_a_checkpoint_at_once(shared_home):
    id = shared_home.store.create(run_of(LONG))
    shared_home.wait_for_step(id, 200)
    shared_home.store.command(id, "stop")
    assert until(lambda: shared_home.state(id) == "stopped") < 2
    found = checkpoints.load(shared_home.store.folder(id))
    done = shared_home.store.get(id).latest["done"]
    assert done["reason"] == "stopped" and done["figures"] == found.info.figures
    before = shared_home.step(id)
    shared_home.store.command(id, "resume")  # a stopped run can be resumed
    shared_home.wait_for_step(id, before + 100)
    shared_home.store.command(id, "pause")
    shared_home.wait_for_end(id, "paused")
    shared_home.store.command(id, "stop")  # a paused run has no worker: one starts to write the checkpoint
    shared_home.wait_for_end(id, "stopped")
    assert checkpoints.info(shared_home.store.folder(id)).training["steps"] > before


def test_live_controls_take_effect_during_training_and_persist_after_a_pause(shared_home):
    id = shared_home.store.create(run_of(LONG))
    shared_home.wait_for_step(id)
    assert shared_home.store.get(id).latest["step"]["lr"] == pytest.approx(1e-3)
    shared_home.store.set_controls(id, lr=5e-4, beta=3.0)

    def turned():
        step = shared_home.store.get(id).latest["step"]
        return step["lr"] == pytest.approx(5e-4) and step["beta"] == 3.0

    assert until(turned) < 2
    shared_home.store.command(id, "pause")
    shared_home.wait_for_end(id, "paused")
    shared_home.store.command(id, "resume")
    shared_home.wait_for_step(id, shared_home.step(id) + 1)
    assert turned()
    shared_home.store.command(id, "stop")
    shared_home.wait_for_end(id, "stopped")
    series = shared_home.store.series(id).steps
    assert series["beta"][0] != 3.0 and series["beta"][-1] == 3.0


def test_curves_and_snapshots_can_be_replayed(shared_home):
    id = shared_home.store.create(run_of(TrainConfig(epochs=100, batch_size=32, lr=5e-3)))
    shared_home.wait_for_end(id)
    series = Store(shared_home.store.home).series(id)
    assert len(series.steps["step"]) >= 8
    assert series.epochs["kl"].shape[1] == 2 and np.isfinite(series.epochs["val_elbo"]).all()
    assert series.epochs["val_elbo"][-1] > series.epochs["val_elbo"][0]
    records = shared_home.store.snapshots(id)
    assert [record["index"] for record in records] == list(range(len(records))) and len(records) >= 4
    first, last = (shared_home.store.snapshot(id, records[n]["index"]) for n in (0, -1))
    assert first["codes"].dtype == np.float16 and first["codes"].shape == (len(first["labels"]), 2)
    assert last["recon"].dtype == np.uint8 and last["recon"].shape == last["originals"].shape
    error = [np.abs(part["recon"].astype(int) - part["originals"]).mean() for part in (first, last)]
    assert error[1] < 0.8 * error[0]
    assert records[-1]["step"] == shared_home.store.get(id).latest["done"]["step"]


def test_a_worker_on_mnist_needs_little_memory_and_starts_fast(shared_home, data_root):
    run = RunConfig(data=DataConfig(dataset="mnist"), model=ModelConfig(likelihood="bernoulli"), train=LONG)
    took = []
    for _ in range(2):
        began = time.monotonic()
        id = shared_home.store.create(run, data_dir=data_root)
        shared_home.wait_for_step(id)
        took.append(time.monotonic() - began)
        shared_home.wait_for_save(id)
        status = Path(f"/proc/{shared_home.store.get(id).pid}/status").read_text()
        peak = int(status.split("VmHWM:")[1].split()[0]) / 1024
        shared_home.store.command(id, "stop")
        shared_home.wait_for_end(id, "stopped")
    assert peak < 500 and min(took) < PROMPT, (peak, took)
