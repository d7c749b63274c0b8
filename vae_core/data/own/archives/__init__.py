"""Folders and archives as lists of files: names and sizes are checked, nothing is unpacked to disk, inner archives are opened too."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from vae_core.data.own.archives.files import File, Files, damage_named, is_hidden, on_disk
from vae_core.data.own.archives.tars import tar_files
from vae_core.data.own.archives.zips import zip_files
from vae_core.errors import UserError
from vae_core.utils import limits

Opener = Callable[[IO[bytes], str], AbstractContextManager[Files]]
ARCHIVES: dict[str, Opener] = {".zip": zip_files, ".tar": tar_files, ".tar.gz": tar_files, ".tgz": tar_files}


def archive_suffix(name: PurePosixPath | Path) -> str:
    """The suffix of an archive that can be opened, such as ".tar.gz", or "" for any other file."""
    return next((suffix for suffix in ARCHIVES if name.name.lower().endswith(suffix)), "")


@contextmanager
def opened(path: Path) -> Iterator[Files]:
    """The files in a folder, in an archive and in the archives inside it; any other file is one by itself.

    The name of an inner archive is the folder of its files. Raises UserError for an archive that is damaged, has unsafe
    names or unpacks to too much.
    """
    with ExitStack() as stack:
        if path.is_dir():
            yield _expanded(_in_folder(path), stack)
        elif archive_suffix(path):
            files = _entered(on_disk(path), path.name, stack)
            yield _expanded(_expanded(files, stack), stack, files) if files.wrapped else _expanded(files, stack)
        else:
            yield Files(path.name, (on_disk(path),))


def beside(path: Path) -> Files:
    """A file together with all others in its folder and below."""
    return Files(path.name, _in_folder(path.parent).files)


def _in_folder(folder: Path) -> Files:
    found = (
        on_disk(path, PurePosixPath(path.relative_to(folder).as_posix()))
        for path in folder.rglob("*")
        if path.is_file()
    )
    most = 2 * limits.MOST  # one file of labels for each picture
    files = sorted((file for _, file in zip(range(most + 1), found, strict=False)), key=lambda file: file.name)
    if len(files) > most:
        raise UserError("{place} holds more than {most:,} files: give fewer.", place=folder.name, most=most)
    return Files(folder.resolve().name, tuple(files))


def _entered(file: File, place: str, stack: ExitStack) -> Files:
    """The files in an archive, which stays open until the stack is closed; one inside an archive is held in memory."""
    stream = stack.enter_context(file.open() if file.on_disk else BytesIO(file.content(place)))
    with damage_named(file.name.name):
        return stack.enter_context(ARCHIVES[archive_suffix(file.name)](stream, file.name.name))


def _expanded(outer: Files, stack: ExitStack, before: Files | None = None) -> Files:
    """The files with those of the archives among them in their place; `before` are those whose archives are held already."""
    inner = [file for file in outer.files if archive_suffix(file.name) and not is_hidden(file.name)]
    if not inner:
        return outer
    _refuse_memory(
        [*inner, *(file for file in (before.files if before else ()) if archive_suffix(file.name))], outer.place
    )
    files = [file for file in outer.files if file not in inner]
    notes = list(outer.notes)
    for archive in inner:
        found = _entered(archive, outer.place, stack)
        folder = archive.name.with_name(archive.name.name[: -len(archive_suffix(archive.name))])
        files += [_below(folder, file) for file in found.files]
        notes += found.notes
    alone = len(inner) == len(outer.files) == 1
    return Files(inner[0].name.name if alone else outer.place, tuple(files), tuple(notes))


def _below(folder: PurePosixPath, file: File) -> File:
    return File(folder / file.name, file.size, file.open, file.on_disk)


def _refuse_memory(inner: list[File], place: str) -> None:
    held = sum(file.size or 0 for file in inner if not file.on_disk)
    if held > limits.FILE_BYTES:
        raise UserError(
            "{place} holds archives of {held:,.0f} MB, and {most} MB are allowed inside another archive: unpack it first.",
            place=place,
            held=held / limits.MIB,
            most=limits.FILE_BYTES // limits.MIB,
        )
