"""Runs whose worker is gone: they go on by themselves from their last save, three times at most; then they are lost."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from vae_core.runs.database import session
from vae_core.runs.rows import process
from vae_core.runs.states import ACTIVE, TRANSITIONS
from vae_core.utils.locks import FileLock

SILENCE = 8.0  # seconds without a heartbeat after which a worker counts as gone; it beats every second
START = 60.0  # seconds until its first one: a slow computer reads the libraries anew for every worker
RESTARTS = 3  # by itself, until a person says resume: what ends a worker so often (full memory) would do so again
SILENT = "The worker process fell silent; it may come back by itself, or resume the run from its last save."
KILLED = (
    "The system ended its worker process four times, probably because memory ran out: choose smaller layers or a smaller "
    "batch, or let fewer runs go at once, then resume it from its last save."
)
LOCK = "lock"  # in the run's folder, held by its worker


def reap(database: Path, runs: Path) -> None:
    """Write down what becomes of the runs whose worker is gone; `runs` is the folder of their folders."""
    with session(database) as db:
        for row in db.execute(
            f"SELECT * FROM runs WHERE token IS NOT NULL AND state IN {(*ACTIVE, 'lost')}"
        ).fetchall():
            if change := fate(row, runs / str(row["id"])):
                db.execute(
                    f"UPDATE runs SET {', '.join(f'{name} = ?' for name in change)}, position = CASE WHEN ? = 'queued' "
                    "THEN (SELECT min(position) FROM runs) - 1 ELSE position END "
                    "WHERE id = ? AND token = ? AND heartbeat IS ? AND state = ?",
                    (*change.values(), change["state"], *(row[name] for name in ("id", "token", "heartbeat", "state"))),
                )


def fate(row: sqlite3.Row, folder: Path) -> dict[str, Any]:
    """The columns of a run that change because its worker is gone; none while it is well or was never begun."""
    if not isinstance(row["restarts"], int):
        return {}  # a damaged row goes nowhere by itself
    if row["token"] is None or row["state"] not in (*ACTIVE, "lost") or not _gone(row):
        return {}
    if FileLock(folder / LOCK).held():  # suspended or hanging: a closed laptop is opened again
        return {} if row["state"] == "lost" else _change("lost", SILENT)
    if row["restarts"] >= RESTARTS:
        return _change("lost", KILLED) | {"token": None}
    return _change(TRANSITIONS[row["state"]]["restart"], "") | {
        "token": None,
        "pid": None,
        "restarts": row["restarts"] + 1,
    }


def _change(state: str, message: str) -> dict[str, Any]:
    return {"state": state, "message": message, "ended": time.time() if state in ("lost", "paused") else None}


def _gone(row: sqlite3.Row) -> bool:
    beaten, pid = row["heartbeat"], process(row["pid"])
    if not isinstance(beaten, int | float) or time.time() - beaten > (START if pid is None else SILENCE):
        return True
    if pid is None or os.name == "nt":  # Windows: os.kill(pid, 0) would end it
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
