"""File and Files: what a folder or an archive holds, by name and size; a file is opened when it is read."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tarfile import TarError
from typing import IO, cast

from vae_core.errors import UserError, reason
from vae_core.messages import Message
from vae_core.utils import limits

HIDDEN = frozenset({"Thumbs.db", "desktop.ini"})
ERRORS = (zipfile.BadZipFile, TarError, zlib.error, EOFError, OSError, RuntimeError, UnicodeDecodeError)


@dataclass(frozen=True)
class File:
    """A file: its name below the folder or archive, its size in bytes (None: unknown until it is unpacked), and how to open it.

    `on_disk` is where the file itself lies; None inside an archive.
    """

    name: PurePosixPath
    size: int | None
    open: Callable[[], IO[bytes]]
    on_disk: Path | None = None

    def __str__(self) -> str:
        return str(self.name)

    def start(self, count: int) -> bytes:
        """The first bytes, at most so many."""
        with self.open() as stream:
            return stream.read(count)

    def content(self, place: str) -> bytes:
        """All bytes; raises UserError for more than `limits.FILE_BYTES`, at most so many of which are read."""
        if (self.size or 0) > limits.FILE_BYTES:
            raise self._too_large(place, Message("{size:,.0f} MB", size=(self.size or 0) / limits.MIB))
        with self.open() as stream:
            data = stream.read(limits.FILE_BYTES + 1 if self.size is None else self.size)
        if len(data) > limits.FILE_BYTES:
            raise self._too_large(place, Message("more than {most:,} MB", most=limits.FILE_BYTES // limits.MIB))
        return data

    def _too_large(self, place: str, size: Message) -> UserError:
        return UserError(
            "'{filename}' in {name} has {size} unpacked, and {most} MB are allowed: leave it out or make it smaller.",
            filename=self.name,
            name=place,
            size=size,
            most=limits.FILE_BYTES // limits.MIB,
        )


@dataclass(frozen=True)
class Files:
    """The files of a folder or an archive, which sentences call `place`, and notes on what was found while they were listed.

    `wrapped`: it is a zip that the Train page has made around the files of an upload.
    """

    place: str
    files: tuple[File, ...]
    notes: tuple[Message, ...] = ()
    wrapped: bool = False


def on_disk(path: Path, name: PurePosixPath | None = None) -> File:
    """A file of this computer."""
    return File(name or PurePosixPath(path.name), path.stat().st_size, lambda: path.open("rb"), path)


def is_hidden(name: PurePosixPath) -> bool:
    """Whether a file is one of the system's: its name, or a folder's, begins with a full stop, or macOS or Windows made it."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.parts) or name.name in HIDDEN


def gunzipped(file: File) -> File:
    """A .gz file as the file that it holds; any other file as it is."""
    if file.name.suffix.lower() != ".gz":
        return file
    return replace(
        file, name=file.name.with_suffix(""), size=None, on_disk=None, open=lambda: cast(IO[bytes], _Gunzip(file))
    )


class _Gunzip(gzip.GzipFile):
    """A GzipFile that closes the file below it too."""

    def __init__(self, file: File) -> None:
        self.below = file.open()
        super().__init__(fileobj=self.below)

    def close(self) -> None:
        with suppress(AttributeError):
            self.below.close()
        super().close()


@contextmanager
def named_in_errors(place: str) -> Iterator[None]:
    """Put the name of the file before a refusal that does not know it."""
    try:
        yield
    except UserError as error:
        if place in str(error):
            raise
        raise UserError("{place}: {problem}", place=place, problem=error.message) from None


@contextmanager
def damage_named(place: str) -> Iterator[None]:
    """Errors of damaged files as UserError that names the file."""
    try:
        yield
    except ERRORS as error:
        if "password" in str(error):
            raise UserError("{name} has a password: make it again without one.", name=place) from None
        if isinstance(error, OSError) and error.strerror:
            raise UserError("{name} cannot be read: {strerror}.", name=place, strerror=reason(error)) from None
        raise UserError(
            "{name} is damaged or cut short ({error}): make it again, or copy it once more.", name=place, error=error
        ) from None
