"""A room of many browsers: what they cost while nothing happens, how fast they come in, and how fast a page reaches them all.

python -m benchmarks.room [--clients 195] [--browsers 5] [--seconds 60]

The clients speak Streamlit's protocol and draw nothing, so that this machine measures the server and not its own browsers. Each has
a cookie and the room's code, as a student's browser has. Those on Train hold a second connection, on which a browser hears of the run;
real browsers stand beside them. A page of Streamlit with a title alone is opened by as many clients for comparison.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.live.browser_control import ARGUMENTS, PROJECTOR, memory, used
from benchmarks.live.opening import EMPTY
from benchmarks.live.run_watchers import Watchers, spent
from benchmarks.live.streamlit_slider import serving
from benchmarks.result_row import Row, judged, report
from tests.browser.page_watch import settled
from tests.browser.raw_client import Session, ask, go, session
from tests.browser.server import Server, start
from tools.browser import MISSING, find
from vae_core.config import DataConfig
from vae_core.presets.build_run import build_run
from vae_core.runs import Store
from vae_core.scheduling.start_scheduler import ensure_scheduler

PAGES = ("", "latent_space", "decode")  # of the students; "" is Start
NAME = "class.localhost"  # as behind a proxy: nobody sits at the server's machine
BAR_IDLE, BAR_READY, BAR_MOVE = 5.0, 5.0, 2.0  # % of a core; seconds, p95, which are asked of 100 clients
PARTS = 6  # of the time, after each of which the memory is read
SETTLING = 10.0  # seconds, in which the last page that was opened has been told of the run


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.room")
    parser.add_argument("--clients", type=int, default=195)
    parser.add_argument("--browsers", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--only", choices=("idle", "train"))
    options = parser.parse_args(words)
    if options.only != "train":
        idle(options.clients, options.seconds)
    if options.only != "idle":
        train(options.clients, options.browsers, options.seconds)
    return 0


def idle(clients: int, seconds: float) -> None:
    """Clients on several pages: how fast all come in at once, and what they cost while nothing happens."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        server = start(Path(folder), hosts=NAME)
        stack.callback(server.process.kill)
        teacher = enter(server, "teacher", server.room["key"])
        stack.enter_context(
            session(server, "decode", teacher, "model=digits-vae-2d")
        )  # the first page of a cold server
        cookies = [enter(server, "room", server.room["code"]) for _ in range(clients)]
        kept, worked = memory(server.process.pid), used(server.process.pid)
        sessions, ready = open_at_once(server, cookies, stack)
        told("processor time of one page", 1000 * (used(server.process.pid) - worked) / clients, "ms")
        told("memory of one open page", (memory(server.process.pid) - kept) / clients, "MB")
        descriptors = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
        told("file descriptors", descriptors, f"with {clients} pages")
        quiet(sessions)
        moved = move_at_once(sessions)
        quiet(sessions)
        used_idle = spent([server.process.pid], seconds)[0]
    report(
        judged(
            f"{clients} clients with a page open while nothing happens",
            f"{used_idle:.1f} % of a core",
            used_idle,
            BAR_IDLE,
            "% of a core",
        )
    )
    late, empty = percentile(ready, 95), percentile(empty_pages(clients), 95)
    words = f"{late:.1f} s (median {statistics.median(ready):.1f}), an empty Streamlit page {empty:.1f} s"
    what = f"{clients} browsers that open a page at once, 95th percentile until it is ready"
    report(judged(what, words, late, BAR_READY, "s") if clients <= 100 else Row(what, words))
    late, what = (
        percentile(moved, 95),
        f"{clients} browsers that go to another page at once, 95th percentile until it is ready",
    )
    words = f"{late:.1f} s (median {statistics.median(moved):.1f})"
    report(judged(what, words, late, BAR_MOVE, "s") if clients <= 100 else Row(what, words))


def empty_pages(clients: int) -> list[float]:
    """Seconds until a page of Streamlit with a title alone is ready for each of so many clients, who open it at once."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        server = stack.enter_context(serving(EMPTY, Path(folder)))
        stack.enter_context(session(server, "", query=""))  # the first page of a cold server
        return open_at_once(server, [""] * clients, stack, ("",), "")[1]


def train(clients: int, browsers: int, seconds: float) -> None:
    """Clients and browsers on Train while a run trains: what the server takes beside the training, and its memory before and after."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        server = start(Path(folder), hosts=NAME)
        stack.callback(server.process.kill)
        store = Store(server.home)
        id = store.create(build_run("vae", DataConfig(), (1, 8, 8), 10, latent_dim=2, seconds=3600.0, epochs=None))
        stack.callback(end, store, id)
        ensure_scheduler(server.home)
        while "step" not in store.get(id).latest:
            time.sleep(0.1)
        cookies = [enter(server, "room", server.room["code"]) for _ in range(clients)]
        open_at_once(server, cookies, stack, ("train",), f"run={id}")
        watchers = stack.enter_context(Watchers(server, cookies, id))
        in_browsers(server, browsers, id, stack)
        time.sleep(SETTLING)
        watchers.count_anew()
        row = store.get(id)
        if row.pid is None:
            raise SystemExit(f"The training has ended: {row.state}. {row.message} {store.log(id)}")
        before, worker = memory(server.process.pid), row.pid
        shares, held = [], [before]
        for _ in range(PARTS):
            shares.append(spent([server.process.pid, worker], seconds / PARTS))
            held.append(memory(server.process.pid))
        server_share, worker_share = (statistics.mean(each) for each in zip(*shares, strict=True))
        what = f"{clients} clients and {browsers} browsers on Train while a run trains, beside the training"
        report(judged(what, f"{server_share:.1f} % of a core", server_share, BAR_IDLE, "% of a core"))
        told("the training itself", worker_share, "% of a core")
        words = f"{', '.join(f'{each:.1f}' for each in held)} MB at the beginning and after each of {PARTS} parts of {seconds:g} s"
        report(Row("    memory of the server", words))
        told("told of the run", watchers.messages / seconds / clients, "times a second")
        told("told of the run", watchers.bytes / max(1, watchers.messages) / 1000, "kB each time")
        told("reasons to draw the page again", watchers.redraws, "times")


def in_browsers(server: Server, count: int, id: str, stack: ExitStack) -> None:
    """Open Train in so many real browsers, each a student who has come in by the link."""
    if not (chromium := find()):
        raise SystemExit(MISSING)
    browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=chromium, args=ARGUMENTS)
    for _ in range(count):
        page = browser.new_context(base_url=f"http://{NAME}:{server.port}", viewport=PROJECTOR).new_page()
        page.goto(f"/train?room={server.room['code']}&run={id}")
        settled(page)


def end(store: Store, id: str) -> None:
    """Stop the run, and wait for it."""
    if store.get(id).active:
        store.command(id, "stop")
    while store.get(id).active:
        time.sleep(0.1)


def enter(server: Server, word: str, value: str) -> str:
    """The cookies of a browser that has come in by a link."""
    headers = {"Accept": "text/html"}
    room = ask(server, f"/?{word}={value}", **headers)[1]["set-cookie"].partition(";")[0]
    user = ask(server, "/", Cookie=room, **headers)[1]["set-cookie"].partition(";")[0]
    return f"{room}; {user}"


def open_at_once(
    server: Server,
    cookies: list[str],
    stack: ExitStack,
    pages: Sequence[str] = PAGES,
    query: str = "model=digits-vae-2d",
) -> tuple[list[Session], list[float]]:
    """Open a page for each browser at once; their sessions, and the seconds until the first run of each was over."""
    count, began = len(cookies), time.perf_counter()

    def arrive(number: int) -> tuple[ExitStack, Session, float]:
        own = ExitStack()
        found = own.enter_context(session(server, pages[number % len(pages)], cookies[number], query))
        return own, found, time.perf_counter() - began

    with ThreadPoolExecutor(count) as pool:
        arrived = list(pool.map(arrive, range(count)))
    for own, _, _ in arrived:
        stack.push(own)
    return [found for _, found, _ in arrived], [seconds for _, _, seconds in arrived]


def move_at_once(sessions: Sequence[Session]) -> list[float]:
    """All go to the next of PAGES at once; the seconds until each has it."""
    began = time.perf_counter()

    def move(number: int) -> float:
        go(sessions[number].socket, PAGES[(number + 1) % len(PAGES)], "model=digits-vae-2d")
        return time.perf_counter() - began

    with ThreadPoolExecutor(len(sessions)) as pool:
        return list(pool.map(move, range(len(sessions))))


def quiet(sessions: list[Session]) -> None:
    """Wait until no session gets a message any more."""
    for one in sessions:
        try:
            while True:
                one.socket.recv(timeout=0.05)
        except TimeoutError:
            continue


def percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def told(what: str, value: float, unit: str) -> None:
    report(Row(what, f"{value:.4g} {unit}"))


if __name__ == "__main__":
    sys.exit(main())
