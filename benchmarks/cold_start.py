"""How soon a server that has just been started shows the first decoded picture in a browser, and what it holds in memory then.

python -m benchmarks.cold_start [--times 5] [--beside CHECKOUT]

Server and browser (headless Chromium, with an empty cache) are started at once; the browser opens Latent space of `mnist-vae-2d` when
the server answers. Rows: the first start of a home, which has nothing kept; later starts, which draw from files kept by earlier ones;
and a page of Streamlit with a title alone. `--beside` measures another checkout in turn, so that other work hits both.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from benchmarks.live.browser_control import ARGUMENTS, PROJECTOR, memory
from benchmarks.live.opening import EMPTY, PATH, PICTURE, TITLE
from benchmarks.live.streamlit_slider import answers
from benchmarks.result_row import Row, judged, report
from tests.browser.page_watch import settled
from tests.browser.server import ROOT, free_port
from tools.browser import MISSING, find
from vae_core.utils.paths import data_dir

SECONDS, RESIDENT = 3.5, 350.0  # the bars: from the start to the picture, and MB once the page stands
LATER = 10.0  # seconds after which the memory is looked at again: by then torch has been imported


@dataclass(frozen=True)
class Start:
    """Of one start: `seconds` to what is seen first, and the server's memory in MB: resident, proportional, and resident later."""

    seconds: float
    resident: float
    proportional: float
    later: float


def resident(pid: int) -> float:
    """The resident set size of a process, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1000


def cold(playwright: Playwright, chromium: str, command: Sequence[str], root: Path, home: Path, seen: str) -> Start:
    """Start the server that `command` says and a browser at once; the server's home is `home`."""
    port = free_port()
    environment = os.environ | {"LATENT_HOME": str(home), "LATENT_DATA": str(data_dir().resolve())}
    environment |= {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(root)}
    address = f"http://127.0.0.1:{port}"
    began = time.time()
    with open(home / "server.log", "wb") as log:
        server = subprocess.Popen(
            [*command, str(port)], cwd=root, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        page = browser.new_context(viewport=PROJECTOR).new_page()
        page.add_init_script(f"({seen})()")
        while not answers(address):
            if server.poll() is not None:
                raise RuntimeError((home / "server.log").read_text())
            time.sleep(0.02)
        page.goto(address + PATH if seen == PICTURE else address)
        page.wait_for_function("() => globalThis.first", timeout=120_000)
        settled(page)
        found = page.evaluate("() => performance.timeOrigin + globalThis.first") / 1000 - began
        held, shared = resident(server.pid), memory(server.pid)
        page.wait_for_timeout(1000 * LATER)
        later = resident(server.pid)
        browser.close()
    finally:
        server.terminate()
        server.wait(timeout=60)
    return Start(found, held, shared, later)


def rows(what: str, starts: Sequence[Start], has_bar: bool, beside: str = "") -> Iterator[Row]:
    """A row on the time and one on the memory: medians."""
    seconds, held, shared, later = (
        statistics.median(getattr(one, name) for one in starts)
        for name in ("seconds", "resident", "proportional", "later")
    )
    worst = max(one.seconds for one in starts)
    words = f"median {seconds:.2f} s of {len(starts)} (worst {worst:.2f}){beside}"
    yield judged(what, words, seconds, SECONDS, "s") if has_bar else Row(what, words)
    words, then = (
        f"{held:.0f} MB resident, {shared:.0f} proportional; {later:.0f} resident {LATER:.0f} s later",
        f"memory of the server: {what}",
    )
    yield judged(then, words, held, RESIDENT, "MB") if has_bar else Row(then, words)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--beside", type=Path, help="another checkout, measured in turn")
    options = parser.parse_args()
    if not (chromium := find()):
        parser.error(MISSING)
    app = [sys.executable, "-m", "vae_core", "serve", "--port"]
    plain = [sys.executable, "-m", "streamlit", "run", "--server.headless", "true"]
    roots = {"this checkout": ROOT} | ({str(options.beside): options.beside.resolve()} if options.beside else {})
    firsts: dict[str, list[Start]] = {name: [] for name in roots}
    later: dict[str, list[Start]] = {name: [] for name in roots}
    empty: list[Start] = []
    print(f"load {os.getloadavg()[0]:.1f} before the start")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sync_playwright() as playwright:
        for time_of in range(options.times + 1):
            for name, root in roots.items():
                home = Path(folder) / f"home-{len(name)}"
                home.mkdir(exist_ok=True)
                start = cold(playwright, chromium, app, root, home, PICTURE)
                (later if time_of else firsts)[name].append(start)
            if time_of:
                port = ["--server.address", "127.0.0.1", "--server.port"]
                empty.append(cold(playwright, chromium, [*plain, str(EMPTY), *port], ROOT, Path(folder), TITLE))
    floor = f"; an empty page of Streamlit {statistics.median(one.seconds for one in empty):.2f} s"
    for name in roots:
        where = "" if len(roots) == 1 else f", {name}"
        for row in rows(
            f"server and browser started at once, to the first decoded picture, first start of a home{where}",
            firsts[name],
            False,
        ):
            report(row)
        is_ours = name == "this checkout"
        for row in rows(
            f"server and browser started at once, to the first decoded picture{where}", later[name], is_ours, floor
        ):
            report(row)
    for row in rows("server and browser started at once, an empty page of Streamlit to its title", empty, False):
        report(row)


if __name__ == "__main__":
    main()
