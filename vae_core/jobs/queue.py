"""The queue of a folder's background jobs: users take turns (round robin), and no more jobs run at once than cores are free.

Each queued job is a small file, its ticket. A running job holds the lock beside its ticket, so the place of a killed job is free
at once. There is no queue process: every process that adds, ends or looks at a job starts the next ones.

`python -m vae_core.jobs.queue TICKET` runs one job.
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
from vae_core.messages import Message, record
from vae_core.people.limits import in_force
from vae_core.utils.files import write_atomically
from vae_core.utils.locks import FileLock
from vae_core.utils.paths import home
from vae_core.utils.processes import start_detached

SUFFIX = ".job"
BEGAN, CANCELLED, ERROR = "process", "cancelled", "Error"  # how lines of a job's log begin
KILLED = Message(
    "The system ended it, probably because memory ran out. Close other programs or wait for trainings to end, then start it again."
)
FULL = Message("The computer's memory is full. Close other programs or wait for trainings to end, then start it again.")
TIMEOUT = 60.0  # seconds for a process to start or to end


@dataclass(frozen=True)
class Ticket:
    """One queued job: `module`.main(*`arguments`), requested by `person` at the time `asked`; the lowest `turn` runs first."""

    module: str
    arguments: tuple[str, ...]
    person: str
    turn: int
    asked: float
    began: bool = False

    @classmethod
    def read(cls, path: Path) -> "Ticket | None":
        """The ticket in that file, or None where there is none or it is damaged."""
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return cls(**values | {"arguments": tuple(values["arguments"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, path: Path) -> None:
        write_atomically({path: json.dumps(asdict(self)).encode()})


def lock_file(path: Path) -> FileLock:
    """The lock that a ticket's process holds while it runs."""
    return FileLock(path.with_suffix(".lock"))


def log_file(path: Path) -> Path:
    return path.with_suffix(".log")


class Queue:
    """The tickets in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tickets(self) -> dict[Path, Ticket]:
        """All tickets by their files, in the order in which they run."""
        found = {path: Ticket.read(path) for path in self.folder.glob(f"*{SUFFIX}")}
        valid = [(path, ticket) for path, ticket in found.items() if ticket]
        return dict(sorted(valid, key=lambda item: (item[1].turn, item[1].asked)))

    def position(self, path: Path) -> int | None:
        """The position of a waiting ticket, from 1; None where it does not wait."""
        waiting = [each for each, ticket in self.tickets().items() if not ticket.began]
        return waiting.index(path) + 1 if path in waiting else None

    def add(self, path: Path, module: str, arguments: tuple[str, ...], person: str, limited: bool = False) -> None:
        """Queue a job, unless it is in the queue already; raises OSError where the folder cannot be written.

        With `limited`, UserError where that would exceed a limit of the person or of all people.

        A person's jobs get successive turns, starting from the turn that runs now, so that people are served round robin.
        """
        with self._locked(TIMEOUT):
            if not path.exists():
                tickets = self.tickets().values()
                if limited:
                    _check_limits([ticket.person for ticket in tickets], person)
                served = max((ticket.turn for ticket in tickets if ticket.began), default=0)
                last = max((ticket.turn for ticket in tickets if ticket.person == person), default=-1)
                Ticket(module, arguments, person, max(served, last + 1), time.time()).write(path)
            self._start()

    def remove(self, path: Path) -> None:
        """Remove a job from the queue, and end its process if it runs."""
        with self._locked(TIMEOUT):
            if not path.exists():
                return
            with open(log_file(path), "ab") as log:
                log.write(f"{CANCELLED}\n".encode())
            lock = lock_file(path)
            if (owner := lock.holder()) is not None:
                with suppress(OSError):
                    os.kill(owner, signal.SIGTERM)
                _wait(lambda: not lock.held())
            path.unlink(missing_ok=True)
            self._start()

    def start_next(self, wait: float = 0.0) -> None:
        """Start waiting jobs while places are free; do nothing where another process holds the queue's lock after `wait` s."""
        with suppress(OSError), self._locked(wait):
            self._start()

    @contextmanager
    def _locked(self, wait: float) -> Iterator[None]:
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
            if lock_file(path).held():
                running += 1
            elif ticket.began and path.exists():  # killed: a job that ends normally removes its ticket before its lock
                with open(log_file(path), "ab") as log:
                    log.write(f"{ERROR}: {KILLED}\n".encode())
                path.unlink(missing_ok=True)
            else:
                waiting.append(path)
        if waiting:
            from vae_core.scheduling.capacity import spare_places  # here, so that a job's own process starts faster

            for path in waiting[: max(0, spare_places(home()) - running)]:
                _start_process(path)


def _check_limits(people: list[str], person: str) -> None:
    """Raise UserError where this person, or all `people` of the queued jobs together, may not add one more."""
    limits = in_force(home())
    if people.count(person) >= limits.person.jobs:
        raise UserError(
            "{most} of your background jobs wait or run already: wait for one to end, or stop one.",
            most=limits.person.jobs,
        )
    if len(people) >= limits.everyone.jobs:
        raise UserError(
            "{most} background jobs wait or run here already: wait for some to end.", most=limits.everyone.jobs
        )


def _start_process(path: Path) -> None:
    """Start a ticket's process and wait until it holds the ticket's lock, so that no other process starts it again."""
    log_file(path).write_bytes(b"")
    child = start_detached([sys.executable, "-m", "vae_core.jobs.queue", str(path)], log_file(path))
    threading.Thread(target=child.wait, daemon=True).start()  # otherwise it would remain as a zombie process
    _wait(lambda: _has_begun(path) or child.poll() is not None)
    if not _has_begun(path):
        with suppress(OSError):
            child.kill()
        path.unlink(missing_ok=True)  # its log holds the reason


def _has_begun(path: Path) -> bool:
    ticket = Ticket.read(path)
    return ticket is None or ticket.began


def _wait(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not done() and time.monotonic() < deadline:
        time.sleep(0.01)


def main(ticket: str) -> int:
    """Run one job; a UserError becomes the line of its log that says why it failed."""
    path = Path(ticket)
    found, lock = Ticket.read(path), lock_file(path)
    if found is None or not lock.acquire(wait=1.0):
        return 1
    try:
        print(BEGAN, os.getpid())
        replace(found, began=True).write(path)
        _lower_priority()
        importlib.import_module(found.module).main(*found.arguments)
    except UserError as error:
        print(f"{ERROR}: {record(error.message)}")
        return 1
    except MemoryError:
        print(f"{ERROR}: {FULL}")
        return 1
    finally:
        path.unlink(missing_ok=True)
        lock.release()
        Queue(path.parent).start_next(TIMEOUT)
    return 0


def _lower_priority() -> None:
    """Let the pages and trainings run first."""
    if hasattr(os, "nice"):
        os.nice(max(0, 5 - os.nice(0)))  # a job that was started by another job has this priority already


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.exit(main(*sys.argv[1:]))
