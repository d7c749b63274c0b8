"""Writing files so that a crash or a full disk leaves the old one whole."""

import os
from pathlib import Path


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
