"""Untrusted .tar and .tar.gz files: read from front to back, limited in length, and never unpacked to disk."""

import gzip
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import RawIOBase
from pathlib import PurePosixPath
from typing import IO, cast

from vae_core.data.own.archives.files import File, Files
from vae_core.data.own.archives.zips import refuse_total, refuse_unsafe
from vae_core.messages import Message
from vae_core.utils import limits
from vae_core.utils.limits import LimitedReader

HEADERS = 8 * limits.DIRECTORY_BYTES  # bytes of all headers together: 262,144 files
GZIP = b"\x1f\x8b"  # the first bytes of a packed file


@contextmanager
def tar_files(stream: IO[bytes], place: str) -> Iterator[Files]:
    """The files of a tar with safe names and allowed sizes; UserError or tarfile.TarError for anything wrong with it.

    They stay in the order of the archive, because going back in a packed one means to unpack it again from its start.
    """
    plain = _unpacked(stream)
    files, skipped = [], 0
    for member in _members(plain, place):
        refuse_unsafe(member.name, place)
        if member.isreg() and not member.issparse():
            files.append(_file(plain, member))
        else:
            skipped += not member.isdir()
    refuse_total(sum(file.size or 0 for file in files), place)
    yield Files(place, tuple(files), _note(skipped))


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    start = stream.read(len(GZIP))
    stream.seek(0)
    return cast(IO[bytes], gzip.GzipFile(fileobj=stream)) if start == GZIP else stream


def _members(plain: IO[bytes], place: str) -> Iterator[tarfile.TarInfo]:
    long = Message("{name} lists more files than can be read: make it anew with its pictures alone.", name=place)
    guarded = cast(IO[bytes], LimitedReader(plain, long, HEADERS))
    with tarfile.open(fileobj=guarded, mode="r:") as archive:
        while member := archive.next():
            archive.members.clear()  # type: ignore[attr-defined]  # it would keep all of them in memory
            refuse_total(plain.tell() + member.size, place)
            yield member
        plain.seek(archive.offset)  # type: ignore[attr-defined]
        end = plain.read(tarfile.BLOCKSIZE)
        if not end or end.strip(b"\0"):  # tarfile ends at a damaged or missing header without a word
            raise tarfile.ReadError("its end is missing" if not end else "a header is damaged")
        while plain.read(limits.MIB):  # to the checksum at the end of a packed one
            refuse_total(plain.tell(), place)


def _note(skipped: int) -> tuple[Message, ...]:
    if not skipped:
        return ()
    return (Message("{count:,} links and special files of the archive are left out.", count=skipped),)


def _file(stream: IO[bytes], member: tarfile.TarInfo) -> File:
    return File(PurePosixPath(member.name), member.size, partial(_part, stream, member.offset_data, member.size))


def _part(stream: IO[bytes], start: int, size: int) -> IO[bytes]:
    return cast(IO[bytes], _Part(stream, start, size))


class _Part(RawIOBase):
    """A part of a stream as a file of its own; parts of one stream may be read in turn."""

    def __init__(self, stream: IO[bytes], start: int, size: int) -> None:
        super().__init__()
        self.stream, self.at, self.end = stream, start, start + size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        left = self.end - self.at
        if self.stream.tell() != self.at:
            self.stream.seek(self.at)
        data = self.stream.read(left if size < 0 else min(size, left))
        self.at += len(data)
        return data
