"""How much may be done at once in the background: trainings first, other work on what they leave."""

import os
import time
from contextlib import suppress
from pathlib import Path

from vae_core.errors import UserError
from vae_core.runs.database import session
from vae_core.runs.recovery import SILENCE
from vae_core.runs.states import ACTIVE


def training_places(cores: int | None = None) -> int:
    """Trainings at once: the cores this process may use (or `cores`), one left for the pages, at least one."""
    if cores is None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores - 1)


def spare_places(home: Path, cores: int | None = None) -> int:
    """Other work at once: the trainings' places that none has taken, and always one, on the pages' core and behind them."""
    return max(1, training_places(cores) - trainings(home))


def trainings(home: Path) -> int:
    """Workers that train now; a look creates nothing, and without a list of runs there are none."""
    path = home / "runs.db"
    living = f"SELECT count(*) FROM runs WHERE state IN {ACTIVE} AND token IS NOT NULL AND heartbeat > ?"
    if path.exists():
        with suppress(UserError), session(path) as db:
            return int(db.execute(living, (time.time() - SILENCE,)).fetchone()[0])
    return 0
