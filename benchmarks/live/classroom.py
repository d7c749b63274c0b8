"""A class of thirty visitors who drag at once, while one training runs.

In a class, the browsers run on the students' machines. Here they would take both cores from the training, so they are pinned to one
core, and the server and the training to the other. The pages create the pointer events themselves. The thirty drags are repeated in
pairs: once with the server running, once with it suspended (SIGSTOP). The difference in training speed is the server's share.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.live.browser_control import READY, STAGE, Visit, cores, cpu, idle, median
from benchmarks.result_row import Row
from tests.browser.page_watch import settled
from tests.browser.server import Server
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.presets.build_run import build_run
from vae_core.runs import Store
from vae_core.scheduling.start_scheduler import ensure_scheduler

# Moves a mouse over the map in every frame for `seconds`; the decoder draws each place.
MOVES = f"""(seconds) => {{
  const {{front}} = {STAGE}.map, {{left, top, width, height}} = front.getBoundingClientRect(), began = performance.now();
  const move = (now) => {{
    const turn = now / 500, clientX = left + width * (0.5 + 0.3 * Math.sin(turn));
    const clientY = top + height * (0.5 + 0.3 * Math.sin(2 * turn));
    front.dispatchEvent(new PointerEvent("pointermove", {{clientX, clientY, pointerType: "mouse", bubbles: true}}));
    if (now < began + 1000 * seconds) requestAnimationFrame(move);
  }};
  requestAnimationFrame(move); }}"""
DECODED = f"() => {STAGE}.scene.turn"


def classroom(
    browser: Browser, server: Server, data_dir: Path, people: int, pairs: int, seconds: float
) -> Iterator[Row]:
    visits = [Visit(browser, server) for _ in range(people)]
    for visit in visits:
        visit.page.goto("/latent_space?model=mnist-vae-2d", wait_until="commit")
    for visit in visits:
        visit.page.wait_for_function(READY, timeout=120_000)
    settled(visits[-1].page)
    visits[0].page.wait_for_timeout(1000)
    yield from dragging(visits, server, seconds)
    if len(cores()) > 1:
        yield from beside_a_training(visits, server, data_dir, pairs, seconds)
    for visit in visits:
        visit.close()


def dragging(visits: list[Visit], server: Server, seconds: float) -> Iterator[Row]:
    page = visits[0].page
    still = idle(server, page, seconds)
    before = [visit.page.evaluate(DECODED) for visit in visits]
    carried = sum(visit.sent + visit.received for visit in visits)
    began, computed = time.perf_counter(), cpu(server.process.pid)
    move(visits, seconds)
    page.wait_for_timeout(1000 * seconds)
    used = 100 * (cpu(server.process.pid) - computed) / (time.perf_counter() - began)
    carried = sum(visit.sent + visit.received for visit in visits) - carried
    decoded = sum(visit.page.evaluate(DECODED) - b for visit, b in zip(visits, before, strict=True)) / seconds
    words = f"server {used:.2f} % of a core (idle {still:.2f}), {carried} bytes, {decoded:.0f} decodes/s in all"
    yield Row(f"{len(visits)} browsers drag at once", words, "5 % of a core", used < 5)


def move(visits: list[Visit], seconds: float) -> None:
    for visit in visits:
        visit.page.evaluate(MOVES, seconds)


def beside_a_training(visits: list[Visit], server: Server, data_dir: Path, pairs: int, seconds: float) -> Iterator[Row]:
    config = DataConfig(dataset="mnist")
    data = load(config, data_dir)
    store = Store(server.home)
    ensure_scheduler(store.home)
    id = store.create(build_run("vae", config, data.shape, len(data.classes), seconds=600, epochs=None), data_dir)
    while not store.events(id, "step"):
        time.sleep(0.1)
    everywhere, (first, second, *_) = cores(), sorted(cores())
    ours = [server.process.pid, store.get(id).pid]
    theirs = [pid for pid in tree(os.getpid()) if pid not in ours]
    try:
        pin(theirs, {first})
        pin(ours, {second})
        kept = []
        for number in range(pairs):
            speeds = {}
            for awake in (True, False) if number % 2 else (False, True):
                os.kill(server.process.pid, signal.SIGCONT if awake else signal.SIGSTOP)
                move(visits, seconds + 1)
                visits[0].page.wait_for_timeout(500)
                speeds[awake] = speed(store, id, visits[0], seconds)
            kept.append(speeds[True] / speeds[False])
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
        store.command(id, "stop")
        pin([*theirs, *ours], everywhere)
    lost = 100 * (1 - median(kept))
    words = f"loses {lost:.1f} % of its steps (median of {pairs} pairs, {min(kept):.2f} to {max(kept):.2f})"
    yield Row("    a training on the server's core, server awake or halted", words, "5 %", lost < 5)
    note = "all browsers on one core, server and training on the other: the rest of the loss is the browsers' own"
    yield Row(f"    ({note})", "", "", None)


def speed(store: Store, id: str, visit: Visit, seconds: float) -> float:
    """Training steps per second of training time, from two of its records."""
    began = store.get(id).latest["step"]
    visit.page.wait_for_timeout(1000 * seconds)
    ended = store.get(id).latest["step"]
    return (ended["step"] - began["step"]) / (ended["seconds"] - began["seconds"])


def pin(pids: list[int], to: set[int]) -> None:
    """Pin every thread of these processes to these processors."""
    for task in (task for pid in pids for task in Path(f"/proc/{pid}/task").glob("*")):
        with suppress(OSError):  # one that has just ended
            os.sched_setaffinity(int(task.name), to)


def tree(root: int) -> list[int]:
    """The ids of a process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += parents.get(pid, [])
    return found
