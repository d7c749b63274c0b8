"""Lists of runs that read few rows however many there are: a page of all that a person may see, those in progress, and others.

A private run is seen by its owner and by administrators; for all others it does not exist.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from vae_core.presets.run_config import RunConfig
from vae_core.runs.database import session
from vae_core.runs.names import ids_like
from vae_core.runs.rules.permissions import visible
from vae_core.runs.rules.quotas import BUSY
from vae_core.runs.run_rows import DamagedRow, RunRow
from vae_core.runs.state_machine import DELETED
from vae_core.runs.store import Store
from vae_core.runs.users import ADMIN, User

LONGEST_SEARCH = 100  # characters of a search
# What runs of equal settings have in common; all settings are compared with these few rows.
COMMON = ("$.data.dataset", "$.data.target", "$.model.latent_dim", "$.objective.name", "$.train.seed")


@dataclass(frozen=True)
class Page:
    """Some runs of a list, newest first; the damaged ones among them; and the `total` of the whole list."""

    rows: list[RunRow]
    damaged: list[DamagedRow]
    total: int


def page(store: Store, user: User = ADMIN, search: str = "", start: int = 0, count: int = 20) -> Page:
    """The runs that this user may see and that have each word of the search in their title, data set, preset or owner's name."""
    seen, values = visible(user)
    where, wanted = f"state != ? AND {seen}", [DELETED, *values]
    with session(store.path) as db:
        for word in search[:LONGEST_SEARCH].split():
            owners = ids_like(db, word)
            marks = ", ".join("?" * len(owners))
            where += f" AND (instr(searched, ?) OR owner IN ({marks}))"
            wanted += [word.casefold(), *owners]
        total = db.execute(f"SELECT count(*) FROM runs WHERE {where}", wanted).fetchone()[0]
    found = store.rows(where, wanted, count, start)
    rows = [row for row in found if isinstance(row, RunRow)]
    return Page(rows, [row for row in found if isinstance(row, DamagedRow)], total)


def in_progress(store: Store, user: User = ADMIN) -> list[RunRow]:
    """The runs that wait or train and that this user may see, newest first."""
    seen, values = visible(user)
    states = ", ".join("?" * len(BUSY))
    return _whole(store.rows(f"state IN ({states}) AND {seen}", [*BUSY, *values]))


def like(store: Store, run: RunConfig, user: User = ADMIN) -> list[RunRow]:
    """Runs that may have these settings, newest first, that this user may see; not those that went on from another."""
    seen, values = visible(user)
    same = " AND ".join(f"json_extract(config, '{path}') IS ?" for path in COMMON)
    data, model, objective, train = run.data, run.model, run.objective, run.train
    common = (data.dataset, data.target, model.latent_dim, objective.name, train.seed)
    where = f"state != ? AND origin = '' AND json_valid(config) AND {seen}"
    return _whole(store.rows(f"{where} AND CASE WHEN json_valid(config) THEN {same} END", [DELETED, *values, *common]))


def hidden(store: Store, user: User) -> frozenset[str]:
    """The ids of the private runs that this user may not see."""
    if user.is_admin:
        return frozenset()
    with session(store.path) as db:
        rows: Sequence[sqlite3.Row] = db.execute(
            "SELECT id FROM runs WHERE private = 1 AND (owner = '' OR owner != ?)", (user.id,)
        ).fetchall()
    return frozenset(row["id"] for row in rows)


def _whole(rows: list[RunRow | DamagedRow]) -> list[RunRow]:
    return [row for row in rows if isinstance(row, RunRow)]
