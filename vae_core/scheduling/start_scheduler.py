"""Starts the scheduler process, which continues after the process that started it has ended."""

import subprocess
import sys
from pathlib import Path

from vae_core.errors import UserError
from vae_core.runs.store import Store
from vae_core.scheduling.store_changes import ALIVE
from vae_core.utils.locks import FileLock
from vae_core.utils.processes import start_detached

_started: dict[Path, subprocess.Popen[bytes]] = {}


def ensure_scheduler(home: str | Path | None = None) -> None:
    """Start the scheduler of this home unless one runs (which takes 0.1 ms to find out), and keep it from ending when idle."""
    store = Store(home)
    try:
        (store.home / ALIVE).touch()
        if FileLock(store.home / "scheduler.lock").held():
            return
        child = _started.get(store.home)
        if child is not None and child.poll() is None:
            return  # it has started and will take the lock soon
        _started[store.home] = start_detached(
            [sys.executable, "-m", "vae_core.scheduling.scheduler", "--home", str(store.home)],
            store.home / "scheduler.log",
        )
    except OSError as error:
        raise UserError(
            "Training in the background cannot start ({error}): make sure that {home} is writable.",
            error=error,
            home=store.home,
        ) from error
