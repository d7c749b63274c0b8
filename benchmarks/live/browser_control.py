"""Control of the browser for the benchmark: moving a real pointer in Chromium, timing frames, the server's processor time."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import Browser, Page, Route

from tests.browser.page_watch import settled
from tests.browser.server import ROOT, Server

SOURCES = ROOT / "vae_ui" / "stage" / "js"
STAGE = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.stage')?.stage).find(Boolean)"
READY = f"() => {{ const s = {STAGE}; return !!s?.times.frames.length && (!s.wanted.model || !!s.scene.out) && !s.frames.handle; }}"
PROJECTOR = {"width": 1280, "height": 720}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

# Each frame of the stage: when it began, how long all of the stage's script took (the handlers of the events since the last
# frame, then the frame itself), how often the model ran, and how long after the first of those events it was done. The browser itself
# tells of every task that blocks the page for 50 ms or longer.
CLOCK = f"""() => {{
  const stage = {STAGE};
  if (stage.log) return;
  let spent = 0, since = null;
  const timed = (owner, name) => {{
    const own = owner[name];
    owner[name] = function (...given) {{
      const began = performance.now();
      since ??= began;
      try {{ return own.apply(owner, given); }} finally {{ spent += performance.now() - began; }}
    }};
  }};
  for (const name of ["moveZ", "peekAt", "hoverAt", "panBy", "zoomBy"]) timed(stage.map, name);
  if (stage.made.pad) timed(stage.made.pad, "move");
  const own = stage.frames.draw;
  stage.log = [];
  stage.blocks = [];
  new PerformanceObserver((list) => stage.blocks.push(...list.getEntries().map(({{duration}}) => duration)))
    .observe({{type: "longtask"}});
  stage.frames.draw = function (all) {{
    const began = performance.now(), {{turn, q}} = stage.scene;
    own(all);
    const now = performance.now(), moved = Number(stage.scene.q?.mean[0] !== q?.mean[0]);
    stage.log.push([began, spent + now - began, stage.scene.turn - turn, since === null ? 0 : now - since, moved]);
    [spent, since] = [0, null];
  }};
}}"""


# A mouse wheel that turns in every frame, in both directions. The page creates the events itself, because Chromium's remote
# control passes only one wheel event in two frames.
WHEEL = f"""(seconds) => new Promise((done) => {{
  const {{front}} = {STAGE}.map, {{left, top, width, height}} = front.getBoundingClientRect(), began = performance.now();
  const place = {{clientX: left + width / 2, clientY: top + height / 2, bubbles: true, cancelable: true}};
  let turn = 0;
  const go = () => {{
    front.dispatchEvent(new WheelEvent("wheel", {{deltaY: turn++ % 48 < 24 ? -20 : 20, ...place}}));
    if (performance.now() < began + 1000 * seconds) requestAnimationFrame(go);
    else done();
  }};
  requestAnimationFrame(go);
}})"""


def stop_clock(page: Page) -> np.ndarray:
    """The frames since the last call, (N, 5), with the columns that CLOCK records."""
    return np.array(page.evaluate(f"() => {STAGE}.log.splice(0)")).reshape(-1, 5)


def longest_block(page: Page) -> float:
    """Milliseconds of the longest task since the last call, 0 where none took 50 ms."""
    return max(page.evaluate(f"() => {STAGE}.blocks.splice(0)"), default=0.0)


def cpu(pid: int) -> float:
    """Processor time of a process in seconds, with microsecond resolution: the sum over its threads."""
    total = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            total += int((task / "schedstat").read_text().split()[0])
        except OSError:  # a thread that has just ended
            continue
    return total / 1e9


def used(pid: int) -> float:
    """Processor seconds of a process and all its threads, those that have ended too, in steps of 10 ms."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """The proportional set size of a process, in MB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1000


@dataclass(frozen=True)
class DragCost:
    """What a pointer that moves in every frame costs: see `move_pointer`. Bytes of the websocket; the server in % of a core.

    `fps` is the mean, `middle` the median and `slow` the 5 % point of the frames per second from each frame to the next; `block` is
    that of `longest_block`.
    """

    fps: float
    middle: float
    slow: float
    block: float
    models: float
    p50: float
    p95: float
    delay: float
    moved: float
    sent: int
    received: int
    server: float

    def words(self) -> str:
        return f"{self.fps:.1f} frames/s, script p50 {self.p50:.1f} p95 {self.p95:.1f} ms"


class Visit:
    """A page opened as a new visitor, with a count of the bytes that its websocket carries."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.server, self.sent, self.received = server, 0, 0
        self.context = browser.new_context(base_url=server.url, viewport=PROJECTOR)
        self.page = self.context.new_page()
        self.page.on("websocket", self._listen)
        self.cdp = self.context.new_cdp_session(self.page)

    def _listen(self, socket: object) -> None:
        def add(name: str) -> Callable[[str | bytes], None]:
            return lambda frame: setattr(self, name, getattr(self, name) + len(frame))

        socket.on("framesent", add("sent"))
        socket.on("framereceived", add("received"))

    def at(self, address: str) -> Page:
        """Open an address; returns when the stage has drawn and Streamlit is idle."""
        self.page.goto(address)
        self.page.wait_for_function(READY)
        settled(self.page)
        self.page.evaluate(CLOCK)
        return self.page

    def server_seconds(self) -> float:
        return cpu(self.server.process.pid)

    def move(self, x: float, y: float, how: str) -> None:
        """Send one pointer event; returns when the page has received it, at its next frame.

        Playwright's own mouse is not used, because while a button is down it runs scripts in the page at every move.
        """
        event = {"type": "mouseMoved", "x": x, "y": y} | ({"button": "left", "buttons": 1} if how == "drag" else {})
        self.cdp.send("Input.dispatchMouseEvent", event)

    def box(self, canvas: str = "canvas.front") -> dict[str, float]:
        found = self.page.locator(canvas).first
        found.scroll_into_view_if_needed()
        return found.bounding_box()

    def move_pointer(self, places: Iterator[tuple[float, float]], seconds: float, how: str = "drag") -> DragCost:
        """Move the pointer through these places for so many seconds; `how` is "drag" (button down), "hover", or "wheel"
        (the wheel turns in one place)."""
        for _ in range(8):  # the browser compiles the code in the first frames
            self.move(*next(places), how)
        self.page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
        stop_clock(self.page)
        longest_block(self.page)
        sent, received, computed, began = self.sent, self.received, cpu(self.server.process.pid), time.perf_counter()
        if how == "wheel":
            self.page.evaluate(WHEEL, seconds)
        while time.perf_counter() - began < seconds:
            self.move(*next(places), how)
        frames, lasted = stop_clock(self.page), time.perf_counter() - began
        server = 100 * (cpu(self.server.process.pid) - computed) / lasted
        span = (frames[-1, 0] - frames[0, 0]) / 1000
        slow, middle = 1000 / np.quantile(np.diff(frames[:, 0]), [0.95, 0.5])
        p50, p95 = np.quantile(frames[:, 1], [0.5, 0.95])
        return DragCost(
            fps=(len(frames) - 1) / span,
            middle=float(middle),
            slow=float(slow),
            block=longest_block(self.page),
            models=frames[1:, 2].sum() / span,
            p50=float(p50),
            p95=float(p95),
            delay=float(np.quantile(frames[:, 3], 0.95)),
            moved=float(frames[:, 4].mean()),
            sent=self.sent - sent,
            received=self.received - received,
            server=server,
        )

    def close(self) -> None:
        self.context.close()


def figure_eight(box: dict[str, float], turn: int = 180) -> Iterator[tuple[float, float]]:
    """Places on a figure eight in the middle of a box, each a few pixels from the last."""
    for step in count():
        angle = 2 * np.pi * step / turn
        x, y = 0.5 + 0.28 * np.sin(angle), 0.5 + 0.28 * np.sin(2 * angle)
        yield box["x"] + x * box["width"], box["y"] + y * box["height"]


def idle(server: Server, page: Page, seconds: float) -> float:
    """The server's processor time in % of a core while no visitor acts."""
    began, computed = time.perf_counter(), cpu(server.process.pid)
    page.wait_for_timeout(1000 * seconds)
    return 100 * (cpu(server.process.pid) - computed) / (time.perf_counter() - began)


def median(values: list[float]) -> float:
    return statistics.median(values)


def cores() -> set[int]:
    """The processors that this process may use."""
    return os.sched_getaffinity(0)


def empty_page(browser: Browser, slower: int) -> Page:
    """A page that may import the stage's sources, on a processor that is slowed down."""

    def answer(route: Route) -> None:
        path: Path = SOURCES / urlsplit(route.request.url).path.lstrip("/")
        page = {"body": "<!doctype html>", "content_type": "text/html"}
        route.fulfill(**page if path == SOURCES else {"path": path, "content_type": "text/javascript"})

    page = browser.new_page()
    page.route("http://stage.test/**", answer)
    page.goto("http://stage.test/")
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    return page
