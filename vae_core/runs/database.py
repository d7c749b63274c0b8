"""The SQLite file that web servers, the scheduler, workers and command lines share: schema, connections, migration."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vae_core.errors import UserError, reason

VERSION = 4
PATIENCE = 10.0  # seconds that a connection waits for another process that writes
SCHEMA = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, config TEXT NOT NULL, data_dir TEXT NOT NULL,
    state TEXT NOT NULL, position REAL NOT NULL, created REAL NOT NULL, started REAL, ended REAL,
    token TEXT, pid INTEGER, heartbeat REAL, message TEXT NOT NULL DEFAULT '',
    progress REAL NOT NULL DEFAULT 0, latest TEXT NOT NULL DEFAULT '{}', knobs TEXT NOT NULL DEFAULT '{}', -- live controls
    owner TEXT NOT NULL DEFAULT '', was TEXT NOT NULL DEFAULT '', deleted REAL,
    restarts INTEGER NOT NULL DEFAULT 0,
    by_admin INTEGER NOT NULL DEFAULT 0, bytes INTEGER, served REAL, -- the size of its folder, and when it last began
    -- the node of a cluster that trains it or did last, '' for this computer; the same for runs of equal settings, NULL where unknown
    node TEXT NOT NULL DEFAULT '', alike TEXT,
    private INTEGER NOT NULL DEFAULT 0, origin TEXT NOT NULL DEFAULT '', searched TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS runs_state ON runs (state);
CREATE TABLE IF NOT EXISTS people (
    id TEXT PRIMARY KEY, given INTEGER NOT NULL, own TEXT, key TEXT NOT NULL UNIQUE, seen REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS events (
    run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE, seq INTEGER NOT NULL,
    kind TEXT NOT NULL, step INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (run_id, seq)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS events_kind ON events (run_id, kind, seq);
"""
ADDED_COLUMNS = {  # of the table runs, since version 1
    "owner": "TEXT NOT NULL DEFAULT ''",
    "was": "TEXT NOT NULL DEFAULT ''",
    "deleted": "REAL",
    "restarts": "INTEGER NOT NULL DEFAULT 0",
    "by_admin": "INTEGER NOT NULL DEFAULT 0",
    "bytes": "INTEGER",
    "served": "REAL",
    "private": "INTEGER NOT NULL DEFAULT 0",
    "origin": "TEXT NOT NULL DEFAULT ''",
    "searched": "TEXT NOT NULL DEFAULT ''",
    "node": "TEXT NOT NULL DEFAULT ''",
    "alike": "TEXT",
}


def connect(path: Path) -> sqlite3.Connection:
    """A connection in autocommit mode that waits for another writer; read-only where the disk is full or read-only."""
    db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        db.execute("PRAGMA user_version").fetchone()  # the first touch of the file
    except sqlite3.OperationalError:
        log = path.with_name(path.name + "-wal")
        if not path.exists() or (log.exists() and log.stat().st_size):
            raise
        # On a full or read-only disk SQLite cannot create its two side files. Where they are empty, this file is complete.
        db = sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, isolation_level=None)
    db.row_factory = sqlite3.Row
    # One damaged text must not make all rows unreadable.
    db.text_factory = lambda content: content.decode("utf-8", "replace")
    db.execute("PRAGMA synchronous = NORMAL")  # with WAL a power cut may lose the last events, never the file
    db.execute("PRAGMA foreign_keys = ON")
    return db


@contextmanager
def session(path: Path) -> Iterator[sqlite3.Connection]:
    """A short-lived connection (0.1 ms), never shared by threads or forked processes; UserError where the file cannot be used."""
    try:
        db = connect(path)
        try:
            yield db
        finally:
            db.close()
    except sqlite3.DatabaseError as error:
        raise UserError(
            "The list of runs {path} cannot be used ({error}): make sure that its folder is writable and its disk is "
            "not full, or set LATENT_HOME to another folder.",
            path=path,
            error=error,
        ) from error


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """A transaction that holds the write lock from its start, so that no other process changes what it reads."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        if db.in_transaction:  # on a full disk SQLite has rolled back already
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def is_busy(error: UserError) -> bool:
    """Whether a session failed only because others wrote to the file all the time that it waited."""
    cause = error.__cause__
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode == sqlite3.SQLITE_BUSY


def prepare(path: Path) -> None:
    """Create the file and its tables, or migrate an older version; UserError where that fails or the file is newer."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            "The folder {parent} cannot be created ({strerror}): set LATENT_HOME to another folder.",
            parent=path.parent,
            strerror=reason(error),
        ) from error
    with session(path) as db:
        found = int(db.execute("PRAGMA user_version").fetchone()[0])
        if found > VERSION:
            raise UserError(
                "{path} was written by a newer version: update this program, or set LATENT_HOME to another folder.",
                path=path,
            )
        if found == VERSION:
            return
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(SCHEMA)
        with transaction(db):
            _migrate(db)


def _migrate(db: sqlite3.Connection) -> None:
    """Add the columns that a table of an older version lacks."""
    existing = {row["name"] for row in db.execute("PRAGMA table_info(runs)")}
    for name in ADDED_COLUMNS.keys() - existing:
        db.execute(f"ALTER TABLE runs ADD COLUMN {name} {ADDED_COLUMNS[name]}")
    before = int(db.execute("PRAGMA user_version").fetchone()[0])
    if before == 1:
        # Runs that were lost under version 1 must not restart automatically.
        db.execute("UPDATE runs SET token = NULL WHERE state = 'lost'")
    if before < 3:
        db.execute("CREATE INDEX IF NOT EXISTS runs_owner ON runs (owner, served)")
        # All that a page of the list is chosen by, so that no other rows are read.
        db.execute(
            "CREATE INDEX IF NOT EXISTS runs_listed ON runs (created DESC, id DESC, state, private, owner, searched)"
        )
        db.execute("UPDATE runs SET searched = lower(title) WHERE searched = ''")
        db.execute("UPDATE runs SET by_admin = 1 WHERE owner = ''")
    if before < 4:
        db.execute("DROP INDEX IF EXISTS runs_private")  # of version 3; private runs are looked up by their ids
        db.execute("CREATE INDEX IF NOT EXISTS runs_alike ON runs (alike)")
        db.execute("CREATE INDEX IF NOT EXISTS runs_position ON runs (position)")
        # For the quotas, so that rows with their settings are not read: what is not measured yet, and what people use.
        db.execute("CREATE INDEX IF NOT EXISTS runs_unmeasured ON runs (id) WHERE bytes IS NULL")
        db.execute("CREATE INDEX IF NOT EXISTS runs_bytes ON runs (owner, state, bytes)")
    db.execute(f"PRAGMA user_version = {VERSION}")
