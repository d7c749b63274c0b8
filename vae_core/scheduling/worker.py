"""The worker: a process that trains one run under a lease and records the events of `fit`."""

import argparse
import errno
import os
import signal
import sqlite3
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path

import torch

from vae_core.data import load
from vae_core.errors import UserError, reason
from vae_core.messages import Message
from vae_core.models.build import build
from vae_core.people.limits import in_force
from vae_core.runs.database import session
from vae_core.runs.forks import START, load_start
from vae_core.runs.heartbeat_and_recovery import LOCK
from vae_core.runs.store import RunRow, Store
from vae_core.scheduling.full_disk import RESERVE, log_line
from vae_core.scheduling.lease import Lease, LeaseLost, Requests
from vae_core.scheduling.recorder import Recorder
from vae_core.training.events import Done, Event, Failed
from vae_core.training.fit import fit
from vae_core.training.live_controls import LiveControls
from vae_core.training.saved_state import STATE
from vae_core.utils.locks import FileLock
from vae_core.utils.memory import keep_freed_memory

POLL_SECONDS, HEARTBEAT_SECONDS = 0.1, 1.0  # between two reads of the requests, and between two heartbeats
COMMANDS_BY_STATE = {"pausing": "pause", "stopping": "stop"}
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class LeaseThread(threading.Thread):
    """Sends heartbeats, copies the run's requests to the live controls, and ends the process when the lease is lost."""

    def __init__(self, lease: Lease, controls: LiveControls) -> None:
        super().__init__(daemon=True)
        self.lease, self.controls, self.ended = lease, controls, threading.Event()
        self.apply(lease.requests())

    def run(self) -> None:
        last_heartbeat = 0.0
        while not self.ended.wait(POLL_SECONDS):
            try:
                if time.monotonic() - last_heartbeat > HEARTBEAT_SECONDS:
                    self.lease.heartbeat()
                    last_heartbeat = time.monotonic()
                self.apply(self.lease.requests())
            except LeaseLost:
                if not self.ended.is_set():
                    os._exit(3)  # at once: the run's files belong to another worker now, or are gone
            except UserError as error:  # the database cannot be read: if that lasts, the missing heartbeats end the run
                log_line(error)

    def apply(self, requests: Requests) -> None:
        """Set the live controls as requested."""
        self.controls.lr, self.controls.dial_value = requests.controls.get("lr"), requests.controls.get("beta")
        self.controls.until_step, self.controls.until_epoch = (
            None if limit is None else int(limit) for limit in map(requests.controls.get, ("until_step", "until_epoch"))
        )
        self.controls.command = COMMANDS_BY_STATE.get(requests.state, "")  # type: ignore[assignment]


def run_worker(store: Store, id: str, token: str) -> int:
    """Train the run until it ends, pauses or fails; return the process's exit code."""
    lease = Lease(store, id, token)
    # A connection stays open, because closing the last one flushes the whole file.
    with suppress(LeaseLost), session(store.path):
        lease.heartbeat()
        folder = store.folder(id)
        lock = FileLock(folder / LOCK)
        try:
            _take_folder(folder, lock)
            return _train(lease, store.get(id))
        except Exception as error:  # noqa: BLE001  any error ends the run with a sentence, and the log has the details
            log_line(traceback.format_exc())
            _fail(lease, failure_message(error, folder))
            return 1
        finally:
            lock.release()
    return 3


def _fail(lease: Lease, message: str) -> None:
    """Mark the run as failed with a message; try for 10 s on a full disk, after which the run will be marked as lost."""
    for _ in range(20):
        with suppress(UserError):
            lease.release("fail", message)
            return
        (lease.store.home / RESERVE).unlink(missing_ok=True)
        time.sleep(0.5)


def _take_folder(folder: Path, lock: FileLock) -> None:
    """Take over the run's folder: write the log there, hold its lock, and remove unfinished files of an earlier worker."""
    folder.mkdir(parents=True, exist_ok=True)
    log = os.open(folder / "worker.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    while not lock.acquire():  # the earlier worker is suspended or hangs; it has lost its lease and must not write
        if (owner := lock.holder()) is not None:
            with suppress(ProcessLookupError):
                os.kill(owner, getattr(signal, "SIGKILL", signal.SIGTERM))
        time.sleep(0.05)
    for file in folder.glob(".*.new"):
        file.unlink(missing_ok=True)


def _train(lease: Lease, row: RunRow) -> int:
    os.environ["LATENT_HOME"] = str(lease.store.home)  # for the cache of measured compute settings
    torch.set_num_threads(1)  # the other cores are the server's and other runs': see vae_core.training.precision
    keep_freed_memory()
    most = None if row.by_admin else in_force(lease.store.home).person.seconds
    controls = LiveControls(most_seconds=most)
    lease_thread = LeaseThread(lease, controls)
    lease_thread.start()
    data = load(row.run.data, Path(row.data_dir))
    recorder = Recorder(lease, row)
    while True:
        resume = (row.folder / STATE).exists()
        last: Event | None = None
        vae = build(row.run.model, seed=row.run.train.seed)
        trained = not resume and load_start(row.folder, vae)
        for last in fit(vae, data, row.run, folder=row.folder, controls=controls, resume=resume, trained=trained):
            recorder.take(last)
        recorder.close()
        lease_thread.ended.set()  # from here on this thread handles a lost lease
        lease_thread.join()
        if _release(lease, last, row.folder):
            return 0
        lease_thread = LeaseThread(lease, controls)  # the pause was revoked while the state was saved: continue
        lease_thread.start()


def _release(lease: Lease, last: Event | None, folder: Path) -> bool:
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


def main(arguments: list[str] | None = None) -> int:
    """Train one claimed run, as a new process where the scheduler cannot fork."""
    parser = argparse.ArgumentParser(prog="vae_core.scheduling.worker", description=__doc__)
    for name in ("--home", "--run", "--token"):
        parser.add_argument(name, required=True)
    options = parser.parse_args(arguments)
    return run_worker(Store(options.home), options.run, options.token)


if __name__ == "__main__":
    sys.exit(main())
