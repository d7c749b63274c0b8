"""What a store of many runs costs: pages, lists, search, clean-up, files and memory, and how each cost grows with the number of runs.

python -m benchmarks.scale [--sizes 10 100 1000 10000] [--epochs 100] [--repeats 5] [--only pages store writers]

Fills one home folder for each size (see `stores.filled`) and starts the real server on each. A page is opened in a real browser with an
empty cache, in turn on the server with few runs and on the one with many; the medians of both and of their ratio are printed. All
other times are medians too. The exponent is the slope of log(cost) over log(runs), by least squares: 0 is a cost that does not grow,
1 one that is proportional to the number of runs. `writers` prints what one store file takes, from several processes at once, the
scheduler's part of a start, and the bytes of weights.
"""

import argparse
import math
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.live.browser_control import ARGUMENTS, PROJECTOR, cores, memory, used
from benchmarks.stores.filled import fill
from benchmarks.stores.writers import written
from tests.browser.page_watch import settled
from tests.browser.server import Server, start
from tools.browser import MISSING, find
from vae_core.experiments.sweeps import Sweep, keep
from vae_core.runs import Store
from vae_core.runs.many.clean_up import plan
from vae_core.runs.many.listing import page
from vae_core.runs.users import User

PAGES = {"Start": "/", "Train": "/train", "Compare": "/compare"}
STILL = 0.3  # seconds without a change after which a page counts as ready; they are taken off
STUDENT = User("f" * 16)
PARTS = ("pages", "store", "writers")
Costs = dict[str, dict[int, float]]  # by what, and by the number of runs


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000, 10_000])
    parser.add_argument("--epochs", type=int, default=100, help="of each run")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    options = parser.parse_args(words)
    print(f"{len(cores())} processors, load {os.getloadavg()[0]:.1f} before the start", flush=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        stores = {size: _filled(Path(folder) / str(size), size, options.epochs) for size in sorted(options.sizes)}
        costs: Costs = {}
        if "store" in options.only:
            costs |= store_costs(stores, options.repeats)
        if "pages" in options.only:
            costs |= page_costs(stores, options.repeats, stack)
        if len(stores) > 1:
            print(table(costs))
        if "writers" in options.only:
            print("\n".join(written(Path(folder))))
    return 0


def _filled(home: Path, size: int, epochs: int) -> Store:
    home.mkdir()
    began = time.perf_counter()
    store = fill(home, size, epochs)
    base = store.runs()[0].run
    keep(Sweep(base=base, varied={"beta": (0.5, 1.0, 2.0, 4.0)}, seeds=2), home)
    print(f"{size:,} runs with {size * epochs:,} epochs: filled in {time.perf_counter() - began:.0f} s", flush=True)
    return store


def store_costs(stores: dict[int, Store], repeats: int) -> Costs:
    """Milliseconds of the lists, the clean-up's dry run and a new run; megabytes of the file."""
    costs: Costs = {
        "clean-up, dry run, sizes not known yet, ms": {
            size: _ms(lambda store=store: plan(store), 1) for size, store in stores.items()
        }
    }
    measured: dict[str, Callable[[Store], object]] = {
        "clean-up, dry run, again, ms": plan,
        "one page of the list, ms": page,
        "the same, its last page, ms": lambda store: page(store, start=page(store).total - 6, count=6),
        "search that finds one run, ms": lambda store: page(store, search="copy 8 digits"),
        "search that finds nothing, ms": lambda store: page(store, search="nothing"),
        "a student's new run, with its quotas, ms": _new_run,
    }
    for what, act in measured.items():
        costs[what] = {size: _ms(lambda act=act, store=store: act(store), repeats) for size, store in stores.items()}
    costs["file of the store, MB"] = {size: store.path.stat().st_size / 1e6 for size, store in stores.items()}
    return costs


def _new_run(store: Store) -> None:
    base = page(store, count=1).rows[0].run
    id = store.create(base, user=STUDENT, state="paused")
    store.delete(id, STUDENT)


def _ms(act: Callable[[], object], repeats: int) -> float:
    found = []
    for _ in range(repeats):
        began = time.perf_counter()
        act()
        found.append(1000 * (time.perf_counter() - began))
    return statistics.median(found)


def page_costs(stores: dict[int, Store], repeats: int, stack: ExitStack) -> Costs:
    """Seconds until a page is ready, the server's processor time and the bytes it sends for that; the server's memory afterwards."""
    if not (chromium := find()):
        raise SystemExit(MISSING)
    playwright = stack.enter_context(sync_playwright())
    browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    stack.callback(browser.close)
    few, costs = min(stores), Costs()
    with _serving(stores[few].home) as reference:
        costs["first page of a server, s"] = {few: visit(browser, reference, "/")[0]}
        for path in PAGES.values():
            visit(browser, reference, path)
        for size in [size for size in stores if size != few]:
            with _serving(stores[size].home) as server:
                cold = visit(browser, server, "/")[0]
                for path in PAGES.values():
                    visit(browser, server, path)
                _pairs(browser, reference, server, few, size, repeats, costs)
                costs["first page of a server, s"][size] = cold
                costs.setdefault("memory of the server, MB", {})[size] = memory(server.process.pid)
        costs["memory of the server, MB"][few] = memory(reference.process.pid)
    return costs


def _pairs(
    browser: Browser, reference: Server, server: Server, few: int, size: int, repeats: int, costs: Costs
) -> None:
    """Open each page in turn on both servers, print the medians, and add that of their ratio to the costs."""
    for name, path in PAGES.items():
        pairs = [(visit(browser, reference, path), visit(browser, server, path)) for _ in range(repeats)]
        for what, column in (("seconds to ready", 0), ("ms of the server", 1), ("kB sent", 2)):
            mine, other = (statistics.median(pair[side][column] for pair in pairs) for side in (1, 0))
            ratio = statistics.median(large[column] / small[column] for small, large in pairs)
            costs.setdefault(f"{name}: {what}, times that of {few} runs", {few: 1.0})[size] = ratio
            print(f"{name}: {what}: {mine:.3g} with {size:,} runs, {other:.3g} with {few}", flush=True)


def visit(browser: Browser, server: Server, path: str) -> tuple[float, float, float]:
    """Open a page in full as a new visitor: seconds until it is ready, the server's processor ms, and the kB of its websocket."""
    context = browser.new_context(base_url=server.url, viewport=PROJECTOR)  # type: ignore[arg-type]
    try:
        opened, sizes = context.new_page(), list[int]()
        opened.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sizes.append(len(frame))))
        before, began = used(server.process.pid), time.perf_counter()
        opened.goto(f"{path}?level=full")
        settled(opened, still=STILL)
        return time.perf_counter() - began - STILL, 1000 * (used(server.process.pid) - before), sum(sizes) / 1000
    finally:
        context.close()


class _serving:
    """A server on a home folder, which ends with the block."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __enter__(self) -> Server:
        self.server = start(self.home)
        return self.server

    def __exit__(self, *_: object) -> None:
        self.server.stop()


def table(costs: Costs) -> str:
    """A line for each cost: its value for each number of runs, and the exponent of its growth."""
    sizes = sorted({size for row in costs.values() for size in row})
    lines = [f"{'runs':<54}" + "".join(f"{size:>10,}" for size in sizes) + f"{'exponent':>10}"]
    for what, row in costs.items():
        cells = "".join(f"{row[size]:>10.3g}" if size in row else " " * 10 for size in sizes)
        lines.append(f"{what:<54}{cells}{exponent(row):>10.2f}")
    return "\n".join(lines)


def exponent(row: dict[int, float]) -> float:
    """The slope of log(cost) over log(runs), for two or more numbers of runs."""
    sizes = [math.log(size) for size in sorted(row)]
    return statistics.linear_regression(sizes, [math.log(max(row[size], 1e-9)) for size in sorted(row)]).slope


if __name__ == "__main__":
    sys.exit(main())
