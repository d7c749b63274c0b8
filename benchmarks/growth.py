"""How cost grows with the number of points, of numbers in a code, of pixels of a picture's side, and of sessions.

python -m benchmarks.growth [--only points code side sessions] [--repeats 5]

Each line has the cost at each size, and the exponent of its growth: the slope of log(cost) over log(size) between the two largest
sizes, where a cost that does not depend on the size weighs least. 1 is proportional; of a picture's side the number of pixels is 2.
`python -m benchmarks.scale` has the number of runs.
"""

import argparse
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from playwright.sync_api import sync_playwright

from benchmarks.live.browser_control import ARGUMENTS, STAGE, Visit, cores, figure_eight, memory, used
from benchmarks.live.streamlit_slider import serving
from benchmarks.result_row import judged, report
from benchmarks.room import NAME, enter, open_at_once
from tests.browser.map_data import made_up
from tests.browser.server import ROOT, start
from tools.browser import MISSING, find
from vae_core.config import DataConfig
from vae_core.data import Dataset, Split
from vae_core.export.browser import browser_model
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.live_controls import LiveControls
from vae_core.training.trainer import Trainer
from vae_ui.stage import build_payload, model_block

POINTS, CODES, SIDES, SESSIONS = (
    (10_000, 60_000, 1_000_000),
    (2, 8, 32, 128, 512),
    (28, 32, 64, 128),
    (1, 25, 50, 100, 200),
)
COUNT = 512  # pictures
FRAMES, BAR = "time from frame to frame, ms", 59.0  # of the 60 that the screen shows
Costs = dict[str, dict[int, float]]  # by what, and by the size
PARTS = ("points", "code", "side", "sessions")


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args(words)
    print(f"{len(cores())} processors, load {os.getloadavg()[0]:.1f} before the start", flush=True)
    measures = {
        "points": lambda: points(options.repeats),
        "code": lambda: models(CODES, options.repeats, lambda size: (1, 28, 28)),
        "side": lambda: models(SIDES, options.repeats, lambda size: (3, size, size), network="conv", latent_dim=16),
        "sessions": sessions,
    }
    for name in options.only:
        costs = measures[name]()
        print(table(name, costs), flush=True)
        if FRAMES in costs:
            few, *_, many = (1000 / took for took in costs[FRAMES].values())
            told = f"{many:.1f} frames a second; {few:.1f} with {POINTS[0]:,} points"
            what = f"moving a map of {POINTS[-1]:,} points"
            report(judged(what, told, many, BAR, "frames a second", at_least=True))
    return 0


def points(repeats: int) -> Costs:
    """A map: packing it, its bytes, and what the browser takes to show it and to move it."""
    costs: Costs = {}
    for size in POINTS:
        codes, labels, _ = made_up(size)
        names = [str(k) for k in range(labels.max() + 1)]
        add(costs, "packing the map, ms", size, _ms(partial(build_payload, codes, labels, names), repeats))
        add(costs, "the map's block, MB", size, len(build_payload(codes, labels, names).blob) / 1e6)
    if not (chromium := find()):
        raise SystemExit(MISSING)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        with serving(ROOT / "tests" / "browser" / "map_app.py", Path(folder)) as server:
            for size in POINTS:
                visit = Visit(browser, server)
                page = visit.at(f"/?data=clusters&count={size}")
                add(
                    costs, "first paint after the block is there, ms", size, page.evaluate(f"() => {STAGE}.times.first")
                )
                box = visit.box()
                page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
                page.mouse.down()
                held = visit.move_pointer(figure_eight(box), 3.0)
                add(costs, "script of a frame while the map is moved, ms", size, held.p50)
                add(costs, FRAMES, size, 1000 / held.fps)
                visit.close()
        browser.close()
    return costs


def models(sizes: Sequence[int], repeats: int, shape: Callable[[int], tuple[int, ...]], **settings: Any) -> Costs:
    """A model of random pictures: one training step of a batch, and its block for the browser."""
    costs: Costs = {}
    torch.set_num_threads(1)
    for size in sizes:
        x = torch.randint(0, 256, (COUNT, *shape(size)), dtype=torch.uint8)
        split, own = (
            Split(x, torch.zeros(COUNT, dtype=torch.long)),
            {} if "latent_dim" in settings else {"latent_dim": size},
        )
        data = Dataset("noise", "noise", split, split, split)
        run = build_run("vae", DataConfig(), x.shape[1:], 0, precision="fp32", epochs=100, **settings, **own)
        trainer = Trainer(build(run.model, 0).train(), data, run, LiveControls())
        batch = torch.arange(run.train.batch_size)
        trainer.step(batch)
        add(costs, f"training step of {len(batch)} pictures, ms", size, _ms(partial(trainer.step, batch), repeats))
        add(costs, "the model's block, MB", size, len(model_block(browser_model(trainer.vae)).blob) / 1e6)
    return costs


def sessions() -> Costs:
    """Browsers that open a page at once: the server's processor time and memory for all of them."""
    costs: Costs = {}
    for size in SESSIONS:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
            server = start(Path(folder), hosts=NAME)
            stack.callback(server.process.kill)
            cookies = [enter(server, "room", server.room["code"]) for _ in range(size + 1)]
            open_at_once(server, cookies[:1], stack)  # the first page of a cold server
            kept, worked = memory(server.process.pid), used(server.process.pid)
            _, ready = open_at_once(server, cookies[1:], stack)
            add(costs, "processor time of all pages, s", size, used(server.process.pid) - worked)
            add(costs, "memory of all pages, MB", size, memory(server.process.pid) - kept)
            add(costs, "until the last page is ready, s", size, max(ready))
    return costs


def add(costs: Costs, what: str, size: int, cost: float) -> None:
    costs.setdefault(what, {})[size] = cost


def _ms(act: Callable[[], object], repeats: int) -> float:
    return statistics.median(1000 * took for took in _times(act, repeats))


def _times(act: Callable[[], object], repeats: int) -> Iterator[float]:
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        yield time.perf_counter() - began


def table(name: str, costs: Costs) -> str:
    """A line for each cost: its value at each size, and the exponent of its growth."""
    sizes = sorted({size for row in costs.values() for size in row})
    lines = [f"{name:<48}" + "".join(f"{size:>11,}" for size in sizes) + f"{'exponent':>10}"]
    for what, row in costs.items():
        lines.append(f"{what:<48}" + "".join(f"{row[size]:>11.3g}" for size in sizes) + f"{exponent(row):>10.2f}")
    return "\n".join(lines)


def exponent(row: dict[int, float]) -> float:
    """The slope of log(cost) over log(size) between the two largest sizes."""
    before, last = sorted(row)[-2:]
    return float(np.log(max(row[last], 1e-9) / max(row[before], 1e-9)) / math.log(last / before))


if __name__ == "__main__":
    sys.exit(main())
