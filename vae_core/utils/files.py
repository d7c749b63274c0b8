"""Reading and writing files: what lies in a file's place is looked at first, and a crash leaves the old file whole."""

import os
import stat
from pathlib import Path

from vae_core.errors import UserError


def read_whole(path: Path, most: int) -> bytes:
    """The content of an ordinary file of at most `most` bytes.

    Raises OSError for a file that cannot be opened, and UserError, before anything is read, for a larger one and for what is
    no file: a link (it may lead anywhere), a folder, a pipe (it would be waited for) or a device (it may never end).
    """
    with open(_opened(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > most:
            raise UserError(f"{path} is larger than it can rightly be ({size:,} bytes, at most {most:,}).")
        return file.read(size)


def ordinary(path: Path, most: int) -> Path:
    """The path, once it is sure that an ordinary file of at most `most` bytes lies there; raises as `read_whole` does."""
    with open(_opened(path), "rb") as file:
        size = os.fstat(file.fileno()).st_size
    if size > most:
        raise UserError(f"{path} is larger than it can rightly be ({size:,} bytes, at most {most:,}).")
    return path


def _opened(path: Path) -> int:
    """A descriptor of an ordinary file; a pipe is opened without waiting for whoever writes to it."""
    if path.is_symlink():
        raise UserError(f"{path} is a link to another place: put the file itself there.")
    names = ("O_RDONLY", "O_NONBLOCK", "O_NOFOLLOW", "O_NOCTTY", "O_BINARY")  # Windows has only some of them
    descriptor = os.open(path, sum(getattr(os, name, 0) for name in names))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UserError(f"{path} is a folder, a pipe or a device, not a file: put the file itself there.")
    return descriptor


def write_whole(files: dict[Path, bytes]) -> None:
    """Write all files beside their places and flush them to the disk, only then rename them, in the order given.

    Raises OSError and leaves every old file as it was when one cannot be written.
    """
    beside = {path: path.with_name(f".{path.name}.{os.getpid()}.new") for path in files}
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with beside[path].open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for path, new in beside.items():
            os.replace(new, path)
    finally:
        for new in beside.values():
            new.unlink(missing_ok=True)
