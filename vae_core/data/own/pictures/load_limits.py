"""The limits on a person's own data set: how many pictures and pixels it has, and how long it takes to read."""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import limits

T = TypeVar("T")


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
    return min(limits.MOST, limits.KEPT_BYTES // (channels * height * width))


def refuse_pixels(pixels: int, place: str, worst: str = "") -> None:
    """Raise UserError for more pixels than `limits.LOAD_PIXELS`, which take too long to decode."""
    if pixels > limits.LOAD_PIXELS:
        raise UserError(
            "{place} has more than {load_pixels:,} million pixels to decode{worst}: give fewer pictures, or make "
            "them smaller.",
            place=place,
            load_pixels=limits.LOAD_PIXELS // 10**6,
            worst=worst,
        )


def within_time_limit(things: Iterable[T], place: str) -> Iterator[T]:
    """Each item in turn; raises UserError once this thread has spent more than `limits.LOAD_SECONDS` of processor time on them."""
    start = time.thread_time()
    for thing in things:
        if time.thread_time() - start > limits.LOAD_SECONDS:
            raise UserError(
                "{place} takes longer than {load_seconds:,} seconds to read: give fewer or smaller pictures.",
                place=place,
                load_seconds=limits.LOAD_SECONDS,
            )
        yield thing
