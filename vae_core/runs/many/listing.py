"""Lists of runs that read few rows however many there are: a page of all that a person may see, those in progress, and others.

A private run is seen by its owner and by administrators; for all others it does not exist.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vae_core.errors import UserError
from vae_core.presets.run_config import RunConfig
from vae_core.runs.database import session, transaction
from vae_core.runs.names import ids_like
from vae_core.runs.rules.permissions import visible
from vae_core.runs.rules.quotas import BUSY
from vae_core.runs.run_rows import DamagedRow, RunRow, alike
from vae_core.runs.state_machine import DELETED
from vae_core.runs.store import Store
from vae_core.runs.users import ADMIN, User

LONGEST_SEARCH = 100  # characters of a search
ENOUGH, VALUES = 5, 500  # runs of equal settings in one state that a list holds, and values in one query


@dataclass(frozen=True)
class Page:
    """Some runs of a list, newest first; the damaged ones among them; and the `total` of the whole list."""

    rows: list[RunRow]
    damaged: list[DamagedRow]
    total: int


def page(store: Store, user: User = ADMIN, search: str = "", start: int = 0, count: int = 20) -> Page:
    """The runs that this user may see and that have each word of the search in their title, data set, preset or owner's name."""
    with session(store.path) as db:
        where, wanted = _having(db, user, search)
        total = db.execute(f"SELECT count(*) FROM runs WHERE {where}", wanted).fetchone()[0]
    found = store.rows(where, wanted, count, start)
    rows = [row for row in found if isinstance(row, RunRow)]
    return Page(rows, [row for row in found if isinstance(row, DamagedRow)], total)


def with_words(store: Store, user: User, search: str, most: int) -> list[str]:
    """The ids of at most so many runs that have ended with a model, newest first, which a search finds as in `page`."""
    with session(store.path) as db:
        where, wanted = _having(db, user, search)
        rows = db.execute(
            f"SELECT id FROM runs WHERE state IN ('done', 'stopped') AND {where} ORDER BY created DESC, id DESC LIMIT ?",
            (*wanted, most),
        ).fetchall()
    return [row["id"] for row in rows]


def _having(db: sqlite3.Connection, user: User, search: str) -> tuple[str, list[str]]:
    """A condition, with its values: the runs that this user may see and that have each word of the search."""
    seen, values = visible(user)
    where, wanted = f"state != ? AND {seen}", [DELETED, *values]
    for word in search[:LONGEST_SEARCH].split():
        owners = ids_like(db, word)
        marks = ", ".join("?" * len(owners))
        where += f" AND (instr(searched, ?) OR owner IN ({marks}))"
        wanted += [word.casefold(), *owners]
    return where, wanted


def in_progress(store: Store, user: User = ADMIN) -> list[RunRow]:
    """The runs that wait or train and that this user may see, newest first."""
    seen, values = visible(user)
    states = ", ".join("?" * len(BUSY))
    return _whole(store.rows(f"state IN ({states}) AND {seen}", [*BUSY, *values]))


def like(store: Store, run: RunConfig, user: User = ADMIN) -> list[RunRow]:
    """Runs that may have these settings, newest first, that this user may see; not those that went on from another."""
    return like_any(store, [run], user)


def like_any(store: Store, runs: Iterable[RunConfig], user: User = ADMIN) -> list[RunRow]:
    """As `like`, for the settings of any of these. Of equal runs in one state only the newest ones, as many as ENOUGH."""
    seen, values = visible(user)
    wanted = list(dict.fromkeys(alike(run) for run in runs))
    with session(store.path) as db:
        _note_alike(db)
    found: list[RunRow] = []
    for start in range(0, len(wanted), VALUES):
        some = wanted[start : start + VALUES]
        ranked = (
            "SELECT id, row_number() OVER (PARTITION BY alike, state, knobs = '{}' ORDER BY created DESC, id DESC) AS n "
            f"FROM runs WHERE alike IN ({', '.join('?' * len(some))}) AND state != ? AND origin = '' AND {seen}"
        )
        found += _whole(store.rows(f"id IN (SELECT id FROM ({ranked}) WHERE n <= {ENOUGH})", [*some, DELETED, *values]))
    return sorted(found, key=lambda row: (row.created, row.id), reverse=True)


def _note_alike(db: sqlite3.Connection) -> None:
    """Write down what runs are found by that have the same settings, for runs that an older version made."""
    rows = db.execute("SELECT id, config FROM runs WHERE alike IS NULL").fetchall()
    if rows:
        with transaction(db):
            db.executemany(
                "UPDATE runs SET alike = ? WHERE id = ?", [(_alike_of(row["config"]), row["id"]) for row in rows]
            )


def _alike_of(config: object) -> str:
    try:
        return alike(RunConfig.parse(str(config)))
    except UserError:
        return ""  # a damaged run is like no other


def hidden(store: Store, user: User, ids: Sequence[str]) -> frozenset[str]:
    """Which of these are the ids of private runs that this user may not see."""
    if user.is_admin:
        return frozenset()
    with session(store.path) as db:
        marks = ", ".join("?" * len(ids))
        # The plus sign lets SQLite look up the ids, and not read the index of all private runs.
        rows = db.execute(
            f"SELECT id FROM runs WHERE +private = 1 AND (owner = '' OR owner != ?) AND id IN ({marks})",
            (user.id, *ids),
        ).fetchall()
    return frozenset(row["id"] for row in rows)


def _whole(rows: list[RunRow | DamagedRow]) -> list[RunRow]:
    return [row for row in rows if isinstance(row, RunRow)]
