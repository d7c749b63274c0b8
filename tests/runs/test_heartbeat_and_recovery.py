"""Recovery of runs whose worker is gone: three automatic restarts, or the requested pause or stop; then the run is lost."""

import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.runs.test_store import RUN, claimed_run, set_columns
from vae_core.runs import RESTARTS, Store
from vae_core.scheduling.lease import LeaseLost, claim


@pytest.fixture(scope="module")
def dead():
    """The process id of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def killed(store, dead, **values):
    """A run whose worker was killed."""
    id, lease = claimed_run(store)
    lease.lock.release()
    set_columns(store, id, pid=dead, **values)
    return id, lease


@pytest.mark.skipif(os.name == "nt", reason="asks for a process by its id")
@pytest.mark.parametrize(("state", "after"), [("running", "queued"), ("pausing", "paused"), ("stopping", "stopping")])
def test_a_run_restarts_at_once_or_ends_as_requested(store, dead, state, after):
    waiting = store.create(RUN)
    set_columns(store, waiting, state="paused")
    id, lease = killed(store, dead, state=state)
    set_columns(store, waiting, state="queued")
    assert (store.get(id).state, store.get(id).restarts) == (after, 1)  # reading shows the new state and writes nothing
    with sqlite3.connect(store.path) as db:
        assert db.execute("SELECT state, restarts FROM runs WHERE id = ?", (id,)).fetchone() == (state, 0)
    db.close()
    store.clean_up()
    with pytest.raises(LeaseLost):
        lease.heartbeat()
    row = store.get(id)
    assert (row.state, row.restarts) == (after, 1) and (row.place == 1) == (after == "queued")
    assert claim(store)[0] == (waiting if after == "paused" else id)


def test_a_lock_that_another_process_only_checks_does_not_count_as_held(store, dead):
    id, lease = killed(store, dead)
    with ThreadPoolExecutor() as pool:
        assert lease.lock.acquire()
        pool.submit(lambda: (time.sleep(0.03), lease.lock.release()))
        store.clean_up()
    with closing(sqlite3.connect(store.path)) as db:  # as it was written: another run could have taken its place
        assert db.execute("SELECT state, restarts FROM runs WHERE id = ?", (id,)).fetchone() == ("queued", 1)


def test_after_three_restarts_it_is_lost_with_the_reason_until_a_user_resumes_it(store, dead):
    id, _ = killed(store, dead, heartbeat=time.time() - 9)
    for times in range(1, RESTARTS + 1):
        store.clean_up()
        assert (store.get(id).state, store.get(id).restarts) == ("queued", times)
        assert claim(store)[0] == id
        set_columns(store, id, pid=dead, heartbeat=time.time() - 9)
    assert store.get(id).state == "lost"
    for _ in range(2):
        store.clean_up()
        assert store.get(id).state == "lost" and "memory" in store.get(id).message
    store.command(id, "resume")
    assert (store.get(id).state, store.get(id).restarts) == ("queued", 0)


def test_a_suspended_worker_that_is_then_killed_is_restarted(store):
    id, lease = claimed_run(store)
    set_columns(store, id, heartbeat=time.time() - 9)
    store.clean_up()
    assert store.get(id).state == "lost" and "does not respond" in store.get(id).message
    lease.lock.release()
    store.clean_up()
    assert store.get(id).state == "queued"


def test_a_worker_may_start_slowly(store):
    store.create(RUN)
    id, _ = claim(store)
    set_columns(store, id, heartbeat=time.time() - 50)
    assert store.get(id).state == "running"
    set_columns(store, id, heartbeat=time.time() - 70)
    assert store.get(id).state == "queued"


def test_a_database_of_version_1_opens_and_its_lost_runs_stay_lost(store, dead):
    id, _ = killed(store, dead, state="lost", heartbeat=0.0)
    db = sqlite3.connect(store.path)
    db.executescript("ALTER TABLE runs DROP COLUMN restarts; PRAGMA user_version = 1")
    db.close()
    again = Store(store.home)
    again.clean_up()
    assert again.get(id).state == "lost" and again.get(id).restarts == 0
