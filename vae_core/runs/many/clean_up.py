"""Clean-up after a lesson: the runs of a person, or those that are old, deleted at once, which can be undone for a day as one."""

import sqlite3
import time
from dataclasses import dataclass

from vae_core.errors import UserError
from vae_core.people.given_names import key
from vae_core.runs import deletion
from vae_core.runs.database import session, transaction
from vae_core.runs.names import MACHINE, Names
from vae_core.runs.rules.quotas import BUSY, measure
from vae_core.runs.run_rows import RUN_ID
from vae_core.runs.state_machine import DELETED
from vae_core.runs.store import Store
from vae_core.runs.users import ADMIN, User


@dataclass(frozen=True)
class Plan:
    """What would go: the ids of the runs, oldest first, their titles, owners' ids and megabytes."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    owners: tuple[str, ...]
    megabytes: float


@dataclass(frozen=True)
class Batch:
    """Runs that were deleted together, `when` in seconds since 1970, and how many of them can be restored."""

    when: float
    count: int


def plan(store: Store, older: float = 0.0, owner: str | None = None) -> Plan:
    """The runs that neither wait nor train, that ended (or, if they never began, were made) `older` seconds ago or earlier.

    With `owner`, an id of a person or "", only that person's.
    """
    with session(store.path) as db:
        measure(store.home, db)
        rows = db.execute(
            "SELECT id, title, owner, bytes FROM runs WHERE state NOT IN "
            f"{(*BUSY, DELETED)} AND coalesce(ended, started, created) <= ? AND (? IS NULL OR owner = ?) "
            "ORDER BY created, id",
            (time.time() - older, owner, owner),
        ).fetchall()
    rows = [row for row in rows if RUN_ID.fullmatch(str(row["id"]))]
    ids, titles, owners = (tuple(str(row[name]) for row in rows) for name in ("id", "title", "owner"))
    return Plan(ids, titles, owners, sum(row["bytes"] or 0 for row in rows) / 2**20)


def owner_of(store: Store, name: str) -> str:
    """The id of the person of that name, in any case and language; raises UserError where nobody who has runs is called so."""
    people = owners(store)
    found = [id for id, known in people.items() if key(known) == key(name)]
    if not found:
        raise UserError(
            "Nobody with runs is called “{name}”; there are {known}.", name=name[:40], known=", ".join(people.values())
        )
    return found[0]


def owners(store: Store) -> dict[str, str]:
    """The names of all who have runs, by id."""
    with session(store.path) as db:
        rows = db.execute("SELECT DISTINCT owner FROM runs WHERE state != ?", (DELETED,)).fetchall()
    found = Names(store.home).of(str(row["owner"]) for row in rows)
    return dict(sorted(found.items(), key=lambda item: (item[1] is MACHINE, item[1])))


def clean_up(store: Store, what: Plan, user: User = ADMIN) -> int:
    """Delete the runs of a plan, except those that wait or train meanwhile, and return how many; UserError for no administrator."""
    _check(user)
    now, count = time.time(), 0
    for id in what.ids:
        with session(store.path) as db, transaction(db):
            row = db.execute("SELECT state FROM runs WHERE id = ?", (id,)).fetchone()
            if row is not None and row["state"] not in (*BUSY, DELETED):
                deletion.mark_deleted(db, id, now)
                deletion.move_to_deleted(store.home, id)
                count += 1
    return count


def batches(store: Store, most: int = 3, fewest: int = 2) -> list[Batch]:
    """What was deleted together, at least so many runs, and can be restored, newest first."""
    with session(store.path) as db:
        rows = db.execute(
            "SELECT deleted, count(*) AS count FROM runs WHERE state = ? GROUP BY deleted HAVING count >= ? "
            "ORDER BY deleted DESC LIMIT ?",
            (DELETED, fewest, most),
        ).fetchall()
    return [Batch(row["deleted"], row["count"]) for row in rows]


def undo(store: Store, when: float, user: User = ADMIN) -> int:
    """Restore the runs that were deleted together at that time, and return how many; UserError for no administrator."""
    _check(user)
    with session(store.path) as db:
        rows: list[sqlite3.Row] = db.execute(
            "SELECT id FROM runs WHERE state = ? AND deleted = ?", (DELETED, when)
        ).fetchall()
    for row in rows:
        store.undelete(row["id"], user)
    return len(rows)


def _check(user: User) -> None:
    if not user.is_admin:
        raise UserError("Only an administrator can delete the runs of others.")
