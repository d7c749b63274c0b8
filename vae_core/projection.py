"""t-SNE of a model's test codes (van der Maaten and Hinton 2008), in a process of its own and kept on the disk.

`python -m vae_core.projection CODES RESULT` reads latents.npz and writes an (N, 2) float32 .npy. Its standard output is the
log file that whoever started it has locked, so the lock is held exactly as long as it lives, even without a server.
"""

import contextlib
import fcntl
import os
import re
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from vae_core.checkpoints import LATENTS, Info
from vae_core.errors import UserError
from vae_core.paths import home

ITERATIONS = 1000
Flat = NDArray[np.float32]


@dataclass(frozen=True)
class Projection:
    """The t-SNE of one checkpoint's codes, known by their content, whoever asks and whichever server runs."""

    codes: Path
    result: Path

    @classmethod
    def of(cls, info: Info) -> "Projection":
        """The projection of a checkpoint; nothing is worked out yet."""
        return cls(info.folder / LATENTS, home() / "cache" / f"tsne-{info.hashes[LATENTS][:16]}.npy")

    @property
    def log(self) -> Path:
        return self.result.with_suffix(".log")

    def load(self) -> Flat | None:
        """The points (N, 2), or None where they have not been worked out."""
        try:
            return np.asarray(np.load(self.result, allow_pickle=False), np.float32)
        except (OSError, ValueError):
            return None

    def start(self) -> None:
        """Begin, unless it is being worked out already; raises UserError where the folder cannot be written."""
        try:
            self.result.parent.mkdir(parents=True, exist_ok=True)
            log = open(self.log, "a+b")  # noqa: SIM115  closed below; the child keeps its own copy, and with it the lock
        except OSError as error:
            raise UserError(
                f"{self.result.parent} cannot be written ({error.strerror}): free it or set LATENT_HOME."
            ) from None
        with log:
            if not _lock(log):
                return
            log.truncate(0)
            command = [sys.executable, "-m", "vae_core.projection", str(self.codes), str(self.result)]
            child = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
            log.write(f"process {child.pid}\n".encode())
        threading.Thread(target=child.wait, daemon=True).start()  # else it would stay behind as a zombie

    def progress(self) -> float | None:
        """Share done in [0, 1] while it is being worked out, else None."""
        return _share(self._said()) if self._running() else None

    def failed(self) -> bool:
        """Whether the last attempt ended by itself without a result."""
        return "Error" in self._said() and not self._running()

    def cancel(self) -> None:
        """End it, if it runs."""
        found = re.search(r"process (\d+)", self._said())
        if found and self._running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(found[1]), signal.SIGTERM)

    def _said(self) -> str:
        try:
            return self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def _running(self) -> bool:
        try:
            with open(self.log, "rb") as log:
                return not _lock(log)
        except OSError:
            return False


def _lock(file: IO[bytes]) -> bool:
    """Take the lock until the file is closed by all who inherited it; False when another has it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _share(said: str) -> float:
    done = re.findall(r"Iteration (\d+)", said)
    return 0.02 + 0.98 * min(1.0, int(done[-1]) / ITERATIONS) if done else 0.02


def tsne(codes: Flat, seed: int = 0) -> Flat:
    """Codes (N, L) as points (N, 2) whose neighbours are the codes' neighbours; prints its progress."""
    from sklearn.manifold import TSNE

    perplexity = min(30.0, max(2.0, (len(codes) - 1) / 3))
    search = TSNE(2, perplexity=perplexity, init="pca", max_iter=ITERATIONS, random_state=seed, verbose=2)
    return np.asarray(search.fit_transform(codes), np.float32)


def main(codes: Path, result: Path) -> None:
    """Read codes, write the points beside `result` and rename them."""
    os.nice(5)  # what people wait for on the pages goes first
    with np.load(codes, allow_pickle=False) as archive:
        points = tsne(archive["mean"].astype(np.float32))
    new = result.with_name(f".{result.name}.{os.getpid()}.new")
    with new.open("wb") as file:
        np.save(file, points)
    os.replace(new, result)


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    main(Path(sys.argv[1]), Path(sys.argv[2]))
