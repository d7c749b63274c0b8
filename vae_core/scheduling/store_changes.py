"""When a home's store was last changed and last asked for, by its files' times of modification: much cheaper than a query."""

from pathlib import Path

from vae_core.runs.store import Store

ALIVE = "alive"  # a file that `ensure_scheduler` touches


def modified(store: Store) -> tuple[int, ...]:
    """Times of modification of the database files, which change with every write."""
    return tuple(_mtime(store.path.with_name(name)) for name in ("runs.db", "runs.db-wal"))


def last_request(store: Store) -> float:
    """When `ensure_scheduler` was last called, in seconds since 1970."""
    return _mtime(store.home / ALIVE) / 1e9


def _mtime(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
