"""Untrusted .zip files: names and sizes are checked before anything is decompressed, and nothing is written to disk."""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, cast

from vae_core.config import DataConfig
from vae_core.data.picture_sources import File, PictureSource, from_files, is_picture
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import limits
from vae_core.utils.limits import LimitedReader

ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, UnicodeDecodeError)
AGAIN = Message("make the zip again, without a password, and upload it once more.")


@contextmanager
def open_zip(path: Path, again: str = AGAIN) -> Iterator[tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]]:
    """A zip file and its members by name, with safe names and allowed sizes.

    Raises UserError naming the file for anything wrong with it, also for errors inside the `with` block.
    """
    try:
        with path.open("rb") as file:
            long = f"{path.name} lists more files than can be read: make the zip anew with its pictures alone."
            guarded = LimitedReader(file, long, limits.DIRECTORY_BYTES)
            with zipfile.ZipFile(cast(IO[bytes], guarded)) as archive:
                guarded.most = float("inf")
                yield archive, _checked(archive, path)
    except ERRORS as error:
        why = "has a password" if "password" in str(error) else f"is damaged or cut short ({error})"
        raise UserError("{name} {why}: {again}", name=path.name, why=why, again=again) from None


@contextmanager
def pictures_in(path: Path, config: DataConfig) -> Iterator[PictureSource]:
    """The pictures in a zip file, as a PictureSource."""
    with open_zip(path) as (archive, members):
        for member in members:
            if member.file_size > limits.FILE_BYTES:
                raise UserError(
                    "'{filename}' in {name} unpacks to {file_size:,.0f} MB, more than the {file_bytes} MB allowed: leave it "
                    "out or make it smaller.",
                    filename=member.filename,
                    name=path.name,
                    file_size=member.file_size / limits.MIB,
                    file_bytes=limits.FILE_BYTES // limits.MIB,
                )
        named = ((PurePosixPath(member.filename), member) for member in members)
        files: list[File] = [(name, partial(archive.read, member)) for name, member in named if is_picture(name)]
        yield from_files(files, path.name, config)


def _checked(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    """The members of the archive after checks of their names and declared sizes; zipfile never returns more than the declared size."""
    named = (m for m in archive.infolist() if m.filename)  # a damaged name may be empty, and is_dir() fails on that
    files = sorted((m for m in named if not m.is_dir()), key=lambda m: m.filename)
    for member in files:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if ".." in parts or parts[:1] == ("/",) or ":" in member.filename.split("/")[0]:
            raise UserError(
                "{name} holds '{filename}', a name that leads out of the zip: make the zip anew from one folder.",
                name=path.name,
                filename=member.filename,
            )
    if (total := sum(member.file_size for member in files)) > limits.ZIP_BYTES:
        limit = f"more than the {limits.ZIP_BYTES / 2**30:.0f} GB allowed"
        raise UserError(
            "{name} unpacks to {total:,.1f} GB, {limit}: give fewer or smaller pictures.",
            name=path.name,
            total=total / 2**30,
            limit=limit,
        )
    return files
