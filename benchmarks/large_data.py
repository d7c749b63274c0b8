"""Memory of a training on pictures that do not fit into it: python -m benchmarks.large_data [--pictures 1000000]

Makes a .npy file of so many 28x28 pictures, trains one whole shuffled epoch on it with the command `train`, and prints the peak of
the process's own memory (RssAnon), which pages of mapped files are no part of, and the pictures trained on per second.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap

LIMIT = 600  # MB


def make(path: Path, count: int) -> None:
    """A .npy file of blurred random strokes, of which a thousand different ones are repeated with other brightness."""
    rng = np.random.default_rng(0)
    some = (rng.random((1000, 28, 28)) ** 4 * 255).astype(np.uint8)
    array = open_memmap(path, "w+", np.uint8, (count, 28, 28))
    for at in range(0, count, len(some)):
        part = array[at : at + len(some)]
        part[:] = some[: len(part)] // (1 + at // len(some) % 7)
    array.flush()


def own_memory(process: "subprocess.Popen[str]") -> float:
    """MB of memory that belong to a process alone."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in status.splitlines() if line.startswith("RssAnon")) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=1_000_000)
    count = parser.parse_args().pictures
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "pictures.npy", Path(folder) / "model"
        make(file, count)
        command = [
            sys.executable,
            "-m",
            "vae_core",
            "train",
            "--dataset",
            "pictures",
            "--pictures",
            str(file),
            "--epochs",
            "1",
        ]
        process = subprocess.Popen([*command, "--out", str(out)], stdout=subprocess.PIPE, text=True)
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, own_memory(process))
            time.sleep(0.1)
        lines = [json.loads(line) for line in process.stdout or ()]
        (epoch,) = [line for line in lines if "train_loss" in line]
    trained = lines[0]["splits"]["train"]
    print(
        f"{count:,} pictures: {peak:.0f} MB of own memory at most ({LIMIT} MB allowed), {trained / epoch['seconds']:,.0f} pictures/s"
    )
    return int(peak > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
