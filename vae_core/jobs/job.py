"""Slow work in a process of its own, kept on the disk and known by the file it makes, whoever asks and whichever server runs."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from vae_core.errors import UserError
from vae_core.jobs.queue import BEGAN, CANCELLED, ERROR, SUFFIX, Queue, lock_of, log_of

Found = TypeVar("Found")


def tell(share: float) -> None:
    """Said by the work itself: the share done, in [0, 1]."""
    print(f"done {share:.4f}")


def told(said: str) -> float:
    """The share that was told last."""
    done = re.findall(r"^done (\d+\.\d+)$", said, re.MULTILINE)
    return min(1.0, float(done[-1])) if done else 0.0


@dataclass(frozen=True)
class Job(Generic[Found]):
    """One piece of work: `module`.main(*`arguments`) writes `result`, and `read` reads it.

    `share` finds in what the work said how much is done. Jobs whose results lie in one folder share a queue.
    """

    result: Path
    read: Callable[[Path], Found]
    module: str
    arguments: tuple[str, ...]
    share: Callable[[str], float] = told

    @property
    def log(self) -> Path:
        return log_of(self.result)

    def load(self) -> Found | None:
        """What was found, or None where it has not been worked out or the file is not whole."""
        try:
            return self.read(self.result)
        except (OSError, EOFError, ValueError, zipfile.BadZipFile):
            return None

    def start(self, person: str = "") -> None:
        """Put it into the queue for that person (their id; empty: unknown), unless it is done or in the queue already.

        Raises UserError where the folder cannot be written.
        """
        queued = self._ticket.exists()
        if self.load() is not None:
            return
        try:
            self.result.parent.mkdir(parents=True, exist_ok=True)
            if not queued:
                self.result.unlink(missing_ok=True)  # it is not whole
            self._queue.add(self._ticket, self.module, self.arguments, person)
        except OSError as error:
            raise UserError(
                f"{self.result.parent} cannot be written ({error.strerror or error}): free it or set LATENT_HOME."
            ) from None

    def progress(self) -> float | None:
        """Share done in [0, 1] while it is being worked out, 0 while it waits for its turn, else None."""
        if self._ticket.exists() and not self._running():
            self._queue.advance()
        if self._running():
            return max(0.01, self.share(self._said()))
        return 0.0 if self._ticket.exists() else None

    def place(self) -> int | None:
        """Its place in the queue, from 1, while it waits."""
        return self._queue.place(self._ticket)

    def failure(self) -> str | None:
        """Why the last attempt ended by itself without a result, in a sentence; None where it did not."""
        if self.progress() is not None or self.load() is not None:
            return None
        said = self._said()
        if BEGAN not in said or CANCELLED in said:
            return None
        reasons = re.findall(rf"^{ERROR}: (.+)$", said, re.MULTILINE)
        return reasons[-1] if reasons else f"It ended without a result: {self.log} says why."

    def failed(self) -> bool:
        """Whether the last attempt ended by itself without a result."""
        return self.failure() is not None

    def cancel(self) -> None:
        """End it, if it runs or waits."""
        if self._ticket.exists():
            self._queue.remove(self._ticket)

    @property
    def _queue(self) -> Queue:
        return Queue(self.result.parent)

    @property
    def _ticket(self) -> Path:
        return self.result.with_suffix(SUFFIX)

    def _running(self) -> bool:
        return lock_of(self._ticket).held()

    def _said(self) -> str:
        try:
            return self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
