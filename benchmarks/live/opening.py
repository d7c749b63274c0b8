"""How long a warm page takes to open, in a browser that knows nothing and in one that comes again, beside an empty Streamlit page."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext

from benchmarks.live.browser_control import PROJECTOR, READY, median
from benchmarks.live.streamlit_slider import serving
from benchmarks.result_row import Row, judged
from tests.browser.page_watch import settled
from tests.browser.server import Server

PATH, EMPTY = "/latent_space?model=mnist-vae-2d", Path(__file__).with_name("empty_app.py")
# `first`: when the first decoded picture is drawn, or the first title stands, in ms since the page began to open.
PICTURE = """() => { const own = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...given) {
    own.apply(this, given);
    if (this.canvas.closest?.(".part-picture")) globalThis.first ??= performance.now();
  }; }"""
TITLE = """() => new MutationObserver((_, seen) => {
    if (!document.querySelector("[data-testid=stHeading]")) return;
    globalThis.first = performance.now();
    seen.disconnect();
  }).observe(document, {subtree: true, childList: true})"""
PAINT = "() => performance.getEntriesByType('paint')[0].startTime"
# What moved on its own after the first paint: https://web.dev/articles/cls
SHIFTS = """() => { globalThis.shifts = 0;
  new PerformanceObserver((list) => list.getEntries().forEach(({value}) => (globalThis.shifts += value)))
    .observe({type: "layout-shift", buffered: true}); }"""


@dataclass(frozen=True)
class Opened:
    """One page: seconds to the first picture or title and to the first paint, megabytes that came, and how much moved."""

    first: float
    paint: float
    bytes: float
    shifts: float


def opening(browser: Browser, server: Server, home: Path, times: int) -> Iterator[Row]:
    """Open pages over the loopback network, in turns; the first of each is left out."""
    empty, fresh, again = [], [], []
    with serving(EMPTY, home) as other:
        for _ in range(times + 1):
            with browser.new_context(base_url=other.url, viewport=PROJECTOR) as context:
                empty.append(_opened(context, "/", TITLE))
            with browser.new_context(base_url=server.url, viewport=PROJECTOR) as context:
                fresh.append(_opened(context, PATH, PICTURE))
                again.append(_opened(context, PATH, PICTURE))
    floor = median([one.first for one in empty[1:]])
    for name, opened, bar in (("fresh browser", fresh[1:], 1.5), ("second visit", again[1:], 1.25)):
        found, worst = median([one.first for one in opened]), max(one.first for one in opened)
        words = f"median {found:.2f} s (worst {worst:.2f}), an empty Streamlit page {floor:.2f} s"
        yield judged(f"warm page to the first decoded picture, {name}", words, found, bar, "s")
    paint, moved = median([one.paint for one in fresh[1:]]), median([one.shifts for one in fresh[1:]])
    empty_paint = median([one.paint for one in empty[1:]])
    yield judged(
        "first paint of a warm page",
        f"median {paint:.2f} s, an empty Streamlit page {empty_paint:.2f} s",
        paint,
        0.3,
        "s",
    )
    what = "what moves when the page arrives (cumulative layout shift)"
    yield judged(
        what,
        f"median {moved:.3f}, an empty Streamlit page {median([one.shifts for one in empty[1:]]):.3f}",
        moved,
        0.1,
        "",
    )
    came, next_time, floor_bytes = (median([one.bytes for one in each[1:]]) for each in (fresh, again, empty))
    words = f"{came:.2f} MB, {next_time:.2f} MB on a second visit, an empty Streamlit page {floor_bytes:.2f} MB"
    yield judged("bytes of a laptop that opens MNIST", words, came, 1.2, "MB")


def _opened(context: BrowserContext, path: str, mark: str) -> Opened:
    page = context.new_page()
    page.add_init_script(f"({mark})()")
    page.add_init_script(f"({SHIFTS})()")
    cdp, came = context.new_cdp_session(page), [0]
    cdp.send("Network.enable")
    cdp.on("Network.loadingFinished", lambda event: came.append(event["encodedDataLength"]))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: came.append(len(frame))))
    page.goto(path)
    page.wait_for_function("() => globalThis.first")
    if mark == PICTURE:
        page.wait_for_function(READY)
    settled(page)
    page.wait_for_timeout(500)
    found = Opened(
        page.evaluate("() => globalThis.first") / 1000,
        page.evaluate(PAINT) / 1000,
        sum(came) / 1e6,
        page.evaluate("() => globalThis.shifts"),
    )
    page.close()
    return found
