"""A lock between processes, which the system takes back when its owner ends, however it ends."""

import os
import sqlite3
from pathlib import Path

LOOKED = 1.0  # seconds in which a lock that others only look at is free for once


class FileLock:
    """Exclusive lock by the name of `path`, which then holds the owner's process id; the lock itself lies on a file beside it.

    SQLite locks a file with what the system has for that, on Linux, macOS and Windows alike, and for the one process that
    asked: no child has the lock, forked or started. Nothing is ever written to the locked file, so it works on a full disk.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._file = path, path.with_name(f"{path.name}.db")
        self._held: sqlite3.Connection | None = None

    def acquire(self, wait: float = 0.0) -> bool:
        """True when this object owns the lock now; False when another does after `wait` s. OSError when the folder refuses."""
        mine = self._try(wait)
        if mine is None:
            return False
        self._held = mine
        try:
            self.path.write_text(str(os.getpid()), encoding="ascii")
        except OSError:
            self.release()
            raise
        return True

    def release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    def held(self) -> bool:
        """True when somebody owns the lock; creates nothing. OSError when the folder refuses."""
        if not self._file.exists():
            return False
        mine = self._try(0.0)
        if mine is None:
            return True
        mine.close()
        return False

    def holder(self) -> int | None:
        """The process id of the owner that keeps the lock, to be ended by it; None where nobody keeps it for `LOOKED` seconds.

        Whoever only looks has the lock for a moment, while the file still names an owner that is gone and whose number may be
        another process's by now.
        """
        if not self._file.exists():
            return None
        mine = self._try(LOOKED)
        if mine is None:
            return self.owner()
        mine.close()
        return None

    def owner(self) -> int | None:
        """The process id written by the last owner, who may be gone, or None."""
        try:
            return int(self.path.read_text(encoding="ascii") or 0) or None
        except (OSError, ValueError):
            return None

    def _try(self, wait: float) -> sqlite3.Connection | None:
        try:
            db = sqlite3.connect(self._file, timeout=wait, isolation_level=None, check_same_thread=False)
        except sqlite3.OperationalError as error:
            raise OSError(f"{self._file}: {error}") from None
        try:
            db.execute("PRAGMA journal_mode = MEMORY")  # no journal beside the file
            db.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            db.close()
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return None
            raise OSError(f"{self._file}: {error}") from None
        return db
