"""Arrays that may be larger than the memory: they live in a file without a name, which the system deletes with the process."""

import os
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError, reason
from vae_core.utils.limits import MIB
from vae_core.utils.paths import home

IN_MEMORY = 256 * MIB  # bytes up to which an array is kept in memory, where it is faster to fill and as fast to read


def bytes_array(shape: tuple[int, ...], folder: Path | None = None) -> NDArray[np.uint8]:
    """An uint8 array of zeros to be filled; one of more than IN_MEMORY bytes is mapped from a file in `folder` (home()/cache).

    The pages of a mapped file count as the system's cache, not as the process's own memory. Raises UserError where the disk has
    no room.
    """
    size = int(np.prod(shape, dtype=np.int64))
    if size <= IN_MEMORY:
        return np.zeros(shape, np.uint8)
    place = folder or home() / "cache"
    try:
        place.mkdir(parents=True, exist_ok=True)
        file = tempfile.TemporaryFile(dir=place)  # noqa: SIM115 (the array keeps it open)
        allocate(file.fileno(), size)
    except OSError as error:
        raise UserError(
            "There is no room for {size:,} MB in {place} ({strerror}): free some space, or give fewer pictures.",
            size=size // MIB,
            place=place,
            strerror=reason(error),
        ) from None
    return np.memmap(file, np.uint8, "r+", shape=shape)


def allocate(descriptor: int, size: int) -> None:
    """Give an empty file its size, and where the system can the blocks too: writing to a mapped file on a full disk kills."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
    else:
        os.truncate(descriptor, size)
