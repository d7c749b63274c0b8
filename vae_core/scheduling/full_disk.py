"""A full disk: a reserve file that makes room for a worker's last message, and log lines that may be lost."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from vae_core.utils.files import write_atomically

RESERVE = "reserve"


def keep_reserve(home: Path) -> None:
    """Write a file of 0.5 MB that a worker deletes on a full disk, so that its last message can be written."""
    with suppress(OSError):
        if not (home / RESERVE).exists():
            write_atomically({home / RESERVE: os.urandom(1 << 19)})  # random, because some file systems compress zeros


def log_line(text: object) -> None:
    """Write a line to the process's log, unless the disk is full."""
    with suppress(OSError):
        print(text, file=sys.stderr, flush=True)
