"""Start-up time of a training in the background, from the click on Start to the first step, and a worker's peak memory.

python -m benchmarks.worker [--clicks 5]

Creates runs on MNIST in a temporary store, as the Train page does, with a scheduler that has already started, as in a class. The time
is measured from the creation of the run to the record of its first step. Memory is the worker's peak resident memory (VmHWM, including
pages shared with the scheduler), read while it trains. Beside them stands what nobody can do without: a new process that imports
torch, and its memory with the pictures of MNIST.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.result_row import judged, report
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.presets.build_run import build_run
from vae_core.runs import ACTIVE, Store
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_core.utils.paths import data_dir

PROMPT, HELD = 0.15, 300.0  # the bars: seconds, and MB
END = {"done", "stopped", "failed", "lost"}


def click(store: Store, run: object, data: Path) -> tuple[float, float]:
    """Seconds to the first step, and peak MB."""
    began = time.perf_counter()
    id = store.create(run, data)  # type: ignore[arg-type]
    while not store.events(id, "step"):
        time.sleep(0.005)
    first = time.perf_counter() - began
    peak = 0.0
    while (row := store.get(id)).state not in END:
        if row.state in ACTIVE and row.pid:
            peak = max(peak, _peak(row.pid))
        time.sleep(0.2)
    assert row.state == "done", row.message
    return first, peak


def bare(numbers: int) -> tuple[float, float]:
    """Seconds of a process that imports torch and makes room for so many bytes of pictures, and its peak MB."""
    program = f"import torch; x = torch.ones({numbers}, dtype=torch.uint8); print(open('/proc/self/status').read())"
    began = time.perf_counter()
    text = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    return time.perf_counter() - began, _held(text)


def _peak(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    return _held(text)


def _held(status: str) -> float:
    line = next((line for line in status.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(line.split()[1]) / 1000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clicks", type=int, default=5)
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    data = data_dir(options.data_dir).resolve()
    config = DataConfig(dataset="mnist")
    shape = load(config, data).shape
    run = build_run("vae", config, shape, 10, seconds=4, epochs=None)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        store = Store(home)
        ensure_scheduler(home)
        time.sleep(8)  # until the scheduler has imported its libraries, once per server
        found = [click(store, run, data) for _ in range(options.clicks)]
    first, peak = zip(*found, strict=True)
    later = first[1:] or first
    seconds, held = bare(70_000 * 28 * 28)
    middle, worst = statistics.median(later), max(later)
    words = (
        f"median {middle:.2f} s of {len(later)} (worst {worst:.2f}); {first[0]:.2f} s the very first time, when the precision is "
        f"measured; a new process that imports torch {seconds:.2f} s"
    )
    report(judged("from the click on Start to the first training step", words, middle, PROMPT, "s"))
    words = f"{max(peak):.0f} MB; torch and the pictures alone {held:.0f} MB"
    report(judged("peak memory of a training process on MNIST", words, max(peak), HELD, "MB"))


if __name__ == "__main__":
    main()
