"""Starting the background processes so that they outlive whoever asked for them."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from vae_core.errors import UserError
from vae_core.files import write_whole
from vae_core.locks import FileLock
from vae_core.processes import detached
from vae_core.runs.store import Store

RESERVE = "reserve"

_started: dict[Path, subprocess.Popen[bytes]] = {}


def ensure_scheduler(home: str | Path | None = None) -> None:
    """Start the scheduler of this home unless one runs (0.1 ms if so), and tell it that somebody is there."""
    store = Store(home)
    try:
        (store.home / "alive").touch()
        if FileLock(store.home / "scheduler.lock").held():
            return
        child = _started.get(store.home)
        if child is not None and child.poll() is None:
            return  # on its way to the lock
        _started[store.home] = detached(
            [sys.executable, "-m", "vae_core.runs.scheduler", "--home", str(store.home)], store.home / "scheduler.log"
        )
    except OSError as error:
        raise UserError(
            f"Training in the background cannot start ({error}): make sure that {store.home} is writable."
        ) from error


def keep_reserve(home: Path) -> None:
    """Half a megabyte that a worker gives up on a full disk, so that its last words can be written."""
    with suppress(OSError):
        if not (home / RESERVE).exists():
            write_whole(
                {home / RESERVE: os.urandom(1 << 19)}
            )  # a file system that compresses would keep zeros in no room


def note(text: object) -> None:
    """A line for the process's log, as far as the disk has room for it."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)
