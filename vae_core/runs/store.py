"""The store of a home folder's runs: any process may create, list, command, delete and read them at any time."""

import json
import math
import secrets
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.people.limits import in_force
from vae_core.presets.run_config import RunConfig
from vae_core.runs import deletion
from vae_core.runs.curves import Series, columns
from vae_core.runs.database import prepare, session, transaction
from vae_core.runs.heartbeat_and_recovery import recover_runs, recovery_changes
from vae_core.runs.rules.permissions import state_for, visible
from vae_core.runs.rules.queue_order import Waiting, queue
from vae_core.runs.rules.quotas import BUSY, check_run_quota, check_time
from vae_core.runs.run_rows import (
    RUN_ID,
    DamagedRow,
    RunRow,
    alike,
    parse_latest,
    parse_record,
    parse_row,
    search_words,
)
from vae_core.runs.state_machine import ACTIVE, COMMANDS, DELETED, next_state
from vae_core.runs.users import ADMIN, User
from vae_core.utils import npz
from vae_core.utils.files import read_file
from vae_core.utils.paths import data_dir as default_data_dir
from vae_core.utils.paths import home as default_home

SNAPSHOT = {
    "codes": "f",
    "labels": "iu",
    "recon": "uf",
    "originals": "uf",
}  # array name -> letters of its allowed numpy kinds
SNAPSHOT_BYTES = 2**27


class Store:
    """Runs in `<home>/runs.db` and `<home>/runs/<id>/`; no file stays open, so threads may share the object."""

    def __init__(self, home: str | Path | None = None) -> None:
        self.home = default_home(home)
        self.path = self.home / "runs.db"
        prepare(self.path)

    def folder(self, id: str) -> Path:
        """The folder of the run's checkpoint, snapshots and log; UserError for an invalid id."""
        if not RUN_ID.fullmatch(id):
            raise UserError("There is no run named {id!r}: choose one from the list of runs.", id=id[:40])
        return self.home / "runs" / id

    def create(
        self,
        run: RunConfig,
        data_dir: str | Path | None = None,
        user: User = ADMIN,
        state: Literal["queued", "paused"] = "queued",
        origin: str = "",
    ) -> str:
        """Queue a run of this user, or keep it paused, and return its id; its worker will look for data sets in `data_dir`.

        `origin`: the run whose weights it begins with, which `forks.fork` writes.
        """
        data = Path(data_dir or default_data_dir()).absolute()
        with session(self.path) as db, transaction(db):
            check_run_quota(self.home, db, user)
            now = time.time()
            id = _new_id(db, now)
            last = db.execute("SELECT coalesce(max(position), 0) FROM runs").fetchone()[0]
            db.execute(
                "INSERT INTO runs (id, title, config, data_dir, state, position, created, owner, by_admin, origin, searched, "
                "alike) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    id,
                    run.title or run.data.dataset,
                    run.model_dump_json(),
                    str(data),
                    state,
                    last + 1,
                    now,
                    user.id,
                    user.is_admin,
                    origin,
                    search_words(run),
                    alike(run),
                ),
            )
        return id

    def runs(self) -> list[RunRow]:
        """All undamaged runs, newest first; nothing is written."""
        return [row for row in self.rows("state != ?", [DELETED]) if isinstance(row, RunRow)]

    def damaged(self) -> list[DamagedRow]:
        """The damaged rows, which are left out of the list of runs, each with a sentence that says what is wrong."""
        return [row for row in self.rows("state != ?", [DELETED]) if isinstance(row, DamagedRow)]

    def deleted(self, user: User, most: int = -1, alone: bool = False) -> list[RunRow]:
        """The deleted runs that this user can still restore, newest first; at most so many.

        With `alone` only those that were not deleted together with others.
        """
        own, values = ("1", []) if user.is_admin else ("owner = ? AND owner != ''", [user.id])
        if alone:
            own += f" AND deleted IN (SELECT deleted FROM runs WHERE state = '{DELETED}' GROUP BY deleted HAVING count(*) = 1)"
        rows = self.rows(f"state = ? AND {own}", [DELETED, *values], most)
        return [row for row in rows if isinstance(row, RunRow)]

    def get(self, id: str, user: User = ADMIN) -> RunRow:
        """One run; UserError where this user sees no run with this id, or it is damaged."""
        self.folder(id)
        seen, values = visible(user)
        rows = self.rows(f"id = ? AND state != ? AND {seen}", [id, DELETED, *values])
        if not rows:
            raise UserError("There is no run {id} (any more): choose one from the list of runs.", id=id)
        if isinstance(rows[0], DamagedRow):
            raise UserError(rows[0].why)
        return rows[0]

    def command(self, id: str, command: str, user: User = ADMIN) -> str:
        """Request one of COMMANDS and return the new state; UserError where the state or the owner forbids it."""
        if command not in COMMANDS:
            raise UserError(
                "The commands for a run are {commands}, not {command!r}.", commands=", ".join(COMMANDS), command=command
            )
        self.folder(id)
        self.clean_up()
        with session(self.path) as db, transaction(db):
            before = state_for(db, id, user)
            state = next_state(before, command)
            if state in BUSY and before not in BUSY:
                check_run_quota(self.home, db, user)
                check_time(self.home, _trained_seconds(db, id), user)
            db.execute("UPDATE runs SET state = ? WHERE id = ?", (state, id))
            _set_limits(db, id, command)
            if before not in ACTIVE:  # its lease has ended; it goes before this person's runs that have not begun
                first = db.execute("SELECT min(position) FROM runs").fetchone()[0]
                db.execute(
                    "UPDATE runs SET token = NULL, pid = NULL, message = '', restarts = 0, position = ?, ended = ? "
                    "WHERE id = ?",
                    (first - 1, time.time() if state == "stopped" else None, id),
                )
        return state

    def set_controls(self, id: str, lr: float | None = None, beta: float | None = None, user: User = ADMIN) -> None:
        """Change the live controls of a run, also while it trains; None leaves a control as it is."""
        self.folder(id)
        if lr is not None and not (math.isfinite(lr) and 0 < lr <= 10):
            raise UserError("The learning rate must lie above 0 and up to 10, not {lr}.", lr=lr)
        if beta is not None and not (math.isfinite(beta) and 0 <= beta <= 1e4):
            raise UserError("beta must lie between 0 and 10000, not {beta}.", beta=beta)
        self.get(id)  # raises UserError for a damaged run
        changed = {name: float(value) for name, value in (("lr", lr), ("beta", beta)) if value is not None}
        with session(self.path) as db, transaction(db):
            if state_for(db, id, user) == "done":
                raise UserError(
                    "This run is done, so its learning rate and beta can no longer change: start a new run instead."
                )
            controls = json.loads(db.execute("SELECT knobs FROM runs WHERE id = ?", (id,)).fetchone()[0])
            db.execute("UPDATE runs SET knobs = ? WHERE id = ?", (json.dumps(controls | changed), id))

    def set_private(self, id: str, private: bool, user: User = ADMIN) -> None:
        """Hide a run from all but its owner and administrators, or show it again; UserError where it is another user's."""
        self.folder(id)
        with session(self.path) as db, transaction(db):
            state_for(db, id, user)
            db.execute("UPDATE runs SET private = ? WHERE id = ?", (private, id))

    def delete(self, id: str, user: User = ADMIN) -> None:
        """Delete a run, which can be undone for a day; UserError while it trains, or where it is another user's."""
        self.folder(id)
        self.clean_up()
        with session(self.path) as db, transaction(db):
            if state_for(db, id, user) in ACTIVE:
                raise UserError("This run is training: stop it before you delete it.")
            deletion.mark_deleted(db, id, time.time())
            deletion.move_to_deleted(self.home, id)

    def undelete(self, id: str, user: User = ADMIN) -> None:
        """Restore a deleted run as it was; UserError once it is removed for good, or where it is another user's."""
        self.folder(id)
        with session(self.path) as db, transaction(db):
            deletion.unmark_deleted(self.home, db, id, user)
            deletion.move_back(self.home, id)

    def clean_up(self) -> None:
        """Requeue runs whose worker is gone or mark them as lost, and remove for good what was deleted more than a day ago."""
        recover_runs(self.path, self.home / "runs")
        with session(self.path) as db:
            deletion.remove_expired(self.home, db)

    def events(self, id: str, kind: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """The records after sequence number `after`, each with its `seq` and `kind`.

        Damaged records are left out; `unreadable` counts them.
        """
        self.folder(id)
        with session(self.path) as db:
            rows = db.execute(
                "SELECT seq, kind, record FROM events WHERE run_id = ? AND seq > ? AND (? IS NULL OR kind = ?) "
                "ORDER BY seq",
                (id, after, kind, kind),
            ).fetchall()
        return [
            found | {"seq": row["seq"], "kind": row["kind"]}
            for row in rows
            if (found := _readable_record(row["kind"], row["record"])) is not None
        ]

    def series(self, id: str, points: int = 500) -> Series:
        """Curves of at most about `points` points each; the newest point is always included."""
        newest = self._latest(id)
        steps, epochs = (self._thinned(id, kind, points) for kind in ("step", "epoch"))
        for records, kind in ((steps, "step"), (epochs, "epoch")):
            if kind in newest and (not records or records[-1]["step"] < newest[kind]["step"]):
                records.append(newest[kind])
        return Series(columns(steps), columns(epochs))

    def snapshots(self, id: str) -> list[dict[str, Any]]:
        """The records of all snapshots in order, each with `index`, `step`, `epoch`, `seconds` and `file`."""
        return self.events(id, "snapshot")

    def snapshot(self, id: str, index: int) -> dict[str, npt.NDArray[Any]]:
        """The arrays of one snapshot: codes (P, L) float16, labels (P,), recon uint8 (R, C, H, W) or float (R, 2)."""
        found = [record for record in self.snapshots(id) if record["index"] == index]
        if not found:
            raise UserError("Run {id} has no snapshot {index}.", id=id, index=index)
        file = self.folder(id) / "snapshots" / str(found[0]["file"])
        try:
            arrays = npz.read(read_file(file, SNAPSHOT_BYTES), SNAPSHOT, SNAPSHOT_BYTES)
            _check_snapshot(arrays)
            return arrays
        except UserError:
            raise
        except (OSError, ValueError) as error:
            raise UserError(
                "The snapshot {file} cannot be read ({error}): it is left out of the replay.", file=file, error=error
            ) from None

    def unreadable(self, id: str) -> int:
        """The number of the run's damaged records, which are left out of its curves and its replay."""
        with session(self.path) as db:
            rows = db.execute("SELECT kind, record FROM events WHERE run_id = ?", (id,))
            return sum(_readable_record(row["kind"], row["record"]) is None for row in rows)

    def log(self, id: str, lines: int = 40) -> str:
        """The last lines of the worker's log, with more detail than the run's message."""
        try:
            return "\n".join((self.folder(id) / "worker.log").read_text("utf-8", "replace").splitlines()[-lines:])
        except OSError:
            return ""

    def rows(
        self, where: str, values: Sequence[str | int | None], most: int = -1, start: int = 0
    ) -> list[RunRow | DamagedRow]:
        """The rows of a condition, newest first: at most so many, from the one of number `start`."""
        chosen = f"SELECT id FROM runs WHERE {where} ORDER BY created DESC, id DESC LIMIT ? OFFSET ?"
        with session(self.path) as db:
            rows = db.execute(
                f"SELECT * FROM runs WHERE id IN ({chosen}) ORDER BY created DESC, id DESC", (*values, most, start)
            ).fetchall()
            places = {one.id: one for one in queue(db, in_force(self.home))}
        return [self._row(row, places) for row in rows]

    def _latest(self, id: str) -> dict[str, dict[str, Any]]:
        self.folder(id)
        with session(self.path) as db:
            row = db.execute("SELECT latest FROM runs WHERE id = ?", (id,)).fetchone()
        if row is None:
            raise UserError("There is no run {id} (any more): choose one from the list of runs.", id=id)
        try:
            return parse_latest(row["latest"])
        except ValueError as error:
            raise UserError("The run {id} is damaged: {error}.", id=id, error=error) from None

    def _thinned(self, id: str, kind: str, points: int) -> list[dict[str, Any]]:
        where = "FROM events WHERE run_id = ? AND kind = ?"
        with session(self.path) as db:
            count = db.execute(f"SELECT count(*) {where}", (id, kind)).fetchone()[0]
            rows = db.execute(
                f"SELECT record FROM (SELECT record, row_number() OVER (ORDER BY seq DESC) - 1 AS n {where}) "
                "WHERE n % ? = 0 ORDER BY n DESC",
                (id, kind, max(1, -(-count // points))),
            ).fetchall()
        return [found for row in rows if (found := _readable_record(kind, row["record"])) is not None]

    def _row(self, row: sqlite3.Row, places: dict[str, Waiting]) -> RunRow | DamagedRow:
        runs = self.home / "runs"
        now = {**dict(row), **recovery_changes(row, runs / str(row["id"]))}  # as the scheduler will write it
        try:
            return parse_row(now, _place(str(row["id"]), places) if now["state"] == "queued" else None, runs)
        except UserError as error:
            return DamagedRow(str(row["id"]), error.message)


def _set_limits(db: sqlite3.Connection, id: str, command: str) -> None:
    """Let a paused run train until one more step or epoch is done, counted from its last save; any other command lifts that limit."""
    row = db.execute("SELECT knobs, latest FROM runs WHERE id = ?", (id,)).fetchone()
    latest = parse_latest(row["latest"])
    done = max(int(latest.get(kind, {}).get(command, 0)) for kind in ("done", "saved"))
    limit = {f"until_{command}": done + 1.0} if command in ("step", "epoch") else {}
    kept = {name: value for name, value in json.loads(row["knobs"]).items() if not name.startswith("until_")}
    db.execute("UPDATE runs SET knobs = ? WHERE id = ?", (json.dumps(kept | limit), id))


def _place(id: str, places: dict[str, Waiting]) -> Waiting:
    """The place in the queue; the first one for a run that the scheduler is about to put into the queue again."""
    return places.get(id, Waiting(id, 1, "", held=False))


def _trained_seconds(db: sqlite3.Connection, id: str) -> float:
    latest = parse_latest(db.execute("SELECT latest FROM runs WHERE id = ?", (id,)).fetchone()[0])
    return max(float(latest.get(kind, {}).get("seconds", 0)) for kind in ("step", "done"))


def _new_id(db: sqlite3.Connection, now: float) -> str:
    """An unused id. The check is needed: among 100 runs of one second, two random ids would be equal with probability 1/14."""
    while True:
        id = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}-{secrets.token_hex(2)}"
        if db.execute("SELECT 1 FROM runs WHERE id = ?", (id,)).fetchone() is None:
            return id


def _readable_record(kind: str, text: str) -> dict[str, Any] | None:
    """A record of that kind; None for a damaged one."""
    try:
        return parse_record(kind, text)
    except ValueError:
        return None


def _check_snapshot(arrays: npz.Arrays) -> None:
    """Raise ValueError where the arrays of a snapshot do not fit together."""
    codes, labels, recon, originals = (arrays[name] for name in SNAPSHOT)
    if codes.ndim != 2 or labels.shape != codes.shape[:1] or not np.isfinite(codes).all():
        raise ValueError(Message("its codes are not finite, or there is not one code for each label"))
    if recon.shape != originals.shape or recon.ndim not in (2, 4) or (recon.ndim == 4) != (recon.dtype == np.uint8):
        raise ValueError(Message("its pictures do not fit together"))
    if labels.size and (labels.min() < 0 or labels.max() > 255):
        raise ValueError(Message("a label is not that of a class"))
