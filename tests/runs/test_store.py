"""The store of runs: creating, listing, commanding, leases, records, snapshots and concurrent access."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from vae_core.config import DataConfig
from vae_core.errors import UserError
from vae_core.presets.run_config import RunConfig
from vae_core.runs import ACTIVE, COMMANDS, TRANSITIONS, Store
from vae_core.runs.heartbeat_and_recovery import LOCK
from vae_core.scheduling.lease import Lease, LeaseLost, claim
from vae_core.utils.locks import FileLock

RUN = RunConfig(title="small", data=DataConfig(dataset="digits"))


def set_columns(store, id, **values):
    with sqlite3.connect(store.path) as db:
        db.execute(
            f"UPDATE runs SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?", (*values.values(), id)
        )
    db.close()


def test_runs_of_one_second_have_different_ids(store, monkeypatch):
    drawn = iter(["aaaa", "aaaa", "bbbb", "cccc"])
    monkeypatch.setattr("vae_core.runs.store.secrets.token_hex", lambda count: next(drawn))
    assert store.create(RUN) != store.create(RUN)


def claimed_run(store):
    """A run that is claimed by this process, with a heartbeat and the lock of its folder."""
    store.create(RUN)
    id, token = claim(store)
    lease = Lease(store, id, token)
    store.folder(id).mkdir(parents=True)
    lease.lock = FileLock(store.folder(id) / LOCK)  # kept for as long as the lease
    assert lease.lock.acquire()
    lease.heartbeat()
    return id, lease


def step(n, **more):
    train = {"loss": 100.0 - n, "distortion": 90.0, "rate": 10.0}
    return {"kind": "step", "step": n, "epoch": 0, "seconds": n / 10, "samples_per_second": 9.0, "train": train, **more}


def test_a_created_run_is_queued_and_reads_back_unchanged(store, tmp_path):
    id = store.create(RUN, data_dir=tmp_path / "data")
    row = Store(tmp_path).get(id)  # as a restarted server would
    assert (row.state, row.place, row.title, row.progress) == ("queued", 1, "small", 0.0)
    assert row.run == RUN and row.data_dir == str(tmp_path / "data") and row.folder == tmp_path / "runs" / id


def test_newest_first_and_places_in_queue(store):
    ids = [store.create(RUN) for _ in range(3)]
    assert [row.id for row in store.runs()] == ids[::-1]
    assert {row.id: row.place for row in store.runs()} == {id: n for n, id in enumerate(ids, 1)}
    assert claim(store)[0] == ids[0]
    assert [store.get(id).place for id in ids] == [None, 1, 2]


def test_a_resumed_run_goes_before_runs_that_never_began(store):
    first, second = store.create(RUN), store.create(RUN)
    store.command(second, "pause")
    store.command(second, "resume")
    assert claim(store)[0] == second and claim(store)[0] == first


@pytest.mark.parametrize("state", TRANSITIONS)
@pytest.mark.parametrize("word", COMMANDS)
def test_every_command_in_every_state(store, state, word):
    id = store.create(RUN)
    set_columns(store, id, state=state, token="t", pid=os.getpid(), heartbeat=time.time())
    if word in TRANSITIONS[state]:
        assert word in store.get(id).commands
        assert store.command(id, word) == TRANSITIONS[state][word] == store.get(id).state
    else:
        with pytest.raises(UserError, match=f"is {state}"):
            store.command(id, word)
        assert store.get(id).state == state


def test_the_transition_table_is_closed_and_every_state_can_be_reached():
    reached = {"queued"} | {after for words in TRANSITIONS.values() for after in words.values()}
    assert reached == set(TRANSITIONS)
    assert all("lose" in TRANSITIONS[state] for state in ACTIVE)


@pytest.mark.parametrize(
    "id", ["../20250101-000000-abcd", "20250101-000000-abcd/..", "", "a/../../etc", "20250101-000000-abcd\n"]
)
def test_an_invalid_id_never_becomes_a_path(store, id):
    for call in (store.get, store.folder, store.events, store.series, store.snapshots, store.delete, store.log):
        with pytest.raises(UserError):
            call(id)
    for call in (
        lambda: store.command(id, "stop"),
        lambda: store.set_controls(id, lr=1e-3),
        lambda: store.snapshot(id, 0),
    ):
        with pytest.raises(UserError):
            call()


def test_unknown_runs_and_unknown_commands_are_refused(store):
    with pytest.raises(UserError, match="no run"):
        store.command("20250101-000000-abcd", "stop")
    with pytest.raises(UserError, match="pause, resume, stop"):
        store.command(store.create(RUN), "finish")  # an action of workers only


def test_live_controls_are_checked_and_merged(store):
    id = store.create(RUN)
    store.set_controls(id, lr=1e-3)
    store.set_controls(id, beta=4)
    assert store.get(id).controls == {"lr": 1e-3, "beta": 4.0}
    for wrong in ({"lr": 0.0}, {"lr": float("nan")}, {"beta": -1.0}, {"beta": float("inf")}):
        with pytest.raises(UserError):
            store.set_controls(id, **wrong)
    set_columns(store, id, state="done")
    with pytest.raises(UserError, match="done"):
        store.set_controls(id, lr=1e-3)


def test_delete_moves_the_folder_but_not_while_a_worker_trains(store):
    id, lease = claimed_run(store)
    (store.folder(id) / "state.safetensors").write_bytes(b"x")
    with pytest.raises(UserError, match="stop it"):
        store.delete(id)
    lease.release("fail", "why")
    store.delete(id)
    assert not store.folder(id).exists() and store.runs() == []
    with pytest.raises(LeaseLost):
        lease.heartbeat()


def test_writes_need_the_lease(store):
    id, lease = claimed_run(store)
    lease.write([step(1)], {"step": step(1)}, 0.5)
    other = Lease(store, id, "another")
    for call in (
        other.heartbeat,
        other.requests,
        lambda: other.write([step(2)], {}, 1.0),
        lambda: other.rewind(0),
        lambda: other.release("finish"),
    ):
        with pytest.raises(LeaseLost):
            call()
    assert [record["step"] for record in store.events(id)] == [1] and store.get(id).progress == 0.5


def test_a_worker_without_heartbeat_is_lost_and_recovers_but_not_after_resume(store):
    id, lease = claimed_run(store)
    set_columns(store, id, heartbeat=time.time() - 7)
    assert store.get(id).state == "running"
    set_columns(store, id, heartbeat=time.time() - 9)
    assert store.get(id).state == "lost" and "resume" in store.get(id).message
    lease.heartbeat()
    assert store.get(id).state == "running" and store.get(id).message == ""
    set_columns(store, id, heartbeat=time.time() - 9)
    assert store.command(id, "resume") == "queued"
    with pytest.raises(LeaseLost):
        lease.heartbeat()


def test_a_pause_can_be_revoked_while_the_state_is_saved(store):
    id, lease = claimed_run(store)
    store.command(id, "pause")
    assert lease.requests().state == "pausing"
    store.command(id, "resume")
    assert not lease.release("paused") and store.get(id).state == "running"
    store.command(id, "pause")
    assert lease.release("paused") and store.get(id).state == "paused"


def test_rewind_deletes_the_records_that_a_resumed_run_repeats(store):
    id, lease = claimed_run(store)
    lease.write([step(n) for n in range(1, 11)], {"step": step(10)}, 0.5)
    lease.rewind(6)
    assert [record["step"] for record in store.events(id, "step")] == [1, 2, 3, 4, 5, 6]
    lease.write([step(7)], {"step": step(7)}, 0.5)
    assert [record["seq"] for record in store.events(id, after=5)] == [6, 7]


def test_series_is_thinned_and_ends_with_the_newest(store):
    id, lease = claimed_run(store)
    epochs = [
        {
            "kind": "epoch",
            "step": 500 * n,
            "epoch": n,
            "seconds": n,
            "train": {"loss": 1.0},
            "val": {"elbo": -n},
            "kl": [0.5, None],
        }
        for n in (1, 2)
    ]
    lease.write([step(n) for n in range(1, 3000)] + epochs, {"step": step(3000), "epoch": epochs[-1]}, 0.5)
    series = store.series(id, points=500)
    assert 400 <= len(series.steps["step"]) <= 502 and series.steps["step"][-1] == 3000
    assert np.all(np.diff(series.steps["step"]) > 0)
    assert np.allclose(series.steps["train_loss"], 100 - series.steps["step"])
    assert series.epochs["val_elbo"].tolist() == [-1, -2]
    assert series.epochs["kl"].shape == (2, 2) and np.isnan(series.epochs["kl"][:, 1]).all()


def test_snapshot_is_read_without_pickle(store):
    id, lease = claimed_run(store)
    folder = store.folder(id) / "snapshots"
    folder.mkdir(parents=True)
    strip = {
        "labels": np.zeros(3, np.int16),
        "recon": np.zeros((1, 1, 8, 8), np.uint8),
        "originals": np.zeros((1, 1, 8, 8), np.uint8),
    }
    np.savez(folder / "000000001.npz", codes=np.zeros((3, 2), np.float16), **strip)
    np.savez(folder / "000000002.npz", codes=np.array([{"a": 1}], dtype=object), **strip)
    when = {"kind": "snapshot", "epoch": 0, "seconds": 1.0}
    lease.write([{**when, "step": n, "index": n, "file": f"00000000{n}.npz"} for n in (1, 2, 3)], {}, 0.0)
    assert store.snapshot(id, 1)["codes"].shape == (3, 2)
    for index in (2, 3, 4):  # holds objects, is missing, was never taken
        with pytest.raises(UserError):
            store.snapshot(id, index)


def test_twenty_readers_beside_a_writer(store):
    id, lease = claimed_run(store)
    trouble, stop = [], threading.Event()

    def read():
        mine = Store(store.home)
        while not stop.is_set():
            try:
                assert mine.runs()[0].state == "running"
                counts = len(mine.events(id, "step"))
                assert counts % 5 == 0  # readers see complete transactions only
                mine.series(id)
            except (UserError, AssertionError, sqlite3.Error) as error:
                trouble.append(error)
                return
            stop.wait(0.02)

    readers = [threading.Thread(target=read) for _ in range(20)]
    for reader in readers:
        reader.start()
    slowest = 0.0
    for n in range(20):
        began = time.perf_counter()
        lease.write([step(5 * n + k) for k in range(5)], {}, 0.0)
        lease.heartbeat()
        slowest = max(slowest, time.perf_counter() - began)
        time.sleep(0.05)
    stop.set()
    for reader in readers:
        reader.join()
    assert trouble == [] and len(store.events(id)) == 100 and slowest < 2


def test_settings_survive_as_json(store):
    id = store.create(RUN)
    assert json.loads(store.get(id).config)["data"]["dataset"] == "digits"


@pytest.mark.skipif(os.name == "nt", reason="sets a limit that Windows does not know")
def test_on_a_full_disk_runs_are_listed_and_queueing_is_refused_with_a_reason(store):
    id, _ = claimed_run(store)
    set_columns(store, id, heartbeat=time.time() - 9)
    code = (
        "import resource, sys; from vae_core.runs import Store; from vae_core.presets.run_config import RunConfig\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3, 3)); store = Store(sys.argv[1])\n"  # no file grows beyond 3 bytes
        "print(*(row.state for row in store.runs()))\n"
        "try: store.create(RunConfig())\n"
        "except ValueError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(store.home)], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert lines[0] == "lost" and "disk" in lines[1] and done.stderr == ""
