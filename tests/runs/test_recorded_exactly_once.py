"""A worker that is killed around a save: after the run has resumed, every epoch, step and snapshot is recorded exactly once."""

import signal
import sqlite3
import subprocess
import sys
import textwrap

import pytest

from tests.helpers.run_helpers import run_of
from vae_core.config import TrainConfig
from vae_core.errors import UserError
from vae_core.runs import database
from vae_core.scheduling.lease import Lease, claim
from vae_core.scheduling.recorder import Recorder
from vae_core.training.events import Saving, TrainStep

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends a signal that Windows does not know")

WORK = "import sys; from vae_core.runs import Store; from vae_core.scheduling.worker import run_worker\n"
WORK += "sys.exit(run_worker(Store(sys.argv[1]), *sys.argv[2:]))"
KILL = """
import os, signal
from vae_core.scheduling import recorder
from vae_core.training import fit as loop
from vae_core.training.saved_state import STATE
from vae_core.scheduling.lease import Lease
from vae_core.training.trainer import Trainer

def after(kind, name, due):
    real = getattr(kind, name)
    def then(self, *given):
        done = real(self, *given)
        if due(self, *given):
            os.kill(os.getpid(), signal.SIGKILL)
        return done
    setattr(kind, name, then)

loop.SAVE_EVERY = loop.FIRST_SAVE = 0.0  # a save at every step
"""
POINTS = {
    "the epoch is recorded, but its state is not saved": """
        recorder.FLUSH = 0.0
        def due(lease, records, *rest):
            saved = (lease.store.folder(lease.id) / STATE).exists()
            return saved and any(record["kind"] == "epoch" for record in records)
        after(Lease, "write", due)
    """,
    "the state is saved, but its epoch is not recorded": """
        recorder.FLUSH = 600.0
        after(Trainer, "save", lambda trainer, folder: trainer.at.epoch > 2)
    """,
    "all events are recorded, but the run has not ended": """
        loop.SAVE_EVERY = loop.FIRST_SAVE = 600.0
        after(Lease, "write", lambda lease, records, latest, progress: "done" in latest)
    """,
}


@pytest.mark.parametrize("point", POINTS)
def test_every_event_is_recorded_exactly_once(store, point):
    epochs = 6
    id = store.create(run_of(TrainConfig(epochs=epochs, batch_size=64, lr=1e-3)))
    for code in (KILL + textwrap.dedent(POINTS[point]) + WORK, WORK):
        store.clean_up()
        command = [sys.executable, "-c", code, str(store.home), *claim(store)]
        ended = subprocess.run(command, check=False, timeout=300).returncode
        assert ended == (-signal.SIGKILL if code != WORK else 0), store.log(id)
    assert store.get(id).state == "done" and store.get(id).restarts == 1
    assert [record["epoch"] for record in store.events(id, "epoch")] == list(range(1, epochs + 1))
    for kind in ("step", "snapshot"):
        steps = [record["step"] for record in store.events(id, kind)]
        assert steps == sorted(set(steps)) and steps


def test_records_wait_while_others_write_and_are_written_once(store, monkeypatch):
    id = store.create(run_of(TrainConfig(epochs=1)))
    lease = Lease(store, *claim(store))
    recorder = Recorder(lease, store.get(id))
    recorder.take(step_event(1))
    monkeypatch.setattr(database, "PATIENCE", 0.05)
    monkeypatch.setattr("vae_core.scheduling.recorder.FLUSH", 0.0)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for step in (2, 3):
        recorder.take(step_event(step))
    with pytest.raises(UserError, match="cannot be used"):  # a save must find them written
        recorder.take(Saving(3))
    other.execute("ROLLBACK")
    other.close()
    recorder.take(Saving(3))
    assert [event["step"] for event in store.events(id, "step")] == [1, 2, 3]


def step_event(step):
    numbers = {"loss": 1.0, "distortion": 1.0, "rate": 0.0}
    return TrainStep(step, 0, float(step), step / 10, numbers, 1e-3, 1.0, 100.0)
