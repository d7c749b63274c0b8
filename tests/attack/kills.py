"""Attack by SIGKILL: workers, schedulers and the server are killed at random times; every training must end unchanged."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from tests.attack.outcome import Outcome
from tests.browser.server import Server, start
from tests.helpers.run_helpers import DIGITS, equal_weights, run_of, until
from vae_core import checkpoints
from vae_core.config import TrainConfig
from vae_core.data import load
from vae_core.models.build import build
from vae_core.runs import ACTIVE, Store
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_core.training.fit import fit
from vae_core.utils.locks import FileLock

TRAIN = TrainConfig(epochs=120, batch_size=64, lr=1e-3)  # some seconds
EACH = 10  # kills of one training: more than the number of automatic restarts
OTHERS = {7: "scheduler", 9: "server"}  # targets of kills by their number; all other kills hit the worker
OVER = ("done", "failed", "stopped")


def attack_with_kills(server: Server, count: int, seed: int = 0) -> tuple[Outcome, Server]:
    """Kill `count` processes; return the outcome and the server, a new one where it was killed."""
    rng, outcome, store = random.Random(seed), Outcome("kills"), Store(server.home)
    expected = _uninterrupted(server.home)
    while outcome.counts["killed"] < count:
        id = store.create(run_of(TRAIN))
        ensure_scheduler(server.home)
        for number in range(min(EACH, count - outcome.counts["killed"])):
            if _wait_until_it_trains(store, id, rng) in OVER:
                break
            target = OTHERS.get(number, "worker")
            server = _kill(target, server, store, id)
            outcome.counts["killed"] += 1
            outcome.counts[f"of them {target}s"] += 1
            outcome.counts["resumed by hand"] += _resume_where_lost(store, id)
        until(lambda id=id: store.get(id).state in OVER, 300)
        _check(store, id, expected, outcome)
    return outcome, server


def _uninterrupted(home: Path) -> dict[str, np.ndarray]:
    """The weights of the same training without interruptions."""
    run, folder = run_of(TRAIN), home / "uninterrupted"
    for _ in fit(build(run.model, run.train.seed), load(DIGITS), run, folder=folder):
        pass
    return load_file(folder / checkpoints.WEIGHTS)


def _wait_until_it_trains(store: Store, id: str, rng: random.Random) -> str:
    """Wait for a worker, then for a random time; return the run's state."""
    until(lambda: store.get(id).state == "running" or store.get(id).state in OVER, 120)
    time.sleep(rng.uniform(0, 0.6))
    return store.get(id).state


def _kill(target: str, server: Server, store: Store, id: str) -> Server:
    if target == "server":
        server.stop(signal.SIGKILL)
        return start(server.home, server.data, server.port)
    pid = store.get(id).pid if target == "worker" else FileLock(store.home / "scheduler.lock").holder()
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return server


def _resume_where_lost(store: Store, id: str) -> bool:
    """Wait until the run restarts, or resume it where it is lost, which happens after three restarts; whether it was lost."""
    ensure_scheduler(store.home)
    with suppress(AssertionError):
        until(lambda: store.get(id).state not in ACTIVE, 2)
    until(lambda: store.get(id).state != "queued", 300)
    if store.get(id).state != "lost":
        return False
    store.command(id, "resume")
    return True


def _check(store: Store, id: str, expected: dict[str, np.ndarray], outcome: Outcome) -> None:
    row, series = store.get(id), store.series(id, points=1_000_000)
    outcome.counts["trainings"] += 1
    outcome.check(row.state == "done", f"a training ended as {row.state}: {row.message}")
    if row.state == "done":
        outcome.check(equal_weights(load_file(row.folder / checkpoints.WEIGHTS), expected), f"{id}: other weights")
    epochs = [record["epoch"] for record in store.events(id, "epoch")]
    outcome.check(epochs == sorted(set(epochs)), f"{id}: an epoch is recorded twice")
    outcome.check(bool(np.all(np.diff(series.steps["step"]) > 0)), f"{id}: a step is recorded twice")
