"""Failures of background training: a killed or suspended worker, a killed scheduler, bad settings, a full disk."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from tests.helpers.run_helpers import EXACT, LONG, SMALL, equal_weights, run_of, until
from vae_core import checkpoints
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.scheduling import scheduler
from vae_core.scheduling.scheduler import Scheduler
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_core.utils.locks import FileLock

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends Linux signals and reads /proc")


def kill(run_home, id):
    """Kill the worker after it has trained for a while since its last save; return the step of that save."""
    run_home.wait_for_save(id)
    run_home.wait_for_step(id, run_home.step(id) + 200)
    row = run_home.store.get(id)
    os.kill(row.pid, signal.SIGKILL)
    return row.latest["saved"]["step"]


def test_a_killed_worker_is_resumed_automatically_from_its_last_save(shared_home, uninterrupted_weights):
    id = shared_home.store.create(run_of(EXACT))
    saved = kill(shared_home, id)
    until(lambda: shared_home.store.get(id).restarts == 1)
    shared_home.wait_for_end(id)
    assert equal_weights(shared_home.weights(id), uninterrupted_weights)
    series = shared_home.store.series(id, points=100_000).steps
    assert np.all(np.diff(series["step"]) > 0)  # repeated steps are recorded once
    after = max(2, np.searchsorted(series["step"], saved))  # on a busy computer few steps are recorded before the save
    before, then = series["train_loss"][after - 2 : after].mean(), series["train_loss"][after + 1 : after + 3].mean()
    assert then < before * 1.15


def test_a_run_killed_four_times_is_lost_with_the_reason_until_a_user_resumes_it(shared_home):
    id, killed = shared_home.store.create(run_of(LONG)), set()
    for times in range(4):
        until(lambda times=times: shared_home.store.get(id).restarts == times and shared_home.state(id) == "running")
        until(lambda: shared_home.store.get(id).pid not in {None, *killed})
        killed.add(shared_home.store.get(id).pid)
        os.kill(shared_home.store.get(id).pid, signal.SIGKILL)
    shared_home.wait_for_end(id, "lost")
    assert "memory" in shared_home.store.get(id).message and "resume" in shared_home.store.get(id).message
    shared_home.store.command(id, "resume")
    shared_home.wait_for_step(id)
    assert shared_home.store.get(id).restarts == 0
    shared_home.store.command(id, "stop")
    shared_home.wait_for_end(id, "stopped")


def test_a_run_killed_with_its_scheduler_resumes_under_the_next_scheduler(run_home):
    scheduler = run_home.start_scheduler()
    id = run_home.store.create(run_of(LONG))
    run_home.wait_for_save(id)
    scheduler.kill()
    scheduler.wait()
    os.kill(run_home.store.get(id).pid, signal.SIGKILL)
    until(lambda: run_home.state(id) == "queued")
    saved = run_home.store.get(id).latest["saved"]["step"]
    run_home.start_scheduler()
    until(lambda: run_home.store.get(id).pid)
    run_home.wait_for_step(id, saved + 1)
    run_home.store.command(id, "stop")
    run_home.wait_for_end(id, "stopped")
    started = [record["step"] for record in run_home.store.events(id, "step")]
    assert run_home.store.get(id).restarts == 1 and started == sorted(set(started))


def suspend(run_home, id):
    """Suspend the worker, and make its last heartbeat 7 seconds older."""
    db = sqlite3.connect(run_home.store.path, timeout=0.2, isolation_level=None)
    pid = run_home.store.get(id).pid
    while True:
        os.kill(pid, signal.SIGSTOP)
        try:
            db.execute("UPDATE runs SET heartbeat = heartbeat - 7 WHERE id = ?", (id,))
            break
        except sqlite3.OperationalError:  # the worker was suspended while it held the database's lock
            os.kill(pid, signal.SIGCONT)
    db.close()
    until(lambda: run_home.state(id) == "lost")


def test_a_suspended_worker_continues_or_is_replaced(shared_home):
    id = shared_home.store.create(run_of(LONG))
    shared_home.wait_for_save(id)
    pid = shared_home.store.get(id).pid
    suspend(shared_home, id)
    os.kill(pid, signal.SIGCONT)  # as when a closed laptop is opened again
    until(lambda: shared_home.state(id) == "running")
    shared_home.wait_for_step(id, shared_home.step(id) + 100)
    assert shared_home.store.get(id).pid == pid
    suspend(shared_home, id)
    saved = shared_home.store.get(id).latest["saved"]["step"]
    shared_home.store.command(id, "resume")
    until(lambda: shared_home.store.get(id).pid not in (None, pid))
    until(lambda: not Path(f"/proc/{pid}").exists())  # two workers would write to the same files
    shared_home.wait_for_step(id, saved + 1)
    shared_home.store.command(id, "stop")
    shared_home.wait_for_end(id, "stopped")


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (run_of(EXACT, data=DataConfig(dataset="pictures", path="/no/such/folder")), "/no/such/folder"),
        (run_of(LONG.replace(lr=1e6), model=SMALL.replace(likelihood="gaussian")), "learning rate"),
        (run_of(EXACT, model=ModelConfig(shape=(1, 28, 28))), "shape"),
    ],
    ids=["no data", "not a number", "wrong shape"],
)
def test_a_run_that_cannot_train_fails_with_a_sentence(shared_home, run, words):
    id = shared_home.store.create(run)
    shared_home.wait_for_end(id, "failed")
    message = shared_home.store.get(id).message
    assert words in message and "Traceback" not in message and "\n" not in message


def test_an_unwritable_folder_keeps_the_old_checkpoint(shared_home):
    id = shared_home.store.create(run_of(LONG))
    shared_home.wait_for_step(id)
    shared_home.store.command(id, "stop")
    shared_home.wait_for_end(id, "stopped")
    folder = shared_home.store.folder(id)
    before = shared_home.weights(id)
    (folder / "state.safetensors").unlink()
    (folder / "state.safetensors").mkdir()  # no file can be put here, not even by root
    (folder / "state.safetensors" / "x").touch()
    shared_home.store.command(id, "resume")
    shared_home.wait_for_end(id, "failed")
    assert str(folder) in shared_home.store.get(id).message
    assert equal_weights(load_file(folder / checkpoints.WEIGHTS), before) and checkpoints.load(folder)


def test_a_full_disk_fails_with_a_sentence_and_the_run_can_resume_later(run_home):
    wide = run_of(LONG, model=SMALL.replace(hidden=(1024, 1024)))
    first = run_home.start_scheduler()
    id = run_home.store.create(wide)
    run_home.wait_for_save(id)
    run_home.store.command(id, "stop")
    run_home.wait_for_end(id, "stopped")
    first.kill()
    first.wait()
    folder, before, at = run_home.store.folder(id), run_home.weights(id), run_home.step(id)
    state = (folder / "state.safetensors").read_bytes()
    second = run_home.start_scheduler(limit=8 << 20)  # every file ends at 8 MB, as on a disk with no more room
    run_home.store.command(id, "resume")
    run_home.wait_for_end(id, "failed")
    message = run_home.store.get(id).message
    assert "disk space" in message and str(folder) in message
    reached = run_home.step(id)
    assert reached > at and not list(folder.glob(".*.new"))
    assert equal_weights(run_home.weights(id), before) and (folder / "state.safetensors").read_bytes() == state
    second.kill()
    second.wait()
    run_home.start_scheduler()
    run_home.store.command(id, "resume")
    run_home.wait_for_step(id, reached + 1)
    run_home.store.command(id, "stop")
    run_home.wait_for_end(id, "stopped")
    assert not equal_weights(run_home.weights(id), before)


def test_killed_scheduler_leaves_its_worker_and_a_new_one_takes_over(run_home):
    ensure_scheduler(run_home.store.home)
    running, waiting = (run_home.store.create(run_of(TrainConfig(epochs=200))) for _ in range(2))
    lock = FileLock(run_home.store.home / "scheduler.lock")
    run_home.wait_for_step(running)
    owner, worker = lock.owner(), run_home.store.get(running).pid
    os.kill(owner, signal.SIGKILL)
    until(lambda: not lock.held())
    at = run_home.step(running)
    ensure_scheduler(run_home.store.home)
    until(lambda: lock.held() and lock.owner() != owner)  # its id is written a moment after the lock is taken
    run_home.wait_for_end(running)
    assert run_home.step(running) > at and os.getpid() != worker
    run_home.wait_for_end(waiting)


def test_second_scheduler_ends_at_once_and_the_last_one_when_idle(run_home):
    first = run_home.start_scheduler("--idle", "1")
    lock = FileLock(run_home.store.home / "scheduler.lock")
    until(lock.held)
    ensure_scheduler(run_home.store.home)
    assert run_home.start_scheduler().wait(10) == 0 and first.poll() is None
    assert lock.owner() == first.pid
    assert first.wait(10) == 0 and not lock.held()


def test_a_scheduler_that_was_about_to_end_trains_what_is_asked_for_at_that_moment(run_home, monkeypatch):
    home, ran, ids = run_home.store.home, Scheduler.run, []

    def run_once(self, idle):
        requested = ran(self, idle)
        if not ids:  # the lock is still held: who asks now starts no scheduler
            ids.append(run_home.store.create(run_of(TrainConfig(epochs=1))))
            ensure_scheduler(home)
        return requested

    monkeypatch.setattr(Scheduler, "run", run_once)
    assert scheduler.main(["--home", str(home), "--slots", "1", "--idle", "0.5"]) == 0
    assert run_home.state(ids[0]) == "done"
    assert not FileLock(home / "scheduler.lock").held()


def test_without_fork_workers_are_new_processes_and_two_run_at_once(run_home):
    code = "import sys, vae_core.scheduling.scheduler as s; s.CAN_FORK = False; s.main(sys.argv[1:])"
    command = [sys.executable, "-c", code, "--home", str(run_home.store.home), "--slots", "2"]
    run_home.schedulers.append(subprocess.Popen(command, start_new_session=True))
    ids = [run_home.store.create(run_of(LONG)) for _ in range(2)]
    for id in ids:
        run_home.wait_for_step(id)
    rows = [run_home.store.get(id) for id in ids]
    assert [row.state for row in rows] == ["running"] * 2 and rows[0].pid != rows[1].pid
    for id in ids:
        run_home.store.command(id, "stop")
        run_home.wait_for_end(id, "stopped")
        assert checkpoints.load(run_home.store.folder(id))
