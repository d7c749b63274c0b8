"""Start-up time of a training in the background, from the click on Start to the first step, and a worker's peak memory.

python -m benchmarks.worker [--clicks 5]

Creates runs on MNIST in a temporary store, as the Train page does, with a scheduler that has already started, as in a class. The time
is measured from the creation of the run to the record of its first step. Memory is the worker's peak resident memory (VmHWM, including
pages shared with the scheduler), read while it trains.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.presets.build_run import build_run
from vae_core.runs import ACTIVE, Store
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_core.utils.paths import data_dir

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


def _peak(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    line = next((line for line in text.splitlines() if line.startswith("VmHWM")), "VmHWM: 0 kB")
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
    print(f"click to first training step: median {statistics.median(later):.2f} s (worst {max(later):.2f})")
    print(f"the very first click, which also measures the precision: {first[0]:.2f} s")
    print(f"worker's peak memory: {max(peak):.0f} MB")


if __name__ == "__main__":
    main()
