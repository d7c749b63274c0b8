"""The limits on a person's own data set: how many pictures and pixels it has, and how long it takes to read."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TypeVar

from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import limits
from vae_core.utils.paths import is_named

T = TypeVar("T")
# For what the owner of the computer has named: pictures that do not fit into memory stay in a file, and may take their time.
LARGE = {"MOST": 10**9, "KEPT_BYTES": 2**44, "LOAD_PIXELS": 10**15, "LOAD_SECONDS": 7 * 86_400}
_large: ContextVar[bool] = ContextVar("large", default=False)


@contextmanager
def limits_for(path: Path) -> Iterator[None]:
    """Within the block the limits are those of an upload, or LARGE for what the owner of this computer has named."""
    token = _large.set(is_named(path))
    try:
        yield
    finally:
        _large.reset(token)


def limit(name: str) -> int:
    """The limit of that name in force now: MOST, KEPT_BYTES, LOAD_PIXELS or LOAD_SECONDS."""
    return LARGE[name] if _large.get() else int(getattr(limits, name))


def refuse_count(count: int, place: str, found: str = "") -> None:
    """Raise UserError for fewer pictures than three splits need; `found` is a sentence on what there is instead."""
    if count < limits.FEWEST:
        raise UserError(
            "{place} holds {some}: give at least {fewest}, since some are held out for validation and test.{found}",
            place=place,
            some=Message("only {count} pictures", count=count) if count else Message("no picture"),
            fewest=limits.FEWEST,
            found=Message(" {sentence}", sentence=found) if found else "",
        )


def refuse_memory(count: int, shape: tuple[int, ...], place: str) -> None:
    """Raise UserError for more pictures of this shape (C, H, W) than fit into the allowed memory."""
    most = most_pictures(shape)
    if count > most:
        raise UserError(
            "{place} holds more than {most:,} pictures of this size: give fewer, or choose a smaller size.",
            place=place,
            most=most,
        )


def most_pictures(shape: tuple[int, ...]) -> int:
    """How many pictures of this shape (C, H, W) a data set may have."""
    channels, height, width = shape
    return min(limit("MOST"), limit("KEPT_BYTES") // (channels * height * width))


def refuse_pixels(pixels: int, place: str, worst: str = "") -> None:
    """Raise UserError for more pixels than `limits.LOAD_PIXELS`, which take too long to decode."""
    if pixels > limit("LOAD_PIXELS"):
        raise UserError(
            "{place} has more than {load_pixels:,} million pixels to decode{worst}: give fewer pictures, or make "
            "them smaller.",
            place=place,
            load_pixels=limit("LOAD_PIXELS") // 10**6,
            worst=worst,
        )


def within_time_limit(things: Iterable[T], place: str) -> Iterator[T]:
    """Each item in turn; raises UserError once this thread has spent more than `limits.LOAD_SECONDS` of processor time on them."""
    start = time.thread_time()
    for thing in things:
        if time.thread_time() - start > limit("LOAD_SECONDS"):
            raise UserError(
                "{place} takes longer than {load_seconds:,} seconds to read: give fewer or smaller pictures.",
                place=place,
                load_seconds=limit("LOAD_SECONDS"),
            )
        yield thing
