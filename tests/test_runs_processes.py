"""Training in the background with real processes: queue, pause, stop, knobs, loss of a worker, of the scheduler, of the disk."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from vae_core import checkpoints
from vae_core.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae_core.runs import ACTIVE, Store, ensure_scheduler
from vae_core.runs.locks import FileLock

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends Linux signals and reads /proc")
SMALL = ModelConfig(shape=(1, 8, 8), latent_dim=2, hidden=(32,), likelihood="bernoulli")
EXACT = TrainConfig(epochs=150, batch_size=64, lr=1e-3)  # 3,000 steps in some seconds
LONG = TrainConfig(epochs=100_000, batch_size=32, lr=1e-3, schedule="constant", warmup_steps=0)
PROMPT = 2.0  # seconds on a machine busy with other tests; benchmarks/worker.py prints what it is on an idle one
DIGITS = DataConfig(dataset="digits")


def run_of(train, **more):
    return RunConfig(**({"data": DIGITS, "model": SMALL, "train": train} | more))


def until(condition, seconds=20.0):
    """Wait for it and say how long that took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


class House:
    """A home with schedulers of its own, all of which end with the test."""

    def __init__(self, home):
        self.store, self.schedulers = Store(home), []

    def scheduler(self, *options, limit=None):
        def confine():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        command = [
            sys.executable,
            "-m",
            "vae_core.runs.scheduler",
            "--home",
            str(self.store.home),
            "--slots",
            "1",
            *options,
        ]
        child = subprocess.Popen(command, start_new_session=True, preexec_fn=confine if limit else None)
        self.schedulers.append(child)
        return child

    def state(self, id):
        return self.store.get(id).state

    def step(self, id):
        return self.store.get(id).latest.get("step", {}).get("step", 0)

    def began(self, id, steps=1):
        return until(lambda: self.step(id) >= steps)

    def saved(self, id):
        return until(lambda: "saved" in self.store.get(id).latest)

    def ended(self, id, state="done", seconds=30.0):
        until(lambda: self.state(id) not in (*ACTIVE, "queued"), seconds)
        row = self.store.get(id)
        assert row.state == state, f"{row.state}: {row.message}\n{self.store.log(id)}"

    def weights(self, id):
        return load_file(self.store.folder(id) / checkpoints.WEIGHTS)

    def close(self):
        for child in self.schedulers:
            child.kill()
            child.wait()
        owner = FileLock(self.store.home / "scheduler.lock").owner()
        if FileLock(self.store.home / "scheduler.lock").held() and owner:
            os.kill(owner, signal.SIGKILL)
        for path in self.store.home.glob("runs/*/lock"):
            lock = FileLock(path)
            if lock.held():
                os.kill(lock.owner(), signal.SIGKILL)


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """A home whose scheduler is warm; a test leaves nothing queued or running in it."""
    made = House(tmp_path_factory.mktemp("shared"))
    made.scheduler()
    yield made
    made.close()


@pytest.fixture(scope="module")
def whole(shared):
    """The weights of EXACT, trained in one go."""
    id = shared.store.create(run_of(EXACT))
    shared.ended(id)
    return shared.weights(id)


def same(a, b):
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)


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
    shared.store.set_knobs(id, lr=5e-4, beta=3.0)

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
    id = shared.store.create(run_of(TrainConfig(epochs=100_000, seconds=2.5, batch_size=32)))
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


def test_killed_worker_is_lost_and_goes_on_from_its_last_save(shared, whole):
    id = shared.store.create(run_of(EXACT))
    shared.saved(id)
    shared.began(id, shared.step(id) + 200)
    os.kill(shared.store.get(id).pid, signal.SIGKILL)
    assert until(lambda: shared.state(id) == "lost") < 10
    assert "resume" in shared.store.get(id).message
    saved = shared.store.get(id).latest["saved"]["step"]
    assert shared.step(id) > saved
    shared.store.command(id, "resume")
    shared.ended(id)
    assert same(shared.weights(id), whole)
    series = shared.store.series(id, points=100_000).steps
    assert np.all(np.diff(series["step"]) > 0)  # what was done twice is told once
    after = np.searchsorted(series["step"], saved)
    before, then = series["train_loss"][after - 2 : after].mean(), series["train_loss"][after + 1 : after + 3].mean()
    assert then < before * 1.15


def suspend(house, id):
    """Stop the worker in its tracks, seven seconds ago as far as its heartbeat tells."""
    db = sqlite3.connect(house.store.path, timeout=0.2, isolation_level=None)
    pid = house.store.get(id).pid
    while True:
        os.kill(pid, signal.SIGSTOP)
        try:
            db.execute("UPDATE runs SET heartbeat = heartbeat - 7 WHERE id = ?", (id,))
            break
        except sqlite3.OperationalError:  # caught in the middle of a write of its own
            os.kill(pid, signal.SIGCONT)
    db.close()
    until(lambda: house.state(id) == "lost", 4)


def test_suspended_worker_takes_its_run_back_or_is_replaced(shared):
    id = shared.store.create(run_of(LONG))
    shared.saved(id)
    pid = shared.store.get(id).pid
    suspend(shared, id)
    os.kill(pid, signal.SIGCONT)  # a closed laptop is opened again
    until(lambda: shared.state(id) == "running")
    shared.began(id, shared.step(id) + 100)
    assert shared.store.get(id).pid == pid
    suspend(shared, id)
    saved = shared.store.get(id).latest["saved"]["step"]
    shared.store.command(id, "resume")
    until(lambda: shared.store.get(id).pid not in (None, pid))
    until(lambda: not Path(f"/proc/{pid}").exists())  # two workers would write to the same files
    shared.began(id, saved + 1)
    shared.store.command(id, "stop")
    shared.ended(id, "stopped")


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (run_of(EXACT, data=DataConfig(dataset="pictures", path="/no/such/folder")), "/no/such/folder"),
        (run_of(LONG.but(lr=1e6), model=SMALL.but(likelihood="gaussian")), "learning rate"),
        (run_of(EXACT, model=ModelConfig(shape=(1, 28, 28))), "shape"),
        (run_of(EXACT, model=ModelConfig(shape=(1, 8, 8), network="nosuch")), "nosuch"),
    ],
    ids=["no data", "not a number", "wrong shape", "unknown network"],
)
def test_what_cannot_train_fails_with_a_sentence(shared, run, words):
    id = shared.store.create(run)
    shared.ended(id, "failed")
    message = shared.store.get(id).message
    assert words in message and "Traceback" not in message and "\n" not in message


def test_folder_that_cannot_be_written_leaves_the_checkpoint_whole(shared):
    id = shared.store.create(run_of(LONG))
    shared.began(id)
    shared.store.command(id, "stop")
    shared.ended(id, "stopped")
    folder = shared.store.folder(id)
    before = shared.weights(id)
    (folder / "state.safetensors").unlink()
    (folder / "state.safetensors").mkdir()  # no file can be put here, not even by root
    (folder / "state.safetensors" / "x").touch()
    shared.store.command(id, "resume")
    shared.ended(id, "failed")
    assert str(folder) in shared.store.get(id).message
    assert same(load_file(folder / checkpoints.WEIGHTS), before) and checkpoints.load(folder)


def test_full_disk_fails_with_a_sentence_and_can_go_on_afterwards(house):
    wide = run_of(LONG, model=SMALL.but(hidden=(1024, 1024)))
    first = house.scheduler()
    id = house.store.create(wide)
    house.saved(id)
    house.store.command(id, "stop")
    house.ended(id, "stopped")
    first.kill()
    first.wait()
    folder, before, at = house.store.folder(id), house.weights(id), house.step(id)
    state = (folder / "state.safetensors").read_bytes()
    second = house.scheduler(limit=8 << 20)  # every file ends at 8 MB, as on a disk with no more room
    house.store.command(id, "resume")
    house.ended(id, "failed")
    message = house.store.get(id).message
    assert "room" in message and str(folder) in message
    reached = house.step(id)
    assert reached > at and not list(folder.glob(".*.new"))
    assert same(house.weights(id), before) and (folder / "state.safetensors").read_bytes() == state
    second.kill()
    second.wait()
    house.scheduler()
    house.store.command(id, "resume")
    house.began(id, reached + 1)
    house.store.command(id, "stop")
    house.ended(id, "stopped")
    assert not same(house.weights(id), before)


def test_killed_scheduler_leaves_its_worker_and_a_new_one_takes_over(house):
    ensure_scheduler(house.store.home)
    running, waiting = (house.store.create(run_of(TrainConfig(epochs=200))) for _ in range(2))
    lock = FileLock(house.store.home / "scheduler.lock")
    house.began(running)
    owner, worker = lock.owner(), house.store.get(running).pid
    os.kill(owner, signal.SIGKILL)
    until(lambda: not lock.held())
    at = house.step(running)
    ensure_scheduler(house.store.home)
    until(lock.held)
    assert lock.owner() != owner
    house.ended(running)
    assert house.step(running) > at and os.getpid() != worker
    house.ended(waiting)


def test_second_scheduler_ends_at_once_and_the_last_one_when_idle(house):
    first = house.scheduler("--idle", "1")
    lock = FileLock(house.store.home / "scheduler.lock")
    until(lock.held)
    ensure_scheduler(house.store.home)
    assert house.scheduler().wait(10) == 0 and first.poll() is None
    assert lock.owner() == first.pid
    assert first.wait(10) == 0 and not lock.held()


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


def test_fresh_processes_where_a_fork_is_not_safe_and_two_at_once(house):
    code = "import sys, vae_core.runs.scheduler as s; s.CAN_FORK = False; s.main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "--home", str(house.store.home), "--slots", "2"]
    house.schedulers.append(subprocess.Popen(command, start_new_session=True))
    ids = [house.store.create(run_of(LONG)) for _ in range(2)]
    for id in ids:
        house.began(id)
    rows = [house.store.get(id) for id in ids]
    assert [row.state for row in rows] == ["running"] * 2 and rows[0].pid != rows[1].pid
    for id in ids:
        house.store.command(id, "stop")
        house.ended(id, "stopped")
        assert checkpoints.load(house.store.folder(id))
