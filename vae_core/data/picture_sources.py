"""PictureSource: labels and pictures of a folder, a .zip or an .npz file, and the limits on their number, pixels and time."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

from vae_core.config import DataConfig
from vae_core.errors import UserError
from vae_core.images.reading import SUFFIXES, centre_square, pixels_to_decode, read
from vae_core.utils import limits
from vae_core.utils.arrays import UInt8

UNSORTED = "(no folder)"
Content = Callable[[], bytes | Path]
File = tuple[PurePosixPath, Content]
T = TypeVar("T")


@dataclass(frozen=True)
class PictureSource:
    """`names`: the label of each picture; `blocks`: the pictures in the same order, uint8 (n, C, size, size) each."""

    names: list[str]
    blocks: Iterator[UInt8]


def from_files(files: Sequence[File], place: str, config: DataConfig) -> PictureSource:
    """Picture files, with the name of their folder as label; all headers are checked before the first picture is decoded."""
    refuse_count(len(files), place, config)
    longest = 8 * config.size
    _refuse_too_many_pixels(files, place, longest)
    pictures = (read(content(), str(name), longest) for name, content in within_time_limit(files, place))
    blocks = (centre_square(picture, config.size, config.channels)[None] for picture in pictures)
    return PictureSource([name.parent.name or UNSORTED for name, _ in files], blocks)


def is_picture(name: PurePosixPath) -> bool:
    """Whether a file is a picture by its suffix; hidden files and macOS resource files are not."""
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in name.parts)
    return not hidden and name.suffix.lower() in SUFFIXES


def refuse_count(count: int, place: str, config: DataConfig) -> None:
    """Raise UserError for fewer pictures than three splits need, and for more than fit into the allowed memory."""
    if count < limits.FEWEST:
        some = f"only {count} pictures" if count else f"no picture ({', '.join(sorted(SUFFIXES))})"
        raise UserError(
            "{place} holds {some}: give at least {fewest}, since some are held out for validation and test.",
            place=place,
            some=some,
            fewest=limits.FEWEST,
        )
    most = min(limits.MOST, limits.KEPT_BYTES // (config.channels * config.size**2))
    if count > most:
        raise UserError(
            "{place} holds more than {most:,} pictures of this size: give fewer, or choose a smaller size.",
            place=place,
            most=most,
        )


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


def _refuse_too_many_pixels(files: Sequence[File], place: str, longest: int) -> None:
    total, heaviest, worst = 0, 0, ""
    for name, content in within_time_limit(files, place):
        pixels = pixels_to_decode(content(), str(name), longest)
        total += pixels
        if pixels > heaviest:
            heaviest, worst = pixels, f", {pixels / 1e6:,.1f} million of them in {name}"
        refuse_pixels(total, place, worst)
