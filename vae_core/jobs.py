"""Slow work in a process of its own, kept on the disk and known by the file it makes, whoever asks and whichever server runs.

`python -m vae_core.jobs QUEUE MODULE ARGUMENT ...` calls MODULE.main(ARGUMENT, ...). Its standard output is the log file that
whoever started it has locked, so the lock is held exactly as long as it lives, even without a server.
"""

import contextlib
import fcntl
import importlib
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Generic, TypeVar

from vae_core.errors import UserError

CANCELLED = "cancelled"
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

    `share` finds in what the work said how much is done. Jobs with the same `queue`, a file, run one after the other.
    """

    result: Path
    read: Callable[[Path], Found]
    module: str
    arguments: tuple[str, ...]
    share: Callable[[str], float] = told
    queue: str = ""

    @property
    def log(self) -> Path:
        return self.result.with_suffix(".log")

    def load(self) -> Found | None:
        """What was found, or None where it has not been worked out or the file is not whole."""
        try:
            return self.read(self.result)
        except (OSError, EOFError, ValueError, zipfile.BadZipFile):
            return None

    def start(self) -> None:
        """Begin, unless it is done or being done already; raises UserError where the folder cannot be written."""
        try:
            self.result.parent.mkdir(parents=True, exist_ok=True)
            log = open(self.log, "a+b")  # noqa: SIM115  closed below; the child keeps its own copy, and with it the lock
        except OSError as error:
            raise UserError(
                f"{self.result.parent} cannot be written ({error.strerror}): free it or set LATENT_HOME."
            ) from None
        with log:
            if not _lock(log) or self.load() is not None:
                return
            self.result.unlink(missing_ok=True)  # it is not whole
            log.truncate(0)
            command = [sys.executable, "-m", "vae_core.jobs", self.queue, self.module, *self.arguments]
            path = os.pathsep.join(filter(None, (str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH"))))
            child = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": path}
            )
            log.write(f"process {child.pid}\n".encode())
        threading.Thread(target=child.wait, daemon=True).start()  # else it would stay behind as a zombie

    def progress(self) -> float | None:
        """Share done in [0, 1] while it is being worked out or waits for its turn, else None."""
        return self.share(self._said()) if self._running() else None

    def failure(self) -> str | None:
        """Why the last attempt ended by itself without a result, in a sentence; None where it did not."""
        if self._running() or self.result.exists():
            return None
        said = self._said()
        if "process " not in said or CANCELLED in said:
            return None
        reasons = re.findall(r"^Error: (.+)$", said, re.MULTILINE)
        return reasons[-1] if reasons else f"It ended without a result: {self.log} says why."

    def failed(self) -> bool:
        """Whether the last attempt ended by itself without a result."""
        return self.failure() is not None

    def cancel(self) -> None:
        """End it, if it runs or waits."""
        found = re.search(r"process (\d+)", self._said())
        if found and self._running():
            with contextlib.suppress(OSError), open(self.log, "ab") as log:
                log.write(f"{CANCELLED}\n".encode())
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(found[1]), signal.SIGTERM)

    def _said(self) -> str:
        try:
            return self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def _running(self) -> bool:
        try:
            with open(self.log, "rb") as log:
                return not _lock(log)
        except OSError:
            return False


def _lock(file: IO[bytes]) -> bool:
    """Take the lock until the file is closed by all who inherited it; False when another has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _turn(queue: str) -> Iterator[None]:
    """Wait for the jobs that came before; what the work needs is loaded only then, so waiting costs next to nothing."""
    if not queue:
        yield
        return
    with open(queue, "ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def main(queue: str, module: str, *arguments: str) -> int:
    """Do the work of `module`; a UserError becomes a line that `failure` finds."""
    os.nice(5)  # what people wait for on the pages goes first
    with _turn(queue):
        tell(0.01)  # no longer waiting
        try:
            importlib.import_module(module).main(*arguments)
        except UserError as error:
            print(f"Error: {error}")
            return 1
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.exit(main(*sys.argv[1:]))
