"""Damaged rows, records, snapshots and saved states: each costs only itself, and a sentence says what is wrong."""

import json
import os
import time

import numpy as np
import pytest
import torch

from tests.helpers.run_helpers import EXACT, run_of
from tests.runs.test_store import claimed_run, set_columns, step
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.runs.database import session
from vae_core.training.events import Done, Failed
from vae_core.training.fit import fit
from vae_core.training.saved_state import STATE, Counters, Progress, read_state, write_state

HUGE, DEEP = "9" * 5000, "[" * 100_000
LAST = {"step": 1, "epoch": 0, "seconds": 1.0, "samples_per_second": 1.0}
ROWS = {
    "state": ("x", b"running", 7),
    "config": (
        "",
        "{}x",
        "[]",
        DEEP,
        '{"model": {"latent_dim": 1000000000}}',
        b"\xff\xfe",
        '{"train": {"seed": ' + HUGE + "}}",
    ),
    "latest": (
        "",
        "[]",
        DEEP,
        "7",
        b"\xff",
        '{"step": 3}',
        '{"step": {"step": "x"}}',
        '{"step": {}}',
        '{"done": {"figures": {"elbo": "x"}}}',
    ),  # fmt: skip
    "knobs": ("", "[]", '{"lr": "x"}', '{"lr": 1e999}', "{" * 2000, HUGE),
    "progress": ("x", b"", "\x00"),
    "created": ("x", b"now"),
    "started": ("x", b""),
    "title": (b"\xff\x00",),
    "message": (b"x",),
}


def cases():
    return [(column, value) for column, values in ROWS.items() for value in values if value is not None]


@pytest.mark.parametrize(("column", "value"), cases(), ids=lambda part: repr(part)[:24])
def test_a_damaged_row_is_left_out_with_a_sentence_and_the_others_stay(store, column, value):
    bad, good = store.create(run_of(EXACT)), store.create(run_of(EXACT))
    set_columns(store, bad, **{column: value})
    assert [row.id for row in store.runs()] == [good] and store.get(good).state == "queued"
    [damaged] = store.damaged()
    assert damaged.id == bad and bad in damaged.why and "\n" not in damaged.why and len(damaged.why) < 600
    for ask in (lambda: store.get(bad), lambda: store.set_controls(bad, lr=0.1)):
        with pytest.raises(UserError, match=bad):
            ask()
    store.delete(bad)
    assert store.damaged() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"heartbeat": "x"},
        {"heartbeat": b""},
        {"pid": "x"},
        {"pid": -1},
        {"pid": 2**62},
        {"pid": 0.5},
        {"heartbeat": float("inf")},
    ],
    ids=str,
)
def test_an_invalid_lease_blocks_no_other_run(store, changes):
    id, _ = claimed_run(store)
    other = store.create(run_of(EXACT))
    set_columns(store, id, **changes)
    store.clean_up()
    assert other in {row.id for row in store.runs()}
    assert {row.id for row in store.runs()} | {row.id for row in store.damaged()} == {id, other}


def test_a_row_without_a_valid_id_is_left_out(store):
    good = store.create(run_of(EXACT))
    with session(store.path) as db:
        for id in ("../../etc", "", "x" * 10_000):
            db.execute("INSERT INTO runs SELECT ?, " + _rest(db) + " FROM runs WHERE id = ?", (id, good))
    assert [row.id for row in store.runs()] == [good] and len(store.damaged()) == 3


def _rest(db):
    names = [row["name"] for row in db.execute("PRAGMA table_info(runs)")]
    return ", ".join(name for name in names if name != "id")


RECORDS = (
    "",
    "x",
    "[]",
    "7",
    DEEP,
    "{}",
    '{"step": "x"}',
    '{"step": -1}',
    '{"step": 1.5}',
    '{"step": 5, "train": [1]}',
)
RECORDS += ('{"step": 5, "kl": "x"}', '{"step": 5, "seconds": NaN}', '{"step": ' + HUGE + "}", '{"step": 5, "step": 6}')


def test_damaged_records_are_left_out_of_the_curves_and_counted(store):
    id, lease = claimed_run(store)
    lease.write([step(n) for n in range(1, 4)], {"step": step(3)}, 0.5)
    with session(store.path) as db:
        for n, text in enumerate((*RECORDS, b"\xff\xfe"), 100):
            db.execute("INSERT INTO events VALUES (?, ?, 'step', ?, ?)", (id, n, n, text))
    assert store.unreadable(id) == len(RECORDS) + 1
    assert [record["step"] for record in store.events(id)] == [1, 2, 3]
    assert store.series(id).steps["step"].tolist() == [1, 2, 3]


def test_a_ragged_list_becomes_nan_in_its_own_row_alone(store):
    id, lease = claimed_run(store)
    kls = ([1.0, 2.0], [1.0], None, [3.0, 4.0])
    lease.write(
        [{"kind": "epoch", "step": n, "epoch": n, "seconds": n, "kl": kl} for n, kl in enumerate(kls, 1)], {}, 0.0
    )
    kl = store.series(id).epochs["kl"]
    assert np.isnan(kl[1:3]).all() and kl[[0, 3]].tolist() == [[1, 2], [3, 4]]


WHOLE = {
    "codes": np.zeros((3, 2), np.float16),
    "labels": np.zeros(3, np.int16),
    "recon": np.zeros((2, 1, 8, 8), np.uint8),
    "originals": np.zeros((2, 1, 8, 8), np.uint8),
}
PARTS = {
    "codes": (np.full((3, 2), np.nan), np.zeros(3), np.zeros((4, 2)), np.zeros((3, 2), complex), np.array(["x"] * 3)),
    "labels": (np.full(3, -1), np.full(3, 999), np.zeros((3, 1), int)),
    "recon": (np.zeros((1, 1, 8, 8), np.uint8), np.zeros((2, 1, 8, 8), np.float32), np.zeros(2, np.uint8)),
}


@pytest.mark.parametrize(
    ("name", "value"), [(n, v) for n, vs in PARTS.items() for v in vs], ids=lambda v: str(getattr(v, "shape", v))
)
def test_a_damaged_snapshot_is_a_sentence(store, name, value):
    id, lease = claimed_run(store)
    folder = store.folder(id) / "snapshots"
    folder.mkdir(parents=True)
    record = {"kind": "snapshot", "step": 1, "index": 0, "epoch": 0, "seconds": 1.0, "file": "000000.npz"}
    lease.write([record], {}, 0.0)
    np.savez(folder / "000000.npz", **WHOLE)
    assert store.snapshot(id, 0).keys() == WHOLE.keys()
    np.savez(folder / "000000.npz", **{**WHOLE, name: value})
    with pytest.raises(UserError, match="000000.npz"):
        store.snapshot(id, 0)


def test_a_snapshot_must_be_a_regular_file_in_its_run_folder(store):
    id, lease = claimed_run(store)
    (store.home / "secret.npz").write_bytes(b"x")
    files = ("../../../secret.npz", "/etc/passwd", "", "x.npz")
    base = {"kind": "snapshot", "epoch": 0, "seconds": 1.0}
    lease.write([{**base, "step": n, "index": n, "file": file} for n, file in enumerate(files)], {}, 0.0)
    lease.write(
        [{**base, "step": 90, "index": 9, "file": "000009.npz", "texts": texts} for texts in ("x", [1], {})], {}, 0.0
    )
    assert store.snapshots(id) == [] and store.unreadable(id) == len(files) + 3
    lease.write([{**base, "step": 9, "index": 9, "file": "000009.npz"}], {}, 0.0)
    (store.folder(id) / "snapshots").mkdir(parents=True)
    os.mkfifo(store.folder(id) / "snapshots" / "000009.npz")
    with pytest.raises(UserError, match="pipe"):
        store.snapshot(id, 9)


def stopped(folder):
    """A training that was saved in the middle of its first epoch, and can resume."""
    run = run_of(EXACT.replace(epochs=2))
    data = load(run.data)
    for event in fit(build(run.model, 0), data, run, folder=folder):
        if event.kind == "saved":
            break
    if not (folder / STATE).exists():
        raise AssertionError("nothing was saved")
    return run, data


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    return folder, *stopped(folder)


def rewritten(saved, tmp_path, at=None, tallied=None, **tensors):
    folder, run, data = saved
    known, progress, counted = read_state(folder / STATE)
    write_state(tmp_path / STATE, {**known, **tensors}, at or progress, tallied or counted)
    return list(fit(build(run.model, 0), data, run, folder=tmp_path, resume=True))


EXACTLY = {"precision": "fp32", "threads": 1}
STATES = {
    "a batch beyond the end": {"at": Progress(0, 10**9, 3, 1.0)},
    "a negative epoch": {"at": Progress(-1, 0, 0, 0.0)},
    "an epoch beyond all": {"at": Progress(10**15, 0, 0, 0.0)},
    "half a step": {"at": Progress(0, 0, 0.5, 0.0)},
    "seconds that are NaN": {"at": Progress(0, 0, 0, float("inf"))},
    "a sum that is text": {"tallied": Counters({"loss": "x", "distortion": 0.0, "rate": 0.0}, 0, 1.0, 0, EXACTLY)},
    "a sum of what is not known": {"tallied": Counters({"x": 0.0}, 0, 1.0, 0, EXACTLY)},
    "images that are none": {"tallied": Counters({"loss": 0.0, "distortion": 0.0, "rate": 0.0}, -1, 1.0, 0, EXACTLY)},
    "a best loss that is NaN": {
        "tallied": Counters({"loss": 0.0, "distortion": 0.0, "rate": 0.0}, 0, float("nan"), 0, EXACTLY)
    },
    "noise of another kind": {"noise": torch.zeros(3)},
    "a weight that is NaN": {"model.decoder.layers.0.bias": torch.full((32,), float("nan"))},
    "a weight of another shape": {"model.decoder.layers.0.bias": torch.zeros(31)},
    "best weights of another model": {"best.x": torch.zeros(3)},
}


@pytest.mark.parametrize("kind", STATES)
def test_a_damaged_state_ends_the_training_in_a_sentence(saved, tmp_path, kind):
    began = time.monotonic()
    *_, last = rewritten(saved, tmp_path, **STATES[kind])
    assert isinstance(last, Failed) and "start the run again" in last.message.lower() and time.monotonic() - began < 60


def test_an_undamaged_state_resumes(saved, tmp_path):
    *_, last = rewritten(saved, tmp_path)
    assert isinstance(last, Done) and last.reason == "epochs"


def test_bytes_of_a_state_that_are_flipped_or_cut_never_give_a_traceback(saved, tmp_path):
    whole, rng, path = (saved[0] / STATE).read_bytes(), np.random.default_rng(0), tmp_path / STATE
    for number in range(60):
        data = bytearray(whole)
        for at in rng.integers(0, 3000 if number % 2 else len(data), 5):
            data[at] ^= 1 << int(rng.integers(8))
        path.write_bytes(data[: int(rng.integers(len(data)))] if number % 3 == 0 else data)
        try:
            _, at, tallied = read_state(path)
        except UserError as error:
            assert str(path) in str(error)
        else:
            at.check()
            tallied.check()
            json.dumps(tallied.epoch_sums, allow_nan=False)


@pytest.mark.parametrize("place", [os.mkfifo, lambda path: path.mkdir(), lambda path: path.symlink_to("/dev/zero")])
def test_a_saved_state_that_is_no_regular_file_is_a_sentence(tmp_path, place):
    place(tmp_path / STATE)
    with pytest.raises(UserError, match=STATE):
        read_state(tmp_path / STATE)
