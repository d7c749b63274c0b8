"""What the one file of a store and the one scheduler take, whoever trains: transactions, starts, and the bytes of weights."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.stores.filled import fill
from tests.browser.server import ROOT
from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.runs.database import session
from vae_core.scheduling.lease import claim
from vae_core.training.events import Saved
from vae_core.training.fit import SAVE_EVERY, fit
from vae_core.training.saved_state import STATE

WRITERS, SECONDS, STARTS = (1, 4, 16), 4.0, 100  # processes, how long they write, and runs that are started

# One process that writes as a worker does: a step's and an epoch's record in each transaction, as often as it can.
WRITER = """
import sys, time
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.runs.database import session
from vae_core.runs.database import connect
from vae_core.scheduling.lease import Lease, claim
store, until = Store(sys.argv[1]), float(sys.argv[2])
lease, latest, count, worst = Lease(store, *claim(store)), store.get(sys.argv[3]).latest, 0, 0.0
kept = connect(store.path)  # as a worker keeps one: whoever closes the last connection moves the whole log into the file
records = [latest["step"] | {"kind": "step"}, latest["epoch"] | {"kind": "epoch"}]
time.sleep(max(0.0, until - float(sys.argv[4]) - time.time()))
while time.time() < until:
    began = time.perf_counter()
    lease.write(records, latest, 0.5)
    count, worst = count + 1, max(worst, time.perf_counter() - began)
print(count, worst)
"""


def written(folder: Path) -> Iterator[str]:
    """What the one file takes: transactions and records a second by the number of processes, and the bytes of a run."""
    home = folder / "writers"
    home.mkdir()
    store = fill(home, 1, 5)
    trained = store.runs()[0]
    for count in WRITERS:
        for _ in range(count):
            store.create(trained.run)
        until = time.time() + SECONDS + 4 + count
        command = [sys.executable, "-c", WRITER, str(home), str(until), trained.id, str(SECONDS)]
        children = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(count)]
        answers = [child.communicate()[0].split() for child in children]
        total, worst = sum(int(answer[0]) for answer in answers), max(float(answer[1]) for answer in answers)
        rate = total / SECONDS
        yield f"{count} writers: {rate:,.0f} transactions a second, {2 * rate:,.0f} records; the longest took {1000 * worst:.0f} ms"
    yield from _starts(store, trained.run)
    yield _saved(home / "saved")
    weights = {
        info.name: (info.folder / checkpoints.WEIGHTS).stat().st_size
        for info in checkpoints.find(checkpoints.bundled())
    }
    yield f"bytes of the weights of the models of the app: {weights}"


def _starts(store: Store, run: RunConfig) -> Iterator[str]:
    """What the one scheduler does for each start, without the process that it starts, with up to STARTS runs that train."""
    for _ in range(STARTS):
        store.create(run)
    times = []
    with session(store.path):  # as each worker has one
        for _ in range(STARTS):
            began = time.perf_counter()
            store.clean_up()
            assert claim(store) is not None
            times.append(time.perf_counter() - began)
    usual, last = (1000 * one for one in (statistics.median(times), times[-1]))
    yield f"the scheduler's part of a start: {usual:.1f} ms; of the last one, beside {STARTS} trainings, {last:.1f} ms"


def _saved(folder: Path) -> str:
    """The bytes that a training writes each time it saves, beside those of its weights."""
    data = load(DataConfig())
    run = build_run("vae", DataConfig(), data.shape, len(data.classes), epochs=None, seconds=2.0)
    for event in fit(build(run.model, 0), data, run, folder=folder):
        if isinstance(event, Saved) and (folder / STATE).exists():
            state = (folder / STATE).stat().st_size
    weights = (folder / checkpoints.WEIGHTS).stat().st_size
    return f"a save, each {SAVE_EVERY:g} s: {state:,} bytes, {state / weights:.2f} times the weights"
