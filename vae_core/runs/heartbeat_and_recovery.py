"""Recovery of runs whose worker process has ended: they resume from their last save, at most 3 times; then they are lost."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from vae_core.messages import Message
from vae_core.runs.database import session
from vae_core.runs.run_rows import valid_pid
from vae_core.runs.state_machine import ACTIVE, TRANSITIONS
from vae_core.utils.locks import FileLock

HEARTBEAT_TIMEOUT = 8.0  # seconds without a heartbeat after which a worker counts as gone; it sends one every second
START_TIMEOUT = 60.0  # seconds until the first heartbeat: a slow computer needs time to import the libraries
RESTARTS = 3  # automatic ones, until a user resumes: the usual reason is full memory, and it would end the worker again
SILENT = Message(
    "The worker process does not respond. It may recover by itself, or you can resume the run from its last save."
)
KILLED = Message(
    "The system ended the run's worker process four times, probably because memory ran out. Choose smaller layers or a smaller "
    "batch, or let fewer runs train at once, then resume the run from its last save."
)
LOCK = "lock"  # in the run's folder, held by its worker
CHECKED = (
    0.2  # seconds after which the lock counts as held: another process that recovers the run holds it for a moment too
)


def recover_runs(database: Path, runs: Path) -> None:
    """Update the rows of all runs whose worker is gone; `runs` is the folder that holds a folder for each run."""
    with session(database) as db:
        for row in db.execute(
            f"SELECT * FROM runs WHERE token IS NOT NULL AND state IN {(*ACTIVE, 'lost')}"
        ).fetchall():
            if changes := recovery_changes(row, runs / str(row["id"])):
                write_changes(db, row, changes)


def write_changes(db: sqlite3.Connection, row: sqlite3.Row, changes: dict[str, Any]) -> None:
    """Write them, unless the row has changed since it was read; a run that waits again goes before all others."""
    db.execute(
        f"UPDATE runs SET {', '.join(f'{name} = ?' for name in changes)}, position = CASE WHEN ? = 'queued' "
        "THEN (SELECT min(position) FROM runs) - 1 ELSE position END "
        "WHERE id = ? AND token = ? AND heartbeat IS ? AND state = ?",
        (*changes.values(), changes["state"], *(row[name] for name in ("id", "token", "heartbeat", "state"))),
    )


def recovery_changes(row: sqlite3.Row, folder: Path) -> dict[str, Any]:
    """New values for the columns of a run whose worker is gone; empty while its worker lives or none was started."""
    if not isinstance(row["restarts"], int):
        return {}  # a damaged row is not restarted automatically
    if row["token"] is None or row["state"] not in (*ACTIVE, "lost") or not _worker_is_gone(row):
        return {}
    if FileLock(folder / LOCK).held(CHECKED):  # suspended or hanging, as on a closed laptop: it may continue
        return {} if row["state"] == "lost" else _changes("lost", SILENT)
    return restarted(row["state"], row["restarts"], KILLED)


def restarted(state: str, restarts: int, too_often: Message) -> dict[str, Any]:
    """New values for a run that waits again, after so many restarts; it is lost where those were too many."""
    if restarts >= RESTARTS:
        return _changes("lost", too_often) | {"token": None}
    return _changes(TRANSITIONS[state]["restart"], "") | {"token": None, "pid": None, "restarts": restarts + 1}


def _changes(state: str, message: str) -> dict[str, Any]:
    return {"state": state, "message": message, "ended": time.time() if state in ("lost", "paused") else None}


def _worker_is_gone(row: sqlite3.Row) -> bool:
    heartbeat, pid = row["heartbeat"], valid_pid(row["pid"])
    timeout = START_TIMEOUT if pid is None else HEARTBEAT_TIMEOUT
    if not isinstance(heartbeat, int | float) or time.time() - heartbeat > timeout:
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
