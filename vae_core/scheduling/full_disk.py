"""What background processes do when the disk is full: room kept for a worker's last words, and log lines that may be lost."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from vae_core.utils.files import write_whole

RESERVE = "reserve"


def keep_reserve(home: Path) -> None:
    """Half a megabyte that a worker gives up on a full disk, so that its last words can be written."""
    with suppress(OSError):
        if not (home / RESERVE).exists():
            write_whole(
                {home / RESERVE: os.urandom(1 << 19)}
            )  # a file system that compresses would keep zeros in no room


def note(text: object) -> None:
    """A line for the process's log, as far as the disk has room for it."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)
