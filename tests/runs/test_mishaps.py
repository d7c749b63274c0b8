"""Training in the background when things go wrong: a worker killed or suspended, the scheduler lost, the disk full."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from tests.helpers.run_helpers import EXACT, LONG, SMALL, run_of, same, until
from vae_core import checkpoints
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_core.utils.locks import FileLock

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sends Linux signals and reads /proc")


def kill(house, id):
    """End the worker once it has done something since its last save; gives the step of that save."""
    house.saved(id)
    house.began(id, house.step(id) + 200)
    row = house.store.get(id)
    os.kill(row.pid, signal.SIGKILL)
    return row.latest["saved"]["step"]


def test_killed_worker_is_resumed_by_itself_from_its_last_save(shared, whole):
    id = shared.store.create(run_of(EXACT))
    saved = kill(shared, id)
    until(lambda: shared.store.get(id).restarts == 1)
    shared.ended(id)
    assert same(shared.weights(id), whole)
    series = shared.store.series(id, points=100_000).steps
    assert np.all(np.diff(series["step"]) > 0)  # what was done twice is told once
    after = np.searchsorted(series["step"], saved)
    before, then = series["train_loss"][after - 2 : after].mean(), series["train_loss"][after + 1 : after + 3].mean()
    assert then < before * 1.15


def test_killed_again_and_again_is_lost_with_the_reason_until_a_person_resumes_it(shared):
    id, killed = shared.store.create(run_of(LONG)), set()
    for times in range(4):
        until(lambda times=times: shared.store.get(id).restarts == times and shared.state(id) == "running", 60)
        until(lambda: shared.store.get(id).pid not in {None, *killed}, 60)
        killed.add(shared.store.get(id).pid)
        os.kill(shared.store.get(id).pid, signal.SIGKILL)
    shared.ended(id, "lost")
    assert "memory" in shared.store.get(id).message and "resume" in shared.store.get(id).message
    shared.store.command(id, "resume")
    shared.began(id)
    assert shared.store.get(id).restarts == 0
    shared.store.command(id, "stop")
    shared.ended(id, "stopped")


def test_killed_with_its_scheduler_it_goes_on_when_the_next_one_comes(house):
    scheduler = house.scheduler()
    id = house.store.create(run_of(LONG))
    house.saved(id)
    scheduler.kill()
    scheduler.wait()
    os.kill(house.store.get(id).pid, signal.SIGKILL)
    until(lambda: house.state(id) == "queued")
    saved = house.store.get(id).latest["saved"]["step"]
    house.scheduler()
    until(lambda: house.store.get(id).pid)
    house.began(id, saved + 1)
    house.store.command(id, "stop")
    house.ended(id, "stopped")
    started = [record["step"] for record in house.store.events(id, "step")]
    assert house.store.get(id).restarts == 1 and started == sorted(set(started))


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
        (run_of(LONG.replace(lr=1e6), model=SMALL.replace(likelihood="gaussian")), "learning rate"),
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
    wide = run_of(LONG, model=SMALL.replace(hidden=(1024, 1024)))
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


def test_fresh_processes_where_a_fork_is_not_safe_and_two_at_once(house):
    code = "import sys, vae_core.scheduling.scheduler as s; s.CAN_FORK = False; s.main(sys.argv[1:])"
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
