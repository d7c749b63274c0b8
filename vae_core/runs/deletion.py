"""Deleting that can be undone for a day: the run is hidden, its folder set aside, and both go for good by whoever comes later."""

import os
import shutil
import sqlite3
import time
from pathlib import Path

from vae_core.errors import UserError
from vae_core.runs.permissions import BUSY, check_room, whose
from vae_core.runs.persons import Person
from vae_core.runs.states import DELETED
from vae_core.runs.uploads import drop_unused

DAY = 24 * 3600.0  # seconds in which a deletion can be undone
OLD = f"state = '{DELETED}' AND deleted < ?"


def hide(db: sqlite3.Connection, id: str) -> None:
    """Out of every list; a worker that fell silent and comes back has lost its lease."""
    db.execute(
        "UPDATE runs SET was = state, state = ?, deleted = ?, token = NULL, pid = NULL WHERE id = ?",
        (DELETED, time.time(), id),
    )


def show(db: sqlite3.Connection, id: str, person: Person) -> None:
    """As it was before; UserError where it cannot wait again, or is gone for good."""
    row = db.execute("SELECT was, owner FROM runs WHERE id = ? AND state = ?", (id, DELETED)).fetchone()
    if row is None:
        raise UserError(f"Run {id} is not deleted, or it is gone for good: look in the list of runs.")
    if not person.may_change(row["owner"]):
        raise UserError(whose(row["owner"]))
    if row["was"] in BUSY:
        check_room(db, person)
    db.execute("UPDATE runs SET state = was, deleted = NULL WHERE id = ?", (id,))


def set_aside(home: Path, id: str) -> None:
    """A model in no folder of runs is in no list of models either."""
    _move(home / "runs" / id, home / "deleted" / id)


def bring_back(home: Path, id: str) -> None:
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
            f"The folder {source} cannot be moved ({error.strerror}): put that right, then try again."
        ) from None


def purge(home: Path, db: sqlite3.Connection) -> None:
    """Remove for good what was deleted more than a day ago, and the uploads that no other run was given."""
    limit = time.time() - DAY
    for row in db.execute(f"SELECT id, config FROM runs WHERE {OLD}", (limit,)).fetchall():
        for folder in ("deleted", "runs"):
            shutil.rmtree(home / folder / row["id"], ignore_errors=True)
        db.execute(f"DELETE FROM runs WHERE id = ? AND {OLD}", (row["id"], limit))
        drop_unused(home, db, time.time(), within=row["config"])
