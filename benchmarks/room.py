"""A room of many browsers: what they cost while nothing happens, how fast they come in, and how fast a page reaches them all.

python -m benchmarks.room [--clients 195] [--seconds 60]

The clients speak Streamlit's protocol and draw nothing, so that this machine measures the server and not its own browsers. Each has
a cookie and the room's code, as a student's browser has. Prints one JSON object a line: the figure, and its bar.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from benchmarks.live.browser_control import cpu, memory, used
from tests.browser.raw_client import Session, ask, session
from tests.browser.server import Server, start

PAGES = ("", "latent_space", "decode")  # of the students; "" is Start
NAME = "class.localhost"  # as behind a proxy: nobody sits at the server's machine
BAR_IDLE, BAR_READY = 5.0, 6.0  # % of a core; seconds, p95


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.room")
    parser.add_argument("--clients", type=int, default=195)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args(words)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, ExitStack() as stack:
        server = start(Path(folder), hosts=NAME)
        stack.callback(server.process.kill)
        teacher = enter(server, "teacher", server.room["key"])
        stack.enter_context(
            session(server, "decode", teacher, "model=digits-vae-2d")
        )  # the first page of a cold server
        kept, worked = memory(server.process.pid), used(server.process.pid)
        sessions, ready = open_at_once(server, options.clients, stack)
        report("processor time of one page", 1000 * (used(server.process.pid) - worked) / options.clients, "ms")
        report("memory of one open page", (memory(server.process.pid) - kept) / options.clients, "MB")
        descriptors = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
        report("file descriptors", descriptors, f"with {options.clients} pages")
        report("ready, p95 of all at once", percentile(ready, 95), "s", BAR_READY)
        report("ready, median", statistics.median(ready), "s")
        quiet(sessions)
        report("idle", idle(server, options.seconds), "% of a core", BAR_IDLE)
    return 0


def enter(server: Server, word: str, value: str) -> str:
    """The cookies of a browser that has come in by a link."""
    headers = {"Accept": "text/html"}
    room = ask(server, f"/?{word}={value}", **headers)[1]["set-cookie"].partition(";")[0]
    user = ask(server, "/", Cookie=room, **headers)[1]["set-cookie"].partition(";")[0]
    return f"{room}; {user}"


def open_at_once(server: Server, count: int, stack: ExitStack) -> tuple[list[Session], list[float]]:
    """Open that many pages at once; their sessions, and the seconds until the first run of each was over."""
    cookies = [enter(server, "room", server.room["code"]) for _ in range(count)]
    began = time.perf_counter()

    def arrive(number: int) -> tuple[ExitStack, Session, float]:
        own = ExitStack()
        found = own.enter_context(session(server, PAGES[number % len(PAGES)], cookies[number], "model=digits-vae-2d"))
        return own, found, time.perf_counter() - began

    with ThreadPoolExecutor(count) as pool:
        arrived = list(pool.map(arrive, range(count)))
    for own, _, _ in arrived:
        stack.push(own)
    return [found for _, found, _ in arrived], [seconds for _, _, seconds in arrived]


def quiet(sessions: list[Session]) -> None:
    """Wait until no session gets a message any more."""
    for one in sessions:
        try:
            while True:
                one.socket.recv(timeout=0.05)
        except TimeoutError:
            continue


def idle(server: Server, seconds: float) -> float:
    """Per cent of a core that the server takes while nothing happens."""
    began, used = time.perf_counter(), cpu(server.process.pid)
    time.sleep(seconds)
    return 100 * (cpu(server.process.pid) - used) / (time.perf_counter() - began)


def percentile(values: list[float], share: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def report(what: str, value: float, unit: str, bar: float | None = None) -> None:
    row = {"what": what, "value": round(value, 3), "unit": unit}
    print(json.dumps(row | ({} if bar is None else {"bar": bar, "reached": value <= bar})), flush=True)


if __name__ == "__main__":
    sys.exit(main())
