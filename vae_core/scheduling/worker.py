"""The worker: a process that trains one run under a lease and records the events of `fit`."""

import argparse
import os
import sys
import threading
import time
import traceback
from contextlib import suppress
from pathlib import Path

import torch

from vae_core.data import load
from vae_core.errors import UserError
from vae_core.people.limits import in_force
from vae_core.runs.database import session
from vae_core.runs.heartbeat_and_recovery import LOCK
from vae_core.runs.store import RunRow, Store
from vae_core.scheduling.full_disk import log_line
from vae_core.scheduling.lease import Lease, LeaseLost
from vae_core.scheduling.one_run import LOG, events_of, fail, failure_message, release, take_folder
from vae_core.scheduling.recorder import Recorder
from vae_core.training.events import Event
from vae_core.training.live_controls import LiveControls
from vae_core.utils.locks import FileLock
from vae_core.utils.memory import keep_freed_memory

POLL_SECONDS, HEARTBEAT_SECONDS = 0.1, 1.0  # between two reads of the requests, and between two heartbeats


class LeaseThread(threading.Thread):
    """Sends heartbeats, copies the run's requests to the live controls, and ends the process when the lease is lost."""

    def __init__(self, lease: Lease, controls: LiveControls) -> None:
        super().__init__(daemon=True)
        self.lease, self.controls, self.ended = lease, controls, threading.Event()
        lease.requests().apply(controls)

    def run(self) -> None:
        last_heartbeat = 0.0
        while not self.ended.wait(POLL_SECONDS):
            try:
                if time.monotonic() - last_heartbeat > HEARTBEAT_SECONDS:
                    self.lease.heartbeat()
                    last_heartbeat = time.monotonic()
                self.lease.requests().apply(self.controls)
            except LeaseLost:
                if not self.ended.is_set():
                    os._exit(3)  # at once: the run's files belong to another worker now, or are gone
            except UserError as error:  # the database cannot be read: if that lasts, the missing heartbeats end the run
                log_line(error)


def run_worker(store: Store, id: str, token: str) -> int:
    """Train the run until it ends, pauses or fails; return the process's exit code."""
    lease = Lease(store, id, token)
    # A connection stays open, because closing the last one flushes the whole file.
    with suppress(LeaseLost), session(store.path):
        lease.heartbeat()
        folder = store.folder(id)
        lock = FileLock(folder / LOCK)
        try:
            _log_to(folder)
            take_folder(folder, lock)
            return _train(lease, store.get(id))
        except Exception as error:  # noqa: BLE001  any error ends the run with a sentence, and the log has the details
            log_line(traceback.format_exc())
            fail(lease, failure_message(error, folder))
            return 1
        finally:
            lock.release()
    return 3


def _log_to(folder: Path) -> None:
    """Write what this process prints to the run's log."""
    folder.mkdir(parents=True, exist_ok=True)
    log = os.open(folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


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
        last: Event | None = None
        for last in events_of(row.run, data, row.folder, controls):
            recorder.take(last)
        recorder.close()
        lease_thread.ended.set()  # from here on this thread handles a lost lease
        lease_thread.join()
        if release(lease, last, row.folder):
            return 0
        lease_thread = LeaseThread(lease, controls)  # the pause was revoked while the state was saved: continue
        lease_thread.start()


def main(arguments: list[str] | None = None) -> int:
    """Train one claimed run, as a new process where the scheduler cannot fork."""
    parser = argparse.ArgumentParser(prog="vae_core.scheduling.worker", description=__doc__)
    for name in ("--home", "--run", "--token"):
        parser.add_argument(name, required=True)
    options = parser.parse_args(arguments)
    return run_worker(Store(options.home), options.run, options.token)


if __name__ == "__main__":
    sys.exit(main())
