"""Quotas: how many runs may wait or train, and how much of the disk runs and uploads take, for one person and for all together."""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from vae_core.errors import UserError
from vae_core.people.limits import MB, in_force
from vae_core.runs.state_machine import ACTIVE, DELETED
from vae_core.runs.users import User

BUSY = ("queued", *ACTIVE)
WRITTEN = (*BUSY, "lost")  # states in which a worker may still write to the run's folder


def check_run_quota(home: Path, db: sqlite3.Connection, user: User) -> None:
    """Raise UserError where one more waiting run would exceed a limit of the user or of all users; never for an administrator."""
    if user.is_admin:
        return
    if not user.id:
        raise UserError(
            "This browser keeps no cookies, so the server could not recognise a run as yours: allow cookies, then reload."
        )
    limits = in_force(home)
    owners = [row["owner"] for row in db.execute(f"SELECT owner FROM runs WHERE state IN {BUSY}")]
    if owners.count(user.id) >= limits.person.runs:
        raise UserError(
            "{runs_per_user} of your runs wait or train already: stop one, or wait for one to end.",
            runs_per_user=limits.person.runs,
        )
    if len(owners) >= limits.everyone.runs:
        raise UserError(
            "{runs_in_all} runs wait or train here already: wait for some to end.", runs_in_all=limits.everyone.runs
        )
    check_disk(home, db, user)


def check_time(home: Path, seconds: float, user: User) -> None:
    """Raise UserError where a run of this user has trained for as long as one may; never for an administrator."""
    most = in_force(home).person.seconds
    if not user.is_admin and seconds >= most:
        raise UserError("This run has trained for {most:,} seconds, the most that a run may train here.", most=most)


def check_disk(home: Path, db: sqlite3.Connection, user: User, more: int = 0) -> None:
    """Raise UserError where runs and uploads, with so many bytes `more`, would take more of the disk than they may.

    Deleted runs are counted for all together, since they take space until they are removed, and not for their owner.
    """
    if user.is_admin:
        return
    limits = in_force(home)
    measure(home, db)
    sizes = "SELECT coalesce(sum(bytes), 0) FROM runs"
    own = db.execute(f"{sizes} WHERE owner = ? AND state != ?", (user.id, DELETED)).fetchone()[0]
    own += size((home / "uploads" / user.id).glob("*")) + more
    if own > limits.person.disk_mb * MB:
        raise UserError(
            "Your runs and uploads would take {own:,.0f} MB, more than the {most:,} MB that a person may keep here: delete "
            "runs that you do not need.",
            own=own / MB,
            most=limits.person.disk_mb,
        )
    everything = db.execute(sizes).fetchone()[0] + size((home / "uploads").rglob("*")) + more
    if everything > limits.everyone.disk_mb * MB:
        raise UserError(
            "All runs and uploads together would take more than the {most:,} MB that this server keeps: ask the person who "
            "runs it to delete some.",
            most=limits.everyone.disk_mb,
        )


def size(paths: Iterable[Path]) -> int:
    """The bytes of the files among these paths; one that another process removes meanwhile has none."""
    found = 0
    for path in paths:
        with suppress(OSError):
            found += path.stat().st_size if path.is_file() else 0
    return found


def measure(home: Path, db: sqlite3.Connection) -> None:
    """Write down the size of each run whose size is not known, or may have grown since."""
    # Two queries, since SQLite would read all rows for one with OR.
    unknown = "SELECT id, state FROM runs WHERE bytes IS NULL"
    for row in db.execute(f"{unknown} UNION SELECT id, state FROM runs WHERE state IN {WRITTEN}").fetchall():
        folder = home / ("deleted" if row["state"] == DELETED else "runs") / str(row["id"])
        db.execute("UPDATE runs SET bytes = ? WHERE id = ?", (size(folder.rglob("*")), row["id"]))
