"""SIGKILL at random moments to workers, schedulers and the server: every training must end as one that nobody touched."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from tests.attack.base import Outcome
from tests.browser.server import Server, start
from tests.helpers.run_helpers import DIGITS, run_of, same, until
from vae_core import checkpoints
from vae_core.config import TrainConfig
from vae_core.data import load
from vae_core.models.build import build
from vae_core.runs import ACTIVE, Store
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_core.training.fit import fit
from vae_core.utils.locks import FileLock

TRAIN = TrainConfig(epochs=120, batch_size=64, lr=1e-3)  # some seconds
EACH = 10  # kills of one training: more than it resumes from by itself
OTHERS = {7: "scheduler", 9: "server"}  # the other kills of a training, by their number, are its worker's
OVER = ("done", "failed", "stopped")


def kill(server: Server, count: int, seed: int = 0) -> tuple[Outcome, Server]:
    """`count` kills; the server is another one afterwards where it was killed too."""
    random_, outcome, store = random.Random(seed), Outcome("kills"), Store(server.home)
    expected = _untouched(server.home)
    while outcome.counts["killed"] < count:
        id = store.create(run_of(TRAIN))
        ensure_scheduler(server.home)
        for number in range(min(EACH, count - outcome.counts["killed"])):
            if _wait_until_it_trains(store, id, random_) in OVER:
                break
            target = OTHERS.get(number, "worker")
            server = _kill(target, server, store, id)
            outcome.counts["killed"] += 1
            outcome.counts[f"of them {target}s"] += 1
            outcome.counts["resumed by hand"] += _see_to_it_that_it_goes_on(store, id)
        until(lambda id=id: store.get(id).state in OVER, 300)
        _check(store, id, expected, outcome)
    return outcome, server


def _untouched(home: Path) -> dict[str, np.ndarray]:
    """The weights of the same training, never interrupted."""
    run, folder = run_of(TRAIN), home / "untouched"
    for _ in fit(build(run.model, run.train.seed), load(DIGITS), run, folder=folder):
        pass
    return load_file(folder / checkpoints.WEIGHTS)


def _wait_until_it_trains(store: Store, id: str, random_: random.Random) -> str:
    """Wait for a worker, then a random while; the state that the run is in."""
    until(lambda: store.get(id).state == "running" or store.get(id).state in OVER, 120)
    time.sleep(random_.uniform(0, 0.6))
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


def _see_to_it_that_it_goes_on(store: Store, id: str) -> bool:
    """Whether a person had to resume it, as is promised after the third kill."""
    ensure_scheduler(store.home)
    with suppress(AssertionError):
        until(lambda: store.get(id).state not in ACTIVE, 2)
    until(lambda: store.get(id).state != "queued", 60)
    if store.get(id).state != "lost":
        return False
    store.command(id, "resume")
    return True


def _check(store: Store, id: str, expected: dict[str, np.ndarray], outcome: Outcome) -> None:
    row, series = store.get(id), store.series(id, points=1_000_000)
    outcome.counts["trainings"] += 1
    outcome.check(row.state == "done", f"a training ended as {row.state}: {row.message}")
    if row.state == "done":
        outcome.check(same(load_file(row.folder / checkpoints.WEIGHTS), expected), f"{id}: other weights")
    epochs = [record["epoch"] for record in store.events(id, "epoch")]
    outcome.check(epochs == sorted(set(epochs)), f"{id}: an epoch stands twice in the curves")
    outcome.check(bool(np.all(np.diff(series.steps["step"]) > 0)), f"{id}: a step stands twice in the curves")
