"""Helpers for tests of background training: small settings, and a home with real schedulers."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
from safetensors.numpy import load_file

from vae_core import checkpoints
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.presets.run_config import RunConfig
from vae_core.runs import ACTIVE, Store
from vae_core.utils.locks import FileLock

SMALL = ModelConfig(shape=(1, 8, 8), latent_dim=2, hidden=(32,), likelihood="bernoulli")
EXACT = TrainConfig(epochs=150, batch_size=64, lr=1e-3)  # 3,000 steps in a few seconds, compared weight by weight
LONG = TrainConfig(epochs=100_000, batch_size=32, lr=1e-3, schedule="constant", warmup_steps=0)
PROMPT = 2.0  # seconds from Start to the first step on a busy machine; benchmarks/worker_start.py measures an idle one
PATIENT = 240.0  # seconds that a wait may take: much more than needed, because the machine may be busy with other work
DIGITS = DataConfig(dataset="digits")


def run_of(train, **more):
    return RunConfig(**({"data": DIGITS, "model": SMALL, "train": train} | more))


def until(condition, seconds=PATIENT):
    """Wait until the condition holds, and return the seconds that this took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


class RunHome:
    """A home folder with its own schedulers, which end with the test."""

    def __init__(self, home):
        self.store, self.schedulers = Store(home), []

    def start_scheduler(self, *options, limit=None):
        def confine():
            import resource  # Windows has none

            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        command = [
            sys.executable,
            "-m",
            "vae_core.scheduling.scheduler",
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

    def wait_for_step(self, id, steps=1):
        return until(lambda: self.step(id) >= steps)

    def wait_for_save(self, id):
        return until(lambda: "saved" in self.store.get(id).latest)

    def wait_for_end(self, id, state="done", seconds=PATIENT):
        until(lambda: self.state(id) not in (*ACTIVE, "queued"), seconds)
        row = self.store.get(id)
        assert row.state == state, f"{row.state}: {row.message}\n{self.store.log(id)}"

    def weights(self, id):
        return load_file(self.store.folder(id) / checkpoints.WEIGHTS)

    def close(self):
        for child in self.schedulers:
            child.kill()
            child.wait()
        locks = (self.store.home / name for name in ("scheduler.lock", "bridge.lock"))
        for path in (*locks, *self.store.home.glob("runs/*/lock")):
            if (holder := FileLock(path).holder()) is not None:
                os.kill(holder, signal.SIGKILL)


def equal_weights(a, b):
    return a.keys() == b.keys() and all(np.array_equal(a[name], b[name]) for name in a)
