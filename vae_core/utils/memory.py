"""How the C library deals with memory that was freed: kept for the next training step, given back after a large picture."""

import ctypes
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3  # of mallopt(3)
KEPT, LARGE = 1 << 29, 1 << 25  # bytes: more than a step frees at once; the most that glibc takes for "large"


def keep_memory() -> None:
    """Let this process keep what a step frees: the next step asks for as much again.

    glibc gives it back to the system instead, which then clears every page anew: 40 % of the time of a step with twenty
    codes an image. Nothing is done where there is no glibc.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(TRIM_THRESHOLD, KEPT)
        libc.mallopt(MMAP_THRESHOLD, LARGE)


def give_back() -> None:
    """Return to the system what this process has freed: glibc keeps it, for each thread that ever asked for memory.

    For what is done now and then and takes much: a picture decoded, a data set read. Nothing is done where there is no glibc.
    """
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
