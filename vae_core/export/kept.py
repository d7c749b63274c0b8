"""What was made of a checkpoint, kept on disk, so that a server that has just been started shows it before it has imported torch.

An entry belongs to the checkpoint's files and to this version of the code. One that is damaged counts as missing. Entries lie in the
home folder, and the oldest go where all together take more than MOST bytes.
"""

import hashlib
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.about import VERSION
from vae_core.checkpoints import RUN, CheckpointInfo
from vae_core.errors import UserError
from vae_core.utils.files import read_file, write_atomically
from vae_core.utils.paths import home

MOST = 256 * 2**20  # bytes of all entries; a model takes about one MB, or nine without its data
LARGEST = 32 * 2**20  # bytes of one entry; what is larger takes too long to write
DIGEST = hashlib.sha256().digest_size


def kept(info: CheckpointInfo, what: str, make: Callable[[], bytes]) -> bytes:
    """What `make` gives, from disk where it was made before of the same checkpoint; `what` names it, with all that it depends on."""
    try:
        path = _path(info, what)
        found = _read(path)
    except (OSError, UserError):  # the checkpoint is in memory alone
        return make()
    if found is not None:
        return found
    made = make()
    if len(made) > LARGEST:
        return made
    try:
        write_atomically({path: hashlib.sha256(made).digest() + made})
        _tidy(path.parent)
    except OSError:  # a full disk or a home that cannot be written: it is made again next time
        pass
    return made


def kept_array(info: CheckpointInfo, what: str, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
    """The same for an array of numbers."""

    def written() -> bytes:
        content = io.BytesIO()
        np.save(content, make(), allow_pickle=False)
        return content.getvalue()

    return np.asarray(np.load(io.BytesIO(kept(info, what, written)), allow_pickle=False))


def anything_kept() -> bool:
    """Whether there is any entry of this version of the code, so that a page may be drawn from it."""
    return any(_folder().glob(f"{_code()}-*.bin"))


def _folder() -> Path:
    return home() / "cache" / "drawn"


def _path(info: CheckpointInfo, what: str) -> Path:
    """The file of an entry: run.json holds the hashes of the checkpoint's other files."""
    name = hashlib.sha256(read_file(info.folder / RUN, 2**20))
    name.update(hashlib.sha256(what.encode()).digest())
    return _folder() / f"{_code()}-{name.hexdigest()[:32]}.bin"


def _read(path: Path) -> bytes | None:
    """The content of an entry; None where there is none or it is damaged."""
    try:
        data = read_file(path, MOST)
    except (OSError, UserError):
        return None
    return data[DIGEST:] if hashlib.sha256(data[DIGEST:]).digest() == data[:DIGEST] else None


def _tidy(folder: Path) -> None:
    """Delete the entries that were written first, until all together take at most MOST bytes."""
    sizes = {path: path.stat() for path in folder.glob("*.bin")}
    total = sum(one.st_size for one in sizes.values())
    for path, one in sorted(sizes.items(), key=lambda item: item[1].st_mtime):
        if total <= MOST:
            return
        path.unlink(missing_ok=True)
        total -= one.st_size


@cache
def _code() -> str:
    """A name of the version and of the source files, so that nobody who works on them is shown what the old ones drew."""
    root = Path(__file__).resolve().parents[2]
    files = sorted(path for name in ("vae_core", "vae_ui") for path in (root / name).rglob("*.py"))
    stamps = [(path.name, (found := path.stat()).st_mtime_ns, found.st_size) for path in files]
    return hashlib.sha256(f"{VERSION} {stamps}".encode()).hexdigest()[:12]
