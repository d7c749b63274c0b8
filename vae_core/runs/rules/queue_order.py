"""The order in which waiting runs begin: administrators' first, then people take turns (round robin).

A person's turn comes the sooner the longer ago a run of theirs began, so that many runs of one person do not hold back the first
of another. Before all others go runs whose worker was killed, since they had their turn, and those that take one step only.
"""

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from itertools import zip_longest

from vae_core.people.limits import Limits
from vae_core.runs.state_machine import ACTIVE


@dataclass(frozen=True)
class Waiting:
    """One waiting run: its `id`, its `place` from 1, the run `after` which it stands ("" for the first), and whether it is `held`.

    A held run does not begin before another one ends, even where a processor core is free, because of a limit on how many train.
    """

    id: str
    place: int
    after: str
    held: bool


def queue(db: sqlite3.Connection, limits: Limits) -> list[Waiting]:
    """All waiting runs in the order in which they begin; held ones are at the end."""
    rows = db.execute(
        "SELECT id, owner, by_admin, restarts, knobs FROM runs WHERE state = 'queued' ORDER BY position, id"
    ).fetchall()
    first = [row for row in rows if _is_urgent(row)]
    admins = [row for row in rows if row["by_admin"] and not _is_urgent(row)]
    people: dict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        if not row["by_admin"] and not _is_urgent(row):
            people[row["owner"]].append(row)
    free, held = _turns(db, people, limits)
    order = [(row["id"], False) for row in (*first, *admins, *free)] + [(row["id"], True) for row in held]
    before = ["", *(id for id, _ in order)]
    return [Waiting(id, n, before[n - 1], wait) for n, (id, wait) in enumerate(order, 1)]


def _is_urgent(row: sqlite3.Row) -> bool:
    return row["restarts"] not in (0, None) or '"until_step"' in str(row["knobs"])


def _turns(
    db: sqlite3.Connection, people: dict[str, list[sqlite3.Row]], limits: Limits
) -> tuple[list[sqlite3.Row], list[sqlite3.Row]]:
    """People's runs in turns: those that may begin as soon as a core is free, and those that are held."""
    served = _by_owner(db, "max(served)", "state != ''")
    active = _by_owner(db, "count(*)", f"state IN {ACTIVE} AND token IS NOT NULL")
    everyone = db.execute(f"SELECT count(*) FROM runs WHERE state IN {ACTIVE} AND token IS NOT NULL").fetchone()[0]
    room = 0 if everyone >= limits.everyone.training else limits.person.training
    turns = sorted(people, key=lambda owner: served.get(owner, 0.0))  # stable: the first that waited of equals
    free: list[sqlite3.Row] = []
    held: list[sqlite3.Row] = []
    for n, round in enumerate(zip_longest(*(people[owner] for owner in turns))):
        for owner, row in zip(turns, round, strict=True):
            if row is not None:
                (free if n + active.get(owner, 0) < room else held).append(row)
    return free, held


def _by_owner(db: sqlite3.Connection, what: str, where: str) -> dict[str, float]:
    """A figure of the runs of each person who waits."""
    waiting = "SELECT owner FROM runs WHERE state = 'queued' AND by_admin = 0"
    rows = db.execute(
        f"SELECT owner, {what} AS found FROM runs WHERE by_admin = 0 AND owner IN ({waiting}) AND {where} GROUP BY owner"
    )
    return {row["owner"]: row["found"] or 0.0 for row in rows}
