"""A lock on a file, held by one process until it ends, however it ends."""

import os
from pathlib import Path
from typing import IO

if os.name == "nt":
    import msvcrt

    def _lock(file: IO[str]) -> None:
        file.seek(1 << 20)  # a byte that nobody writes: Windows forbids others to read a locked one
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
else:
    import fcntl

    def _lock(file: IO[str]) -> None:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # POSIX record lock: a forked child does not inherit it


class FileLock:
    """Exclusive lock on `path` between processes (not threads of one); the file then holds the owner's process id."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None

    def acquire(self) -> bool:
        """True when this process owns the lock now; False when another one does. OSError when the folder refuses."""
        file = open(self.path, "a+", encoding="ascii")  # noqa: SIM115  stays open: closing gives the lock back
        try:
            _lock(file)
        except OSError:
            file.close()
            return False
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def held(self) -> bool:
        """True when another process owns the lock."""
        with open(self.path, "a+", encoding="ascii") as file:
            try:
                _lock(file)
            except OSError:
                return True
        return False

    def owner(self) -> int | None:
        """The process id written by the last owner, or None."""
        try:
            return int(self.path.read_text(encoding="ascii") or 0) or None
        except (OSError, ValueError):
            return None
