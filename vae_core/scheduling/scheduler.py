"""One process per home folder that starts a worker for each queued run, as many at once as the cores allow."""

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
from vae_core.runs.states import ACTIVE
from vae_core.runs.store import Store
from vae_core.scheduling.capacity import training_places
from vae_core.scheduling.full_disk import keep_reserve, note
from vae_core.scheduling.lease import claim
from vae_core.utils.locks import FileLock
from vae_core.utils.processes import detached

POLL = 0.05  # seconds between two looks at the database file
IDLE = 60.0  # seconds without a run and without a sign of life from a server, after which the scheduler ends
CAN_FORK = sys.platform.startswith("linux")  # macOS' system libraries break in a forked child, Windows cannot


class Scheduler:
    """The queue's loop; workers live on when it ends, and a new one counts them by their leases."""

    def __init__(self, home: str | Path, limit: int | None = None) -> None:
        self.store = Store(home)
        self.limit = limit or training_places()
        self.children: dict[int, subprocess.Popen[bytes] | None] = {}

    def run(self, idle: float = IDLE) -> None:
        """Serve until nothing is queued or running and no server has shown itself for `idle` seconds."""
        seen, looked, busy = None, 0.0, time.time()
        while True:
            self._bury()
            stamp, now = self._stamp(), time.time()
            if stamp != seen or now - looked > 1:
                seen, looked = stamp, now
                try:
                    busy = now if self._serve() else max(busy, self._alive())
                except (
                    UserError
                ) as error:  # a full disk, for instance: workers look after themselves, so wait for better
                    note(error)
                if now - busy > idle or not self.store.path.exists():
                    return
            time.sleep(POLL)

    def _serve(self) -> int:
        """Start what may start; the number of runs that are queued or active."""
        self.store.reap()
        with session(self.store.path) as db:
            rows = db.execute(f"SELECT token FROM runs WHERE state IN {('queued', *ACTIVE)}").fetchall()
        busy = sum(row["token"] is not None for row in rows)
        while busy < len(rows) and (claimed := claim(self.store, full=busy >= self.limit)):
            self._start(*claimed)
            busy += 1
        return len(rows)

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
            child = detached(command, self.store.home / "worker.log")
            self.children[child.pid] = child
            return
        pid = os.fork()
        if pid == 0:
            _become_worker(self.store, id, token)
        self.children[pid] = None

    def _bury(self) -> None:
        """Take leave of ended children, so that their process ids are free again."""
        for pid, child in list(self.children.items()):
            ended = child.poll() is not None if child else os.waitpid(pid, os.WNOHANG)[0] == pid
            if ended:
                del self.children[pid]

    def _stamp(self) -> tuple[int, ...]:
        """Changes with every write to the database; far cheaper than to ask it."""
        return tuple(_mtime(self.store.path.with_name(name)) for name in ("runs.db", "runs.db-wal"))

    def _alive(self) -> float:
        return _mtime(self.store.home / "alive") / 1e9


def _mtime(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _become_worker(store: Store, id: str, token: str) -> NoReturn:
    """In the forked child: leave the scheduler's session, then train and end without its parent's clean-up."""
    code = 1
    try:
        os.setsid()
        from vae_core.scheduling.worker import work

        code = work(store, id, token)
    finally:
        os._exit(code)


def main(arguments: list[str] | None = None) -> int:
    """Serve one home; ends at once when another scheduler does already."""
    parser = argparse.ArgumentParser(prog="vae_core.scheduling.scheduler", description=__doc__)
    parser.add_argument("--home", type=Path, default=None)
    parser.add_argument("--slots", type=int, default=None, help="runs at once; default: cores minus one")
    parser.add_argument("--idle", type=float, default=IDLE, help="seconds to wait for work before it ends")
    options = parser.parse_args(arguments)
    store = Store(options.home)
    lock = FileLock(store.home / "scheduler.lock")
    if not lock.acquire(wait=0.5):  # whoever looks whether a scheduler runs holds the lock for a moment
        return 0
    import vae_core.scheduling.worker  # noqa: F401  torch and the training, once for all workers; no operation runs here, so a fork is safe

    gc.collect()
    gc.freeze()  # a collection in a worker would write to, and so copy, every page shared with this process
    Scheduler(store.home, options.slots).run(options.idle)
    return 0


if __name__ == "__main__":
    sys.exit(main())
