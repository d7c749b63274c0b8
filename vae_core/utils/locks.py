"""A lock between processes, which the operating system releases when its owner ends, even when it is killed."""

import os
import sqlite3
from pathlib import Path

CHECK_SECONDS = 1.0  # in which a lock that other processes only check is free at least once


class FileLock:
    """An exclusive lock. The file `path` holds the owner's process id; the lock itself is on the file `path`.db beside it.

    SQLite uses the file locks of Linux, macOS and Windows. The lock belongs to one process: its child processes do not have it.
    Nothing is written to the locked file, so the lock works on a full disk.
    """

    def __init__(self, path: Path) -> None:
        self.path, self._file = path, path.with_name(f"{path.name}.db")
        self._held: sqlite3.Connection | None = None

    def acquire(self, wait: float = 0.0) -> bool:
        """True when this object owns the lock now; False when another one still does after `wait` s. OSError for a bad folder."""
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
        """Give the lock back, if this object owns it."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def held(self, wait: float = 0.0) -> bool:
        """Whether any process owns the lock for `wait` seconds; creates no file. OSError where the folder cannot be used.

        A process that only checks the lock holds it for a moment: where that must not count, `wait`.
        """
        if not self._file.exists():
            return False
        mine = self._try(wait)
        if mine is None:
            return True
        mine.close()
        return False

    def holder(self) -> int | None:
        """The process id of the owner, for ending it; None where no process holds the lock for CHECK_SECONDS.

        Where it is only checked, the file still names the former owner, whose process id may belong to another process by now.
        """
        return self.owner() if self.held(CHECK_SECONDS) else None

    def owner(self) -> int | None:
        """The process id that the last owner wrote, or None; the process may have ended."""
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
