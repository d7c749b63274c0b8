"""Safe reading of regular files with a size limit, and atomic writing: after a crash the old file is still complete."""

import os
import stat
from pathlib import Path

from vae_core.errors import UserError


def read_file(path: Path, most: int) -> bytes:
    """The content of a regular file of at most `most` bytes.

    Raises OSError for a file that cannot be opened. Raises UserError, before anything is read, for a larger file and for a link
    (it may lead anywhere), a folder, a pipe (reading would wait) or a device (reading may never end).
    """
    with open(_opened(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise UserError(
                "{path} is larger than it can rightly be ({size:,} bytes, at most {most:,}).",
                path=path,
                size=size,
                most=most,
            )
        return file.read(size)


def check_regular_file(path: Path, most: int) -> Path:
    """The path, after checking that it is a regular file of at most `most` bytes; raises as `read_file` does."""
    with open(_opened(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
    if size > most:
        raise UserError(
            "{path} is larger than it can rightly be ({size:,} bytes, at most {most:,}).",
            path=path,
            size=size,
            most=most,
        )
    return path


def _opened(path: Path) -> int:
    """A file descriptor of a regular file; a pipe is opened without waiting for a writer."""
    if path.is_symlink():
        raise UserError("{path} is a link to another place: put the file itself there.", path=path)
    names = ("O_RDONLY", "O_NONBLOCK", "O_NOFOLLOW", "O_NOCTTY", "O_BINARY")  # Windows has only some of them
    descriptor = os.open(path, sum(getattr(os, name, 0) for name in names))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UserError("{path} is a folder, a pipe or a device, not a file: put the file itself there.", path=path)
    return descriptor


def write_atomically(files: dict[Path, bytes]) -> None:
    """Write all files under temporary names and flush them to disk, then rename them in the given order.

    Raises OSError, and keeps every old file, when one cannot be written.
    """
    temporary = {path: path.with_name(f".{path.name}.{os.getpid()}.new") for path in files}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary[path].open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, new in temporary.items():
            os.replace(new, path)
    finally:
        for new in temporary.values():
            new.unlink(missing_ok=True)
