"""Deletion of runs, which can be undone for one day: the row is hidden, the folder moved aside, and both removed later."""

import os
import shutil
import sqlite3
import time
from pathlib import Path

from vae_core.errors import UserError, reason
from vae_core.runs.rules.permissions import owner_message
from vae_core.runs.rules.quotas import BUSY, check_run_quota
from vae_core.runs.state_machine import DELETED
from vae_core.runs.uploaded_archives import remove_unused
from vae_core.runs.users import User

UNDO_SECONDS = 24 * 3600.0  # after a deletion, in which it can be undone
EXPIRED = f"state = '{DELETED}' AND deleted < ?"


def mark_deleted(db: sqlite3.Connection, id: str, when: float) -> None:
    """Hide the run from every list, and revoke the lease of a worker that may still exist; `when` in seconds since 1970."""
    db.execute(
        "UPDATE runs SET was = state, state = ?, deleted = ?, token = NULL, pid = NULL WHERE id = ?",
        (DELETED, when, id),
    )


def unmark_deleted(home: Path, db: sqlite3.Connection, id: str, user: User) -> None:
    """Give the run the state it had; UserError where it would exceed a quota or is removed for good."""
    row = db.execute("SELECT was, owner, private FROM runs WHERE id = ? AND state = ?", (id, DELETED)).fetchone()
    if row is None or (row["private"] and not user.may_change(row["owner"])):
        raise UserError("Run {id} is not deleted, or it is gone for good: look in the list of runs.", id=id)
    if not user.may_change(row["owner"]):
        raise UserError(owner_message(row["owner"]))
    if row["was"] in BUSY:
        check_run_quota(home, db, user)
    db.execute("UPDATE runs SET state = was, deleted = NULL WHERE id = ?", (id,))


def move_to_deleted(home: Path, id: str) -> None:
    """Move the run's folder out of <home>/runs, so that its model disappears from the list of models."""
    _move(home / "runs" / id, home / "deleted" / id)


def move_back(home: Path, id: str) -> None:
    """Undo `move_to_deleted`."""
    _move(home / "deleted" / id, home / "runs" / id)


def _move(source: Path, target: Path) -> None:
    if not source.exists():
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        os.replace(source, target)
    except OSError as error:
        raise UserError(
            "The folder {source} cannot be moved ({strerror}): put that right, then try again.",
            source=source,
            strerror=reason(error),
        ) from None


def remove_expired(home: Path, db: sqlite3.Connection) -> None:
    """Remove for good the runs that were deleted more than a day ago, and the uploaded archives that no other run uses."""
    limit = time.time() - UNDO_SECONDS
    for row in db.execute(f"SELECT id, config FROM runs WHERE {EXPIRED}", (limit,)).fetchall():
        for folder in ("deleted", "runs"):
            shutil.rmtree(home / folder / row["id"], ignore_errors=True)
        db.execute(f"DELETE FROM runs WHERE id = ? AND {EXPIRED}", (row["id"], limit))
        remove_unused(home, db, time.time(), within=row["config"])
