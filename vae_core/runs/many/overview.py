"""One look at the store for all who watch runs: what the list shows to each of them, and the runs that are watched.

A page is drawn again when its `mark` changes; what changes all the time, such as a run's progress, is not part of it.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from vae_core.runs.database import session
from vae_core.runs.many.listing import in_progress
from vae_core.runs.names import Names
from vae_core.runs.rules.permissions import may_see
from vae_core.runs.rules.quotas import BUSY
from vae_core.runs.run_rows import RunRow
from vae_core.runs.state_machine import DELETED
from vae_core.runs.store import Store
from vae_core.runs.users import User

LISTED = (
    100  # of so many of the newest runs each change is noticed; of older ones while they wait, train or are watched
)
TRAINING = ("running", "pausing")
LIST = (
    f"SELECT id, title, state, owner, private FROM runs WHERE state != '{DELETED}' AND (state IN {BUSY} OR id IN "
    f"(SELECT id FROM runs WHERE state != '{DELETED}' ORDER BY created DESC, id DESC LIMIT {LISTED})) "
    "ORDER BY created DESC, id DESC"
)
# Without the heartbeat of a worker, of which nothing is shown.
WATCHED = (
    "SELECT id, owner, private, title, state, message, progress, latest, knobs, restarts, node FROM runs "
    f"WHERE state != '{DELETED}' AND id IN "
)


@dataclass(frozen=True)
class Line:
    """A run of the list: whose it is, and all that the list shows of it but its progress."""

    id: str
    owner: str
    private: bool
    shown: tuple[object, ...]


@dataclass(frozen=True)
class Watched:
    """A run that somebody watches: whose it is, and a `stamp` that differs whenever its page shows something else."""

    owner: str
    private: bool
    stamp: object


@dataclass(frozen=True)
class Overview:
    """The store at one moment: the list, newest first, the runs that wait or train, and those that are watched, by id.

    `beside` is what pages show beside the list, such as a cluster.
    """

    lines: tuple[Line, ...]
    busy: dict[str, RunRow]
    watched: dict[str, Watched]
    beside: object = None
    _marks: dict[str, str] = field(default_factory=dict)

    def circle(self, user: User) -> str:
        """Names those who see the same list: "*" the administrators, a person's id where a private run of the list is theirs."""
        return "*" if user.is_admin else user.id if user.id in self._hiders else ""

    def mark(self, user: User) -> str:
        """A short name of what the list shows to this user."""
        circle = self.circle(user)
        if circle not in self._marks:
            text = json.dumps([repr(self.beside), *(line.shown for line in self._seen(user))])
            self._marks[circle] = hashlib.sha256(text.encode()).hexdigest()[:16]
        return self._marks[circle]

    def shares(self, user: User) -> dict[str, str]:
        """How far the runs are that this user sees in training, such as "45%", by their ids."""
        rows = (self.busy.get(line.id) for line in self._seen(user))
        return {row.id: f"{row.progress:.0%}" for row in rows if row and row.state in TRAINING}

    def in_progress(self, user: User) -> list[RunRow]:
        """The runs that wait or train and that this user may see, newest first."""
        return [row for row in self.busy.values() if may_see(user, row.owner, row.private)]

    @property
    def pace(self) -> float:
        """Seconds until one looks again: 0.3 while somebody waits for a first or a single step, else 1."""
        begun = [row for row in self.busy.values() if row.place in (None, 1)]
        return 0.3 if any("step" not in row.latest or _is_stepped(row) for row in begun) else 1.0

    def sees(self, user: User, id: str) -> bool:
        """Whether this watched run is there, and this user may see it."""
        found = self.watched.get(id)
        return found is not None and may_see(user, found.owner, found.private)

    def _seen(self, user: User) -> list[Line]:
        return [line for line in self.lines if may_see(user, line.owner, line.private)]

    @cached_property
    def _hiders(self) -> frozenset[str]:
        return frozenset(line.owner for line in self.lines if line.private and line.owner)


def _is_stepped(row: RunRow) -> bool:
    """Whether it trains until one more step or epoch is done."""
    return any(name.startswith("until_") for name in row.controls)


def look(store: Store, watched: Iterable[str] = (), beside: object = None) -> Overview:
    """The runs of the store now, with the watched ones, `beside` what else pages show; UserError where it cannot be read."""
    busy, ids = {row.id: row for row in in_progress(store)}, [*dict.fromkeys(watched)]
    with session(store.path) as db:
        listed = db.execute(LIST).fetchall()
        found = db.execute(f"{WATCHED} ({', '.join('?' * len(ids))})", ids).fetchall()
    names = Names(store.home).of(str(row["owner"]) for row in listed)
    lines = tuple(_line(row, busy.get(str(row["id"])), names[str(row["owner"])]) for row in listed)
    return Overview(lines, busy, {row["id"]: _watched(row, busy.get(row["id"])) for row in found}, beside)


def _line(row: sqlite3.Row, busy: RunRow | None, name: str) -> Line:
    id, owner, private = str(row["id"]), str(row["owner"]), bool(row["private"])
    state, place = str(row["state"]), None
    if busy is not None:  # where its worker is gone it has another state than its row, until the scheduler writes that
        state, waiting = busy.state, busy.waiting
        place = None if waiting is None else (waiting.place, waiting.after, waiting.held)
    return Line(id, owner, private, (id, str(row["title"]), state, private, owner, str(name), place))


def _watched(row: sqlite3.Row, busy: RunRow | None) -> Watched:
    waits = None if busy is None else (busy.state, busy.waiting)
    return Watched(str(row["owner"]), bool(row["private"]), (*row, waits))
