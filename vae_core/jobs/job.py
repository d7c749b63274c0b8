"""A background job: a process of its own whose result is a file. The file identifies the job, for all users and servers."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from vae_core.errors import UserError, reason
from vae_core.jobs.queue import BEGAN, CANCELLED, ERROR, SUFFIX, Queue, lock_file, log_file
from vae_core.messages import Message, recorded
from vae_core.runs.users import ADMIN, User

Result = TypeVar("Result")


def report_progress(share: float) -> None:
    """Called by the job itself: write the share done, in [0, 1], to its log."""
    print(f"done {share:.4f}")


def reported_share(log: str) -> float:
    """The last share that `report_progress` wrote to this log."""
    done = re.findall(r"^done (\d+\.\d+)$", log, re.MULTILINE)
    return min(1.0, float(done[-1])) if done else 0.0


@dataclass(frozen=True)
class Job(Generic[Result]):
    """A job that runs `module`.main(*`arguments`), which writes the file `result`; `read` reads that file.

    `share` takes the share done, in [0, 1], from the job's log. Jobs with results in the same folder share a queue.
    """

    result: Path
    read: Callable[[Path], Result]
    module: str
    arguments: tuple[str, ...]
    share: Callable[[str], float] = reported_share

    @property
    def log(self) -> Path:
        return log_file(self.result)

    def load(self) -> Result | None:
        """The result, or None where it does not exist or the file is damaged."""
        try:
            return self.read(self.result)
        except (OSError, EOFError, ValueError, zipfile.BadZipFile):
            return None

    def start(self, user: User = ADMIN) -> None:
        """Queue the job for that user, unless it is done or queued already.

        Raises UserError where the folder cannot be written, or a limit of the user or of all users is reached.
        """
        queued = self._ticket.exists()
        if self.load() is not None:
            return
        try:
            self.result.parent.mkdir(parents=True, exist_ok=True)
            if not queued:
                self.result.unlink(missing_ok=True)  # it is damaged
            self._queue.add(self._ticket, self.module, self.arguments, user.id, limited=not user.is_admin)
        except OSError as error:
            raise UserError(
                "{parent} cannot be written ({strerror}). Free disk space there, or set LATENT_HOME to another folder.",
                parent=self.result.parent,
                strerror=reason(error),
            ) from None

    def progress(self) -> float | None:
        """The share done in [0, 1] while the job runs, 0 while it waits, else None."""
        if self._ticket.exists() and not self._running():
            self._queue.start_next()
        if self._running():
            return max(0.01, self.share(self._log_text()))
        return 0.0 if self._ticket.exists() else None

    def position(self) -> int | None:
        """Its position in the queue, from 1, while it waits, else None."""
        return self._queue.position(self._ticket)

    def failure(self) -> Message | None:
        """Why the last attempt failed, in a sentence; None where it did not fail, or was cancelled."""
        if self.progress() is not None or self.load() is not None:
            return None
        log = self._log_text()
        if BEGAN not in log or CANCELLED in log:
            return None
        reasons = re.findall(rf"^{ERROR}: (.+)$", log, re.MULTILINE)
        return (
            recorded(reasons[-1])
            if reasons
            else Message("It ended without a result. The reason is in {log}.", log=self.log)
        )

    def cancel(self) -> None:
        """Cancel the job, if it runs or waits."""
        if self._ticket.exists():
            self._queue.remove(self._ticket)

    @property
    def _queue(self) -> Queue:
        return Queue(self.result.parent)

    @property
    def _ticket(self) -> Path:
        return self.result.with_suffix(SUFFIX)

    def _running(self) -> bool:
        return lock_file(self._ticket).held()

    def _log_text(self) -> str:
        try:
            return self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
