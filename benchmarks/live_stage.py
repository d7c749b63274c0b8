"""The live stage in a real Chromium, over the real app on real MNIST, against the bars that it was built for.

python -m benchmarks.live_stage [--quick] [--only drag slow open draw pick plain large room]

Frames are those that the stage really drew while the pointer was moved in every one of them (headless Chromium shows 60 a
second); script time is all of the stage's own JavaScript in a frame, the handlers of its events with it. Server time is the
processor time of the server's process, and a page that opens has never been here before (nothing is in its cache).
Everything runs on this one machine: the browser, which draws without a graphics card, competes with the server for its
cores. The plain way, a Streamlit slider with torch and st.image, is measured beside it.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.live.hands import ARGUMENTS, cores
from benchmarks.live.measures import conv_model, dragging, drawing, large, opening, picking, slowed
from benchmarks.live.plain import plain, serving
from benchmarks.live.room import room
from benchmarks.live.table import Row
from tests.browser.server import ROOT, start
from tools.browser import MISSING, find
from vae_core import checkpoints
from vae_core.utils.paths import data_dir

PARTS = ("drag", "slow", "open", "draw", "pick", "plain", "large", "room")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="shorter turns, fewer of them")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    if not (chromium := find()):
        parser.error(MISSING)
    data, quick, began = data_dir(options.data_dir).resolve(), options.quick, time.perf_counter()
    bundled = sorted(info.name for info in checkpoints.find(checkpoints.bundled()))
    rows: list[Row] = []
    print(
        f"{len(cores())} processors, load {os.getloadavg()[0]:.1f} before it began (other work here spoils the frames)"
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sync_playwright() as playwright:
        home, turn = Path(folder), 1.5 if quick else 4.0
        conv = conv_model(home, data, 2.0) if {"drag", "slow"} & set(options.only) else ""
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        server = start(home, data)

        def map_of_60000() -> Iterator[Row]:
            with serving(ROOT / "tests" / "browser" / "map_app.py", home) as other:
                yield from large(browser, other, turn)

        measures: dict[str, Callable[[], Iterator[Row]]] = {
            "drag": lambda: dragging(browser, server, {"MNIST MLP": "mnist-vae-2d", "MNIST conv": conv}, turn),
            "slow": lambda: slowed(browser, server, [*bundled, conv], 1.0 if quick else 1.5),
            "open": lambda: opening(browser, server, 3 if quick else 5),
            "draw": lambda: drawing(browser, server, turn),
            "pick": lambda: picking(browser, server, 8 if quick else 20),
            "plain": lambda: plain(browser, home, turn, 3 if quick else 5),
            "large": map_of_60000,
            "room": lambda: room(browser, server, data, options.people, 4 if quick else 10, 1.2),
        }
        try:
            for name in options.only:
                for row in measures[name]():
                    print(row.line(), flush=True)
                    rows.append(row)
        finally:
            browser.close()
            server.stop()
    asked = [row for row in rows if row.holds is not None]
    print(f"{sum(row.holds for row in asked)} of {len(asked)} bars hold; {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
