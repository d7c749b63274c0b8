"""The lease of a worker on its run: a token in the run's row. A worker may write only while its token is there."""

import json
import os
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from vae_core.messages import Message, record
from vae_core.people.limits import in_force
from vae_core.runs.database import session, transaction
from vae_core.runs.heartbeat_and_recovery import KILLED, restarted, write_changes
from vae_core.runs.rules.queue_order import queue
from vae_core.runs.state_machine import TRANSITIONS
from vae_core.runs.store import Store
from vae_core.training.live_controls import LiveControls

COMMANDS_BY_STATE = {"pausing": "pause", "stopping": "stop"}


class LeaseLost(Exception):
    """The run was given to another worker, or deleted: the worker must end at once and write no file."""


@dataclass(frozen=True)
class Requests:
    """What users request of a run: its present state (such as "pausing") and its live controls."""

    state: str
    controls: dict[str, float]

    def apply(self, controls: LiveControls) -> None:
        """Set the live controls as requested."""
        controls.lr, controls.dial_value = self.controls.get("lr"), self.controls.get("beta")
        controls.until_step, controls.until_epoch = (
            None if limit is None else int(limit) for limit in map(self.controls.get, ("until_step", "until_epoch"))
        )
        controls.command = COMMANDS_BY_STATE.get(self.state, "")  # type: ignore[assignment]


def claim(store: Store, full: bool = False) -> tuple[str, str] | None:
    """Claim the first waiting run that may begin, by `queue_order`, for this computer: its id and the lease's token, or None.

    With `full`, all training places are taken and only a paused run that is being stopped is claimed: its worker only writes
    the checkpoint.
    """
    stopping = "SELECT id FROM runs WHERE state = 'stopping' AND token IS NULL ORDER BY position LIMIT 1"
    with session(store.path) as db, transaction(db):
        row = db.execute(stopping).fetchone()
        if row is not None:
            return _taken(db, row["id"], "stopping", "")
        return None if full else _first(store, db, lambda config: True, "")


def claim_for(store: Store, node: str, suits: Callable[[str], bool]) -> tuple[str, str] | None:
    """Claim the first waiting run that may begin on this node of a cluster: its id and the lease's token, or None.

    `suits` tells by the text of a run's settings whether the node can train it.
    """
    with session(store.path) as db, transaction(db):
        return _first(store, db, suits, node)


def _first(store: Store, db: Any, suits: Callable[[str], bool], node: str) -> tuple[str, str] | None:
    for one in queue(db, in_force(store.home)):
        config = db.execute("SELECT config FROM runs WHERE id = ?", (one.id,)).fetchone()[0]
        if not one.held and suits(config):
            return _taken(db, one.id, "running", node)
    return None


def _taken(db: Any, id: str, state: str, node: str) -> tuple[str, str]:
    token, now = secrets.token_hex(8), time.time()
    db.execute(
        "UPDATE runs SET state = ?, token = ?, pid = NULL, heartbeat = ?, started = coalesce(started, ?), served = ?, "
        "ended = NULL, message = '', node = ? WHERE id = ?",
        (state, token, now, now, now, node, id),
    )
    return id, token


def requests_by_token(store: Store) -> dict[str, Requests]:
    """The present requests for every run that a process holds, by the token of its lease."""
    with session(store.path) as db:
        rows = db.execute("SELECT token, state, knobs FROM runs WHERE token IS NOT NULL").fetchall()
    return {row["token"]: Requests(row["state"], json.loads(row["knobs"])) for row in rows}


class Lease:
    """One worker's hold on one run; every method raises LeaseLost once the token is no longer in the row."""

    def __init__(self, store: Store, id: str, token: str) -> None:
        self.store, self.id, self.token = store, id, token

    def heartbeat(self) -> None:
        """Record that this process is alive; a run that was marked as lost, because its worker was suspended, runs again."""
        with session(self.store.path) as db, transaction(db):
            self._update(db, "pid = ?, heartbeat = ?", (os.getpid(), time.time()))
            if self._state(db) == "lost":
                self._update(db, "state = ?, message = '', ended = NULL", (TRANSITIONS["lost"]["return"],))

    def requests(self) -> Requests:
        """The present requests for this run."""
        with session(self.store.path) as db:
            row = db.execute(
                "SELECT state, knobs FROM runs WHERE id = ? AND token = ?", (self.id, self.token)
            ).fetchone()
        if row is None:
            raise LeaseLost(self.id)
        return Requests(row["state"], json.loads(row["knobs"]))

    def write(self, records: Iterable[dict[str, Any]], latest: dict[str, dict[str, Any]], progress: float) -> None:
        """Append records (with `kind` and `step`) and set the row's newest record of each kind, in one transaction."""
        with session(self.store.path) as db, transaction(db):
            self._update(db, "latest = ?, progress = ?", (json.dumps(latest), progress))
            seq = db.execute("SELECT coalesce(max(seq), 0) FROM events WHERE run_id = ?", (self.id,)).fetchone()[0]
            rows = [
                (self.id, seq + n, record["kind"], record.get("step", 0), json.dumps(record))
                for n, record in enumerate(records, 1)
            ]
            db.executemany("INSERT INTO events (run_id, seq, kind, step, record) VALUES (?, ?, ?, ?, ?)", rows)

    def rewind(self, step: int) -> list[dict[str, Any]]:
        """Delete the records after `step`, which a resumed run writes again; return the remaining snapshots."""
        with session(self.store.path) as db, transaction(db):
            self._update(db, "progress = progress", ())
            db.execute("DELETE FROM events WHERE run_id = ? AND step > ?", (self.id, step))
        return self.store.snapshots(self.id)

    def release(self, action: str, message: str = "") -> bool:
        """End the run by 'paused', 'stopped', 'finish' or 'fail' and give the lease back.

        False, and nothing changes, where a user has meanwhile revoked the pause or turned it into a stop.
        """
        with session(self.store.path) as db, transaction(db):
            self._update(db, "heartbeat = ?", (time.time(),))
            before = self._state(db)
            allowed = TRANSITIONS["running" if before == "lost" else before]
            if action not in allowed:
                return False
            values = allowed[action], record(message), time.time()
            self._update(db, "state = ?, message = ?, ended = ?, token = NULL, pid = NULL, bytes = NULL", values)
            return True

    def give_back(self, too_often: Message | None) -> None:
        """Let the run wait again, before all others, to be resumed from its last save.

        With `too_often` this counts as a restart, of which there may be a few; then the run is lost, with this message.
        """
        with session(self.store.path) as db, transaction(db):
            self._update(db, "token = token", ())
            row = db.execute("SELECT * FROM runs WHERE id = ?", (self.id,)).fetchone()
            changes = restarted(row["state"], row["restarts"] if too_often else 0, too_often or KILLED)
            write_changes(db, row, changes if too_often else changes | {"restarts": row["restarts"]})

    def _update(self, db: Any, sets: str, values: tuple[Any, ...]) -> None:
        done = db.execute(f"UPDATE runs SET {sets} WHERE id = ? AND token = ?", (*values, self.id, self.token))
        if done.rowcount == 0:
            raise LeaseLost(self.id)

    def _state(self, db: Any) -> str:
        return str(db.execute("SELECT state FROM runs WHERE id = ?", (self.id,)).fetchone()[0])
