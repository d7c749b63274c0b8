"""Untrusted .zip files: names and sizes are checked before anything is decompressed, and nothing is written to disk."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import PurePosixPath
from typing import IO, cast

from vae_core.data.own.archives.files import File, Files
from vae_core.data.own.archives.zip_names import decoded_names
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import limits
from vae_core.utils.limits import LimitedReader

UPLOAD = b"latent-explorer upload"  # the comment of a zip into which the Train page has put a person's files


@contextmanager
def zip_files(stream: IO[bytes], place: str) -> Iterator[Files]:
    """The files of a zip, with safe names and allowed sizes; UserError naming the zip for anything wrong with it."""
    long = Message("{name} lists more files than can be read: make the zip anew with its pictures alone.", name=place)
    guarded = LimitedReader(stream, long, limits.DIRECTORY_BYTES)
    with zipfile.ZipFile(cast(IO[bytes], guarded)) as archive:
        guarded.most = float("inf")
        members = [member for member in archive.infolist() if not _is_folder(member)]
        names, notes = decoded_names(members)
        wrapped = archive.comment == UPLOAD
        if wrapped:
            place = names[0] if len(names) == 1 else Message("The upload")
        named = sorted(zip(names, members, strict=True), key=lambda pair: pair[0])
        for name, _ in named:
            refuse_unsafe(name, place)
        refuse_total(sum(member.file_size for member in members), place)
        files = (File(PurePosixPath(name), member.file_size, partial(_open, archive, member)) for name, member in named)
        yield Files(place, tuple(files), notes, wrapped)


def _open(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> IO[bytes]:
    """A member as a stream; zipfile never returns more than the declared size."""
    return archive.open(member)


def _is_folder(member: zipfile.ZipInfo) -> bool:
    return not member.filename or member.filename.endswith(("/", "\\"))  # a damaged name may be empty


def refuse_unsafe(name: str, place: str) -> None:
    """Raise UserError for a name inside an archive that leads out of it."""
    parts = PurePosixPath(name).parts
    if ".." in parts or parts[:1] == ("/",) or ":" in name.split("/")[0] or "\0" in name:
        raise UserError(
            "{name} holds '{filename}', a name that leads out of the archive: make it anew from one folder.",
            name=place,
            filename=name,
        )


def refuse_total(total: int, place: str) -> None:
    """Raise UserError for more bytes in all than an archive may unpack to."""
    if total > limits.ZIP_BYTES:
        raise UserError(
            "{name} unpacks to {total:,.1f} GB, more than the {most:.0f} GB allowed: give fewer or smaller pictures.",
            name=place,
            total=total / 2**30,
            most=limits.ZIP_BYTES / 2**30,
        )
