"""The baseline: a plain Streamlit page (st.slider, torch on the server, st.image) while the pointer drags a slider."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.live.browser_control import Visit, median
from benchmarks.result_row import Row
from tests.browser.page_watch import settled
from tests.browser.server import ROOT, Server, free_port

# Times at which the picture changed: img elements are replaced, so the address of the picture is compared.
CHANGES = """() => { const src = () => document.querySelector("[data-testid=stImage] img")?.src;
  let before = src();
  globalThis.changes = [];
  new MutationObserver(() => {
    if (!src() || src() === before) return;
    before = src();
    globalThis.changes.push(performance.now());
  }).observe(document.body, {subtree: true, childList: true, attributes: true});
  addEventListener("pointerup", () => (globalThis.released = performance.now()), true); }"""


@contextmanager
def serving(script: Path, home: Path) -> Iterator[Server]:
    """Serve one Streamlit script in the app's place."""
    port = free_port()
    command = [sys.executable, "-m", "tests.browser.one_script", str(script), str(port)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with open(home / f"{script.stem}.log", "wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    server = Server(home, None, port, process)
    try:
        deadline = time.monotonic() + 60
        while not answers(server.url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((home / f"{script.stem}.log").read_text())
            time.sleep(0.1)
        yield server
    finally:
        server.stop()


def answers(url: str) -> bool:
    """Whether a server of Streamlit is up at this address."""
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


def streamlit_slider(browser: Browser, home: Path, seconds: float, times: int) -> Iterator[Row]:
    with serving(Path(__file__).with_name("streamlit_slider_app.py"), home) as server:
        visit = Visit(browser, server)
        page = visit.page
        page.goto("/")
        page.locator("[data-testid=stImage] img").wait_for()
        settled(page)
        page.evaluate(CHANGES)
        updates, carried, waited = 0, 0, []
        rail = page.get_by_test_id("stSlider").first.bounding_box()
        for number in range(times):
            knob = page.get_by_role("slider").first.locator("xpath=..").bounding_box()
            sent, y, places = visit.sent, knob["y"] + knob["height"] / 2, [0.2 + 0.006 * k for k in range(100)]
            page.mouse.move(knob["x"] + knob["width"] / 2, y)
            page.mouse.down()
            began = time.perf_counter()
            while time.perf_counter() - began < seconds / times:
                page.mouse.move(rail["x"] + rail["width"] * places[0], y)
                places.append(places.pop(0))
            page.mouse.move(rail["x"] + rail["width"] * (0.3 + 0.4 * number / times), y)  # never where it was before
            updates += page.evaluate("() => globalThis.changes.splice(0).length")
            carried += visit.sent - sent
            page.mouse.up()
            page.wait_for_function("() => globalThis.changes.length > 0")
            waited.append(page.evaluate("() => globalThis.changes[0] - globalThis.released"))
            settled(page)
            page.evaluate("() => globalThis.changes.splice(0)")
        visit.close()
    words = f"{updates / seconds:.1f} pictures/s while the hand moves, {carried} bytes sent"
    yield Row("the plain way: st.slider, torch on the server, st.image", words, "", None)
    yield Row("    from the release to the picture", f"median {median(waited):.0f} ms of {len(waited)}", "", None)
