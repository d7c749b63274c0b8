"""README's table of speed, measured again: `python -m benchmarks.speed [PART ...]`, then `python -m tools.docs`.

Each part is a benchmark, which runs alone in a process of its own with what it is compared with. Its rows are kept in docs/speed.json
with the processor and the load before it began, so that one part may be measured again. Without names all parts run, half an hour of
two cores, most of it for `tests`.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from benchmarks.result_row import KEPT, judged
from vae_core.utils.files import write_atomically

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "docs" / "speed.json"
MINUTES = 15.0  # the bar of `make test`
PARTS: dict[str, tuple[str, ...]] = {  # by name, the module and its options; the table has their order
    "open": ("live_stage", "--only", "open"),
    "cold": ("cold_start",),
    "class": ("room", "--only", "idle", "--clients", "100"),
    "drag": ("live_stage", "--only", "slow"),
    "decode": ("live_stage", "--only", "decode"),
    "map": ("growth", "--only", "points"),
    "step": ("throughput", "--threads", "1"),
    "step2": ("throughput", "--threads", "2"),
    "loss": ("time_to_loss",),
    "ten": ("ten_seconds",),
    "worker": ("worker",),
    "tests": (),  # `make test`
}
# Why a bar is missed, by the beginning of the row's name.
REASONS: dict[str, str] = {
    "bytes of a laptop": "0.65 MB are Streamlit's code and fonts, 0.56 the model in 8 bits, with which the page encodes its first "
    "picture, 0.14 the map and 0.07 our code",
    "training time to": "of twelve recipes none reached that loss in three epochs on validation pictures, and four take this long",
    "peak memory": "torch and the pictures leave 22 MB, and our own modules take 29 before the first step",
}


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    options = parser.parse_args(words)
    if unknown := [name for name in options.parts if name not in PARTS]:
        parser.error(f"there is no part {unknown[0]}; known are {', '.join(PARTS)}")
    for name in options.parts or PARTS:
        keep(name, measured(name))
    return 0


def measured(name: str) -> dict[str, object]:
    """What a part came to: its rows, its command, the processor and the load before it began."""
    load = round(os.getloadavg()[0], 1)
    rows = tests() if name == "tests" else rows_of(PARTS[name])
    about = f"{machine()}, {os.cpu_count()} cores"
    return {"command": command(name), "processor": about, "load": load, "rows": rows}


def rows_of(part: tuple[str, ...]) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        module, *options = part
        given = [sys.executable, "-m", f"benchmarks.{module}", *options]
        subprocess.run(given, cwd=ROOT, env=os.environ | {KEPT: str(path)}, check=True)
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def tests() -> list[dict[str, object]]:
    """One row: how long `make test` takes. It raises where a test fails."""
    began = time.perf_counter()
    subprocess.run(["make", "test"], cwd=ROOT, check=True)
    minutes = (time.perf_counter() - began) / 60
    return [asdict(judged("`make test`", f"{minutes:.1f} min", minutes, MINUTES, "min"))]


def command(name: str) -> str:
    return " ".join(("python -m", f"benchmarks.{' '.join(PARTS[name])}")) if PARTS[name] else "make test"


def machine() -> str:
    """The processor's name, as the operating system has it."""
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return platform.processor()


def keep(name: str, found: dict[str, object]) -> None:
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    record[name] = found
    ordered = {part: record[part] for part in PARTS if part in record}
    write_atomically({RECORD: (json.dumps(ordered, indent=1, ensure_ascii=False) + "\n").encode()})


def reason(what: str) -> str:
    """Why a row's bar is missed; "" where none is known."""
    return next((text for begin, text in REASONS.items() if what.startswith(begin)), "")


if __name__ == "__main__":
    sys.exit(main())
