"""One process that trains one run, under a lease, and writes down what fit() tells."""

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
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.runs.database import session
from vae_core.runs.recovery import LOCK
from vae_core.runs.store import RunRow, Store
from vae_core.scheduling.full_disk import RESERVE, note
from vae_core.scheduling.lease import Lease, LeaseLost, Orders
from vae_core.scheduling.recorder import Recorder
from vae_core.training.events import Done, Event, Failed
from vae_core.training.fit import fit
from vae_core.training.live_controls import LiveControls
from vae_core.training.saved_state import STATE
from vae_core.utils.locks import FileLock
from vae_core.utils.memory import keep_memory

LOOK, BEAT = 0.1, 1.0  # seconds between two looks at the orders, and between two heartbeats
WORDS = {"pausing": "pause", "stopping": "stop"}
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Watch(threading.Thread):
    """Beats the heart, turns the knobs as the row says, and ends the process when the lease is lost."""

    def __init__(self, lease: Lease, controls: LiveControls) -> None:
        super().__init__(daemon=True)
        self.lease, self.controls, self.ended = lease, controls, threading.Event()
        self.obey(lease.orders())

    def run(self) -> None:
        beaten = 0.0
        while not self.ended.wait(LOOK):
            try:
                if time.monotonic() - beaten > BEAT:
                    self.lease.beat()
                    beaten = time.monotonic()
                self.obey(self.lease.orders())
            except LeaseLost:
                if not self.ended.is_set():
                    os._exit(3)  # at once: the run's files belong to another worker now, or are gone
            except UserError as error:  # the database is out of reach: if it stays so, silence ends the run
                note(error)

    def obey(self, orders: Orders) -> None:
        self.controls.lr, self.controls.dial_value = orders.controls.get("lr"), orders.controls.get("beta")
        self.controls.command = WORDS.get(orders.state, "")  # type: ignore[assignment]


def work(store: Store, id: str, token: str) -> int:
    """Train the run to its end, a pause or a failure; the process's exit code."""
    lease = Lease(store, id, token)
    with suppress(LeaseLost), session(store.path):  # open throughout: the last to close has the whole file to flush
        lease.beat()
        folder = store.folder(id)
        lock = FileLock(folder / LOCK)
        try:
            _own(folder, lock)
            return _train(lease, store.get(id))
        except Exception as error:  # noqa: BLE001  whatever it was, the run ends with a sentence, and the log has the rest
            note(traceback.format_exc())
            _fail(lease, explain(error, folder))
            return 1
        finally:
            lock.release()
    return 3


def _fail(lease: Lease, message: str) -> None:
    """Say why, as soon as the disk lets the database be written; after 10 s without, silence marks the run as lost."""
    for _ in range(20):
        with suppress(UserError):
            lease.settle("fail", message)
            return
        (lease.store.home / RESERVE).unlink(missing_ok=True)
        time.sleep(0.5)


def _own(folder: Path, lock: FileLock) -> None:
    """Make the folder this process's own: its log, its lock, and no half-written files of a killed predecessor."""
    folder.mkdir(parents=True, exist_ok=True)
    log = os.open(folder / "worker.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    while not lock.acquire():  # the former worker is suspended or hangs; its lease is ours, so it must write no more
        if (owner := lock.holder()) is not None:
            with suppress(ProcessLookupError):
                os.kill(owner, getattr(signal, "SIGKILL", signal.SIGTERM))
        time.sleep(0.05)
    for file in folder.glob(".*.new"):
        file.unlink(missing_ok=True)


def _train(lease: Lease, row: RunRow) -> int:
    os.environ["LATENT_HOME"] = str(lease.store.home)  # where what is measured of this host is kept
    torch.set_num_threads(1)  # the other cores are the server's and other runs': see vae_core.training.precision
    keep_memory()
    controls = LiveControls()
    watch = Watch(lease, controls)
    watch.start()
    data = load(row.run.data, Path(row.data_dir))
    recorder = Recorder(lease, row)
    while True:
        resume = (row.folder / STATE).exists()
        last: Event | None = None
        vae = build(row.run.model, seed=row.run.train.seed)
        for last in fit(vae, data, row.run, folder=row.folder, controls=controls, resume=resume):
            recorder.take(last)
        recorder.close()
        watch.ended.set()  # from here on a lost lease is this thread's to see
        watch.join()
        if _settle(lease, last, row.folder):
            return 0
        watch = Watch(lease, controls)  # the pause was taken back while it was saved: go on
        watch.start()


def _settle(lease: Lease, last: Event | None, folder: Path) -> bool:
    if isinstance(last, Failed):
        return lease.settle("fail", last.message)
    if isinstance(last, Done) and last.reason in ("paused", "stopped"):
        return lease.settle(last.reason)
    ended = lease.settle("finish")
    (folder / STATE).unlink(missing_ok=True)  # nothing is left to go on with
    return ended


def explain(error: Exception, folder: Path) -> str:
    """What went wrong and what to do, in one sentence."""
    if (isinstance(error, OSError) and error.errno in FULL) or isinstance(error.__cause__, sqlite3.Error):
        return f"The disk is full or cannot be written: free some room for {folder}, then resume; what was saved last is whole."
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or folder} cannot be used ({error.strerror or error}): put that right, then resume."
    if isinstance(error, MemoryError) or "can't allocate memory" in str(error):
        return "The computer's memory is full: choose smaller layers or a smaller batch, or let fewer runs go at once."
    return f"Training failed unexpectedly ({type(error).__name__}: {str(error)[:200]}); the details are in {folder / 'worker.log'}."


def main(arguments: list[str] | None = None) -> int:
    """Train one claimed run where the scheduler cannot fork."""
    parser = argparse.ArgumentParser(prog="vae_core.scheduling.worker", description=__doc__)
    for name in ("--home", "--run", "--token"):
        parser.add_argument(name, required=True)
    options = parser.parse_args(arguments)
    return work(Store(options.home), options.run, options.token)


if __name__ == "__main__":
    sys.exit(main())
