"""Speed of the live stage in a real Chromium, with the real app and real MNIST, compared with its targets.

python -m benchmarks.live_stage [--quick] [--only drag slow open draw pick decode words text plain large room]

Frames per second are the frames that the stage drew while the pointer moved in every frame (headless Chromium draws 60 per second).
Script time is the time of all of the stage's own JavaScript in a frame, including its event handlers. Server time is the processor
time of the server's process. A page is opened with an empty browser cache, and again. Everything runs on one machine, so the
browser, which draws without a graphics card, competes with the server for the cores. For comparison, `plain` measures a Streamlit
slider with torch and st.image.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.live.browser_control import ARGUMENTS, cores
from benchmarks.live.classroom import classroom
from benchmarks.live.decoding import decoding
from benchmarks.live.one_visitor import conv_model, dragging, drawing, large, picking, slowed
from benchmarks.live.opening import opening
from benchmarks.live.sentences import dragged, writing
from benchmarks.live.streamlit_slider import serving, streamlit_slider
from benchmarks.result_row import Row, report
from tests.browser.server import ROOT, start
from tools.browser import MISSING, find
from vae_core import checkpoints
from vae_core.utils.paths import data_dir

PARTS = ("drag", "slow", "open", "draw", "pick", "decode", "words", "text", "plain", "large", "room")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="shorter and fewer measurements")
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
        f"{len(cores())} processors, load {os.getloadavg()[0]:.1f} before the start (other load lowers the frame rate)"
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
            "open": lambda: opening(browser, server, home, 3 if quick else 7),
            "draw": lambda: drawing(browser, server, turn),
            "pick": lambda: picking(browser, server, 8 if quick else 20),
            "decode": lambda: decoding(browser, 60 if quick else 200),
            "words": lambda: writing(browser, 40 if quick else 100),
            "text": lambda: dragged(browser, server, 2 * turn),
            "plain": lambda: streamlit_slider(browser, home, turn, 3 if quick else 5),
            "large": map_of_60000,
            "room": lambda: classroom(browser, server, data, options.people, 4 if quick else 10, 1.2),
        }
        try:
            for name in options.only:
                for row in measures[name]():
                    report(row)
                    rows.append(row)
        finally:
            browser.close()
            server.stop()
    targets = [row for row in rows if row.holds is not None]
    print(f"{sum(row.holds for row in targets)} of {len(targets)} targets met; {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
