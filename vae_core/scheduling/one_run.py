"""The training of one run, by a worker or on a cluster's node: its folder, its events, and how it ends."""

import errno
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from vae_core.data import Dataset
from vae_core.errors import UserError, reason
from vae_core.messages import Message
from vae_core.models.build import build
from vae_core.presets.run_config import RunConfig
from vae_core.runs.forks import START, load_start
from vae_core.scheduling.full_disk import RESERVE
from vae_core.scheduling.lease import Lease
from vae_core.training.events import Done, Event, Failed
from vae_core.training.fit import fit
from vae_core.training.live_controls import LiveControls
from vae_core.training.saved_state import STATE
from vae_core.utils.locks import FileLock

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
LOG = "worker.log"  # in the run's folder


def take_folder(folder: Path, lock: FileLock) -> None:
    """Take over the run's folder: hold its lock, and remove unfinished files of an earlier worker."""
    folder.mkdir(parents=True, exist_ok=True)
    while not lock.acquire():  # the earlier worker is suspended or hangs; it has lost its lease and must not write
        if (owner := lock.holder()) is not None:
            with suppress(ProcessLookupError):
                os.kill(owner, getattr(signal, "SIGKILL", signal.SIGTERM))
        time.sleep(0.05)
    for file in folder.glob(".*.new"):
        file.unlink(missing_ok=True)


def events_of(run: RunConfig, data: Dataset, folder: Path, controls: LiveControls) -> Iterator[Event]:
    """The events of a training that goes on from the state in `folder`, or begins with the weights there, or with its own."""
    resume = (folder / STATE).exists()
    vae = build(run.model, seed=run.train.seed)
    trained = not resume and load_start(folder, vae)
    return fit(vae, data, run, folder=folder, controls=controls, resume=resume, trained=trained)


def release(lease: Lease, last: Event | None, folder: Path) -> bool:
    """End the run as its last event says; False where it must continue."""
    if isinstance(last, Failed):
        return lease.release("fail", last.message)
    if isinstance(last, Done) and last.reason in ("paused", "reached", "stopped"):
        return lease.release(last.reason)
    if isinstance(last, Done) and last.reason == "limit":
        return lease.release("limit", limit_message(last.seconds))
    ended = lease.release("finish")
    for name in (STATE, START):
        (folder / name).unlink(missing_ok=True)  # a finished run cannot be resumed
    return ended


def limit_message(seconds: float) -> Message:
    """Why a run was ended that trained for as long as a run may."""
    return Message(
        "Ended after {seconds:,.0f} seconds of training, the most that a run may train here; its model is kept.",
        seconds=seconds,
    )


def failure_message(error: Exception, folder: Path) -> Message:
    """What went wrong and what to do, in one sentence."""
    if (isinstance(error, OSError) and error.errno in FULL) or isinstance(error.__cause__, sqlite3.Error):
        return Message(
            "The disk of {folder} is full or cannot be written. Free disk space, then resume the run from its last "
            "save, which is complete.",
            folder=folder,
        )
    if isinstance(error, UserError):
        return error.message
    if isinstance(error, OSError):
        return Message(
            "{filename} cannot be used ({strerror}). Put that right, then resume the run.",
            filename=error.filename or folder,
            strerror=reason(error),
        )
    if isinstance(error, MemoryError) or "can't allocate memory" in str(error):
        return Message(
            "The computer's memory is full. Choose smaller layers or a smaller batch, or let fewer runs train at once."
        )
    what = f"{type(error).__name__}: {str(error)[:200]}"
    log = folder / "worker.log"
    return Message("Training failed unexpectedly ({what}). The details are in {log}.", what=what, log=log)


def fail(lease: Lease, message: str) -> None:
    """Mark the run as failed with a message; try for 10 s on a full disk, after which the run will be marked as lost."""
    for _ in range(20):
        with suppress(UserError):
            lease.release("fail", message)
            return
        (lease.store.home / RESERVE).unlink(missing_ok=True)
        time.sleep(0.5)
