"""The scheduler: one process per home folder that starts a worker for each queued run, as many at once as the cores allow.

Where a cluster is chosen, it starts the bridge to it, and trains runs itself only while the bridge is not connected.
"""

import argparse
import gc
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

from vae_core.errors import UserError
from vae_core.runs.database import session
from vae_core.runs.state_machine import ACTIVE
from vae_core.runs.store import Store
from vae_core.scheduling.capacity import training_places
from vae_core.scheduling.cluster import setting
from vae_core.scheduling.full_disk import keep_reserve, log_line
from vae_core.scheduling.lease import claim
from vae_core.scheduling.store_changes import last_request, modified
from vae_core.utils.locks import FileLock
from vae_core.utils.processes import start_detached

POLL = 0.02  # seconds between two checks of the database file's time of modification
BRIDGE_SECONDS = 5.0  # between two starts of the bridge
CLUSTER_PATIENCE = 20.0  # seconds that runs wait for the first connection to a cluster, before they train here
IDLE = 60.0  # seconds without a run and without a call of `ensure_scheduler`, after which the scheduler ends
CAN_FORK = sys.platform.startswith("linux")  # macOS's system libraries fail in a forked process, Windows has no fork


class Scheduler:
    """The loop that starts workers. Workers continue when it ends, and the next scheduler counts them by their leases."""

    def __init__(self, home: str | Path, limit: int | None = None) -> None:
        self.store = Store(home)
        self.limit = limit or training_places()
        self.children: dict[int, subprocess.Popen[bytes] | None] = {}
        self.began, self.bridge_started, self.idle = time.time(), 0.0, IDLE

    def run(self, idle: float = IDLE) -> float:
        """Start workers until, for `idle` seconds, no run waits or trains and no process has called `ensure_scheduler`.

        Gives when it was last called, as `last_request` tells it.
        """
        self.idle, last_modified, last_check, busy, requested = idle, None, 0.0, time.time(), 0.0
        while True:
            self._reap_children()
            found, now = modified(self.store), time.time()
            if found != last_modified or now - last_check > 1:
                last_modified, last_check = found, now
                try:
                    requested = last_request(self.store)
                    busy = now if self._start_waiting() else max(busy, requested)
                except UserError as error:  # a full disk, for instance: running workers are not affected, so try again
                    log_line(error)
                if now - busy > idle or not self.store.path.exists():
                    return requested
            time.sleep(POLL)

    def _start_waiting(self) -> int:
        """Start workers for waiting runs while places are free; return the number of runs that wait or train."""
        self.store.clean_up()
        with session(self.store.path) as db:
            rows = db.execute(f"SELECT token, node FROM runs WHERE state IN {('queued', *ACTIVE)}").fetchall()
        waiting, places = sum(row["token"] is None for row in rows), self._places()
        busy = sum(row["token"] is not None and not row["node"] for row in rows)
        while waiting and (claimed := claim(self.store, full=busy >= places)):
            self._start(*claimed)
            busy, waiting = busy + 1, waiting - 1
        return len(rows)

    def _places(self) -> int:
        """How many runs may train on this computer: none while a cluster takes them."""
        cluster = setting.state(self.store.home)
        if cluster is None:
            return self.limit
        self._keep_bridge()
        return 0 if cluster.connected or time.time() - self.began < CLUSTER_PATIENCE else self.limit

    def _keep_bridge(self) -> None:
        """Start the bridge unless it runs."""
        if time.time() - self.bridge_started < BRIDGE_SECONDS or FileLock(self.store.home / setting.LOCK).held():
            return
        self.bridge_started = time.time()
        where = ["--home", str(self.store.home), "--idle", str(self.idle)]
        command = [sys.executable, "-m", "vae_core.scheduling.cluster.bridge", *where]
        child = start_detached(command, self.store.home / "bridge.log")
        self.children[child.pid] = child

    def _start(self, id: str, token: str) -> None:
        keep_reserve(self.store.home)
        if not CAN_FORK:
            command = [
                sys.executable,
                "-m",
                "vae_core.scheduling.worker",
                "--home",
                str(self.store.home),
                "--run",
                id,
                "--token",
                token,
            ]
            child = start_detached(command, self.store.home / "worker.log")
            self.children[child.pid] = child
            return
        pid = os.fork()
        if pid == 0:
            _become_worker(self.store, id, token)
        self.children[pid] = None

    def _reap_children(self) -> None:
        """Collect the exit status of ended workers, so that their process ids become free."""
        for pid, child in list(self.children.items()):
            ended = child.poll() is not None if child else os.waitpid(pid, os.WNOHANG)[0] == pid
            if ended:
                del self.children[pid]


def _become_worker(store: Store, id: str, token: str) -> NoReturn:
    """In the forked child: leave the scheduler's session, train, and exit without the parent's exit handlers."""
    code = 1
    try:
        os.setsid()
        from vae_core.scheduling.worker import run_worker

        code = run_worker(store, id, token)
    finally:
        os._exit(code)


def main(arguments: list[str] | None = None) -> int:
    """Run the scheduler of one home; it ends at once where another scheduler runs."""
    parser = argparse.ArgumentParser(prog="vae_core.scheduling.scheduler", description=__doc__)
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--slots", type=int, default=None, help="runs at once; default: cores minus one")
    parser.add_argument("--idle", type=float, default=IDLE, help="seconds to wait for work before it ends")
    options = parser.parse_args(arguments)
    store = Store(options.home)
    lock = FileLock(store.home / "scheduler.lock")
    if not lock.acquire(wait=0.5):  # a process that checks whether a scheduler runs holds the lock for a moment
        return 0
    import vae_core.scheduling.worker  # noqa: F401  imports torch once for all workers; a fork is safe before torch computes

    gc.collect()
    gc.freeze()  # otherwise a garbage collection in a worker would copy all memory that it shares with this process
    scheduler, wanted = Scheduler(store.home, options.slots), True
    while wanted:
        requested = scheduler.run(options.idle)
        lock.release()
        # who called in the meantime saw the lock held, and counts on this scheduler
        wanted = store.path.exists() and last_request(store) != requested and lock.acquire(wait=0.5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
