"""Capacity: how many background processes may run at once. Trainings come first; other jobs use the remaining cores."""

import os
import time
from contextlib import suppress
from pathlib import Path

from vae_core.errors import UserError
from vae_core.runs.database import session
from vae_core.runs.heartbeat_and_recovery import HEARTBEAT_TIMEOUT
from vae_core.runs.state_machine import ACTIVE


def training_places(cores: int | None = None) -> int:
    """How many trainings may run at once: all cores of this process (or `cores`) but one for the pages, at least one."""
    if cores is None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores - 1)


def spare_places(home: Path, cores: int | None = None) -> int:
    """How many other jobs may run at once: the training places that are free, at least one, which shares the pages' core."""
    return max(1, training_places(cores) - active_workers(home))


def active_workers(home: Path) -> int:
    """The number of workers that train on this computer now; 0 without a database, which is not created here."""
    path = home / "runs.db"
    query = f"SELECT count(*) FROM runs WHERE state IN {ACTIVE} AND token IS NOT NULL AND node = '' AND heartbeat > ?"
    if path.exists():
        with suppress(UserError), session(path) as db:
            return int(db.execute(query, (time.time() - HEARTBEAT_TIMEOUT,)).fetchone()[0])
    return 0
