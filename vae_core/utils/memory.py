"""Freed memory in the C library (glibc): kept for the next training step, or returned to the system after a large picture."""

import ctypes
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # of mallopt(3)
KEPT, LARGE = 1 << 29, 1 << 25  # bytes: more than a step frees at once; glibc's largest MMAP_THRESHOLD


def keep_freed_memory() -> None:
    """Let this process keep the memory that a training step frees, because the next step needs as much again.

    By default glibc returns it to the system, which clears every page again: 40 % of the time of a step with 20 codes per image.
    Without glibc this does nothing.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(TRIM_THRESHOLD, KEPT)
        libc.mallopt(MMAP_THRESHOLD, LARGE)


def release_freed_memory() -> None:
    """Return the freed memory of this process to the system; glibc keeps it for each thread that has used memory.

    Call it after rare operations that need much memory, such as decoding a picture or loading a data set. Without glibc this
    does nothing.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
