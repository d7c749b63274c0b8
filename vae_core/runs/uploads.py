"""Pictures that people brought for their trainings: so many a person and in all, and no longer than some run needs them."""

import hashlib
import sqlite3
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from vae_core.errors import UserError
from vae_core.runs.database import prepare, session
from vae_core.runs.persons import Person
from vae_core.utils.files import write_whole

MB = 2**20
A_PERSON, ALL = 400 * MB, 4096 * MB  # bytes on the disk
EXPIRY = 24 * 3600.0  # seconds after its last use in which an archive waits for a run that takes it


def keep(home: Path, person: Person, suffix: str, content: bytes) -> Path:
    """Write an archive to <home>/uploads/<person>/<hash><suffix>, the same content to the same path; UserError over a quota."""
    root = home / "uploads"
    path = root / (person.id or "machine") / f"{hashlib.sha256(content).hexdigest()[:24]}{suffix}"
    if in_use(path):
        return path
    prepare(home / "runs.db")
    with session(home / "runs.db") as db:
        drop_unused(home, db, time.time() - EXPIRY)
    mine, all = _size(path.parent.glob("*")) + len(content), _size(root.rglob("*")) + len(content)
    if mine > A_PERSON:
        raise UserError(
            f"Your uploads would take {mine / MB:,.0f} MB, more than the {A_PERSON // MB} MB that a person may keep here:"
            " delete runs that were trained on some of them, which go a day later with them."
        )
    if all > ALL:
        raise UserError(f"All uploads together would take more than the {ALL // MB:,} MB that this server keeps.")
    write_whole({path: content})
    return path


def in_use(path: Path) -> bool:
    """Whether the archive is there; it has been used just now, so it stays for another while."""
    with suppress(FileNotFoundError):
        path.stat()
        path.touch()
        return True
    return False


def drop_unused(home: Path, db: sqlite3.Connection, before: float, within: str | None = None) -> None:
    """Remove the archives (of those that `within` names) that no run was given and nobody used since `before` (seconds)."""
    for path in (home / "uploads").rglob("*.*"):
        if within is not None and path.name not in within:
            continue
        named = db.execute("SELECT 1 FROM runs WHERE instr(config, ?) LIMIT 1", (path.name,)).fetchone()
        with suppress(FileNotFoundError):  # another process was quicker
            if named is None and path.is_file() and path.stat().st_mtime <= before:
                path.unlink()


def _size(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths if path.is_file())
