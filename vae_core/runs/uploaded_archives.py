"""Archives of pictures that users uploaded for their trainings: quotas on disk, and removal once no run uses them."""

import hashlib
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from vae_core.errors import UserError
from vae_core.people.limits import MB, in_force
from vae_core.runs.database import prepare, session
from vae_core.runs.rules.quotas import check_disk, size
from vae_core.runs.users import User
from vae_core.utils.files import write_atomically

EXPIRY = 24 * 3600.0  # seconds after its last use until an archive that no run uses may be removed


def keep_archive(home: Path, user: User, suffix: str, content: bytes) -> Path:
    """Write an archive to <home>/uploads/<user>/<hash><suffix>, equal content to an equal path; UserError over a quota."""
    root = home / "uploads"
    path = root / (user.id or "machine") / f"{hashlib.sha256(content).hexdigest()[:24]}{suffix}"
    if mark_used(path):
        return path
    prepare(home / "runs.db")
    with session(home / "runs.db") as db:
        remove_unused(home, db, time.time() - EXPIRY)
        check_disk(home, db, user, len(content))
    limits = in_force(home)
    own, all = size(path.parent.glob("*")) + len(content), size(root.rglob("*")) + len(content)
    if own > limits.person.archive_mb * MB:
        raise UserError(
            "Your uploads would take {own:,.0f} MB, more than the {bytes_per_user} MB that a person may keep here: "
            "delete runs that were trained on some of them. Their uploads are removed a day later.",
            own=own / MB,
            bytes_per_user=limits.person.archive_mb,
        )
    if all > limits.everyone.archive_mb * MB:
        raise UserError(
            "All uploads together would take more than the {bytes_in_all:,} MB that this server keeps.",
            bytes_in_all=limits.everyone.archive_mb,
        )
    write_atomically({path: content})
    return path


def mark_used(path: Path) -> bool:
    """Note that the archive is used now, so that it expires later; False where it does not exist."""
    with suppress(FileNotFoundError):
        path.stat()
        path.touch()
        return True
    return False


def remove_unused(home: Path, db: sqlite3.Connection, before: float, within: str | None = None) -> None:
    """Remove archives that no run uses and that were last used before `before` (seconds since 1970).

    With `within`, a run's settings as text, only the archives that it names.
    """
    for path in (home / "uploads").rglob("*.*"):
        if within is not None and path.name not in within:
            continue
        used = db.execute("SELECT 1 FROM runs WHERE instr(config, ?) LIMIT 1", (path.name,)).fetchone()
        with suppress(FileNotFoundError):  # another process removed it first
            if used is None and path.is_file() and path.stat().st_mtime <= before:
                path.unlink()
