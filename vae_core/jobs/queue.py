"""The queue of a folder's background work: fair between people, and no more at once than there are cores to spare.

A job in it is a small file, its ticket, and its process holds the lock beside that file: a killed job's place is free at once.
No process keeps the queue: whoever adds a job, ends one or looks how far one is, moves it along.

`python -m vae_core.jobs.queue TICKET` does one job.
"""

import importlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from vae_core.errors import UserError
from vae_core.utils.files import write_whole
from vae_core.utils.locks import FileLock
from vae_core.utils.paths import home
from vae_core.utils.processes import detached

SUFFIX = ".job"
BEGAN, CANCELLED, ERROR = "process", "cancelled", "Error"  # how lines of a job's log begin
KILLED = "The system ended it, probably because memory ran out: close other programs or wait for trainings, then start it again."
PATIENCE = 60.0  # seconds for a process to start or to end


@dataclass(frozen=True)
class Ticket:
    """One job in the queue: `module`.main(*`arguments`), asked for by `person`; those of the lowest `turn` go first."""

    module: str
    arguments: tuple[str, ...]
    person: str
    turn: int
    asked: float
    began: bool = False

    @classmethod
    def read(cls, path: Path) -> "Ticket | None":
        """The ticket in that file, or None where there is none."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return cls(**values | {"arguments": tuple(values["arguments"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, path: Path) -> None:
        write_whole({path: json.dumps(asdict(self)).encode()})


def lock_of(path: Path) -> FileLock:
    """The lock that a ticket's process holds for as long as it lives."""
    return FileLock(path.with_suffix(".lock"))


def log_of(path: Path) -> Path:
    return path.with_suffix(".log")


class Queue:
    """The tickets in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tickets(self) -> dict[Path, Ticket]:
        """All of them, the next one first."""
        found = {path: Ticket.read(path) for path in self.folder.glob(f"*{SUFFIX}")}
        whole = [(path, ticket) for path, ticket in found.items() if ticket]
        return dict(sorted(whole, key=lambda item: (item[1].turn, item[1].asked)))

    def place(self, path: Path) -> int | None:
        """How many have their turn until this ticket has, itself among them; None where it does not wait."""
        waiting = [each for each, ticket in self.tickets().items() if not ticket.began]
        return waiting.index(path) + 1 if path in waiting else None

    def add(self, path: Path, module: str, arguments: tuple[str, ...], person: str) -> None:
        """Queue a job, unless it is in the queue already; raises OSError where the folder cannot be written.

        A person's jobs have turns one after the other, from the turn that is being served, so people are served round robin.
        """
        with self._alone(PATIENCE):
            if not path.exists():
                tickets = self.tickets().values()
                served = max((ticket.turn for ticket in tickets if ticket.began), default=0)
                last = max((ticket.turn for ticket in tickets if ticket.person == person), default=-1)
                Ticket(module, arguments, person, max(served, last + 1), time.time()).write(path)
            self._start()

    def remove(self, path: Path) -> None:
        """Take a job out of the queue, and end its process, if it has begun."""
        with self._alone(PATIENCE):
            if not path.exists():
                return
            with open(log_of(path), "ab") as log:
                log.write(f"{CANCELLED}\n".encode())
            lock = lock_of(path)
            if (owner := lock.holder()) is not None:
                with suppress(OSError):
                    os.kill(owner, signal.SIGTERM)
                _wait(lambda: not lock.held())
            path.unlink(missing_ok=True)
            self._start()

    def advance(self, wait: float = 0.0) -> None:
        """Start what may start; without a `wait`, nothing is done while another process is at it."""
        with suppress(OSError), self._alone(wait):
            self._start()

    @contextmanager
    def _alone(self, wait: float) -> Iterator[None]:
        lock = FileLock(self.folder / "queue.lock")
        if not lock.acquire(wait):
            raise BlockingIOError(f"{lock.path} is held")
        try:
            yield
        finally:
            lock.release()

    def _start(self) -> None:
        waiting, running = [], 0
        for path, ticket in self.tickets().items():
            if lock_of(path).held():
                running += 1
            elif ticket.began and path.exists():  # one that ends by itself takes its ticket away before the lock
                with open(log_of(path), "ab") as log:
                    log.write(f"{ERROR}: {KILLED}\n".encode())
                path.unlink(missing_ok=True)
            else:
                waiting.append(path)
        if waiting:
            from vae_core.scheduling.capacity import (
                spare_places,  # a job's process starts without what this brings along
            )

            for path in waiting[: max(0, spare_places(home()) - running)]:
                _begin(path)


def _begin(path: Path) -> None:
    """Start a ticket's process and wait until it has the ticket's lock, so that nobody starts it twice."""
    log_of(path).write_bytes(b"")
    child = detached([sys.executable, "-m", "vae_core.jobs.queue", str(path)], log_of(path))
    threading.Thread(target=child.wait, daemon=True).start()  # else it would stay behind as a zombie
    _wait(lambda: _begun(path) or child.poll() is not None)
    if not _begun(path):
        with suppress(OSError):
            child.kill()
        path.unlink(missing_ok=True)  # the log says why it does not start


def _begun(path: Path) -> bool:
    ticket = Ticket.read(path)
    return ticket is None or ticket.began


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not done() and time.monotonic() < deadline:
        time.sleep(0.01)


def main(ticket: str) -> int:
    """Do one job; a UserError becomes a line of the log that says why it failed."""
    path = Path(ticket)
    found, lock = Ticket.read(path), lock_of(path)
    if found is None or not lock.acquire(wait=1.0):
        return 1
    try:
        print(BEGAN, os.getpid())
        replace(found, began=True).write(path)
        _give_way()
        importlib.import_module(found.module).main(*found.arguments)
    except UserError as error:
        print(f"{ERROR}: {error}")
        return 1
    except MemoryError:
        print(
            f"{ERROR}: The computer's memory is full: close other programs or wait for trainings, then start it again."
        )
        return 1
    finally:
        path.unlink(missing_ok=True)
        lock.release()
        Queue(path.parent).advance(PATIENCE)
    return 0


def _give_way() -> None:
    """What people wait for on the pages, and trainings, go first."""
    if hasattr(os, "nice"):
        os.nice(max(0, 5 - os.nice(0)))  # a job that started this one has it already


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.exit(main(*sys.argv[1:]))
