"""Measurements with one visitor: dragging, drawing, picking a point, and a map of 60,000 points."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser

from benchmarks.live.browser_control import STAGE, DragCost, Visit, figure_eight, idle, median
from benchmarks.result_row import Row, judged
from tests.browser.page_watch import settled
from tests.browser.server import Server
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit

# The time from the pointer's release to the first change of Python's captions below the map.
SAYS = "[...document.querySelectorAll('[data-testid=stMain] p, [data-testid=stMain] figure img')]"
SAYS += ".map((e) => e.src || e.textContent).join()"
PICKED = f"""() => {{ let before = {SAYS};
  globalThis.picked = [];
  addEventListener("pointerup", () => {{ globalThis.released = performance.now(); }}, true);
  new MutationObserver(() => {{
    const now = {SAYS};
    if (now === before || globalThis.released === null) return;
    before = now;
    globalThis.picked.push(performance.now() - globalThis.released);
    globalThis.released = null;
  }}).observe(document.body, {{subtree: true, childList: true, characterData: true, attributes: true}}); }}"""


def conv_model(home: Path, data_dir: Path, seconds: float) -> str:
    """Train a small convolutional model of MNIST into the server's home; its name in the app."""
    config = DataConfig(dataset="mnist")
    data = load(config, data_dir)
    settings = {"network": "conv", "hidden": (32, 64, 128), "seconds": seconds, "epochs": None}
    run = build_run("vae", config, data.shape, len(data.classes), title="MNIST, conv VAE 2-D", **settings)
    for _ in fit(build(run.model, 0), data, run, folder=home / "runs" / "conv"):
        pass
    return "run-conv"


def drag(visit: Visit, model: str, seconds: float, slower: int = 1) -> DragCost:
    """Drag z on the map of Latent space, in a browser whose processor is slowed by the factor `slower`."""
    page = visit.at(f"/latent_space?model={model}")
    if slower > 1:
        visit.cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    box = visit.box()
    x, y = page.evaluate(
        f"() => {{ const s = {STAGE}; return [s.map.view.sx(s.map.z[0]), s.map.view.sy(s.map.z[1])]; }}"
    )
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    return visit.move_pointer(figure_eight(box), seconds)


def dragging(browser: Browser, server: Server, names: dict[str, str], seconds: float) -> Iterator[Row]:
    for title, name in names.items():
        visit = Visit(browser, server)
        held = drag(visit, name, seconds)
        visit.page.mouse.up()
        settled(visit.page)
        still = idle(server, visit.page, seconds)
        over = visit.move_pointer(figure_eight(visit.box()), seconds, "hover")
        visit.close()
        yield Row(f"drag z, {title}", held.words(), "58 frames/s, p95 8 ms", held.fps >= 58 and held.p95 <= 8)
        words = f"{held.sent} + {held.received} bytes, server {held.server:.2f} % of a core (idle {still:.2f})"
        free = held.sent == 0 and held.received == 0 and held.server <= still + 0.3
        yield Row(f"    what it asks of the server ({held.models:.0f} decodes/s)", words, "0 bytes, no CPU", free)
        yield Row(
            "    no button down: picture and card follow", over.words(), "the same", over.fps >= 58 and over.p95 <= 8
        )


def slowed(browser: Browser, server: Server, names: list[str], seconds: float) -> Iterator[Row]:
    found = {}
    for name in names:
        visit = Visit(browser, server)
        held = drag(visit, name, seconds, slower=4)
        visit.close()
        found[name] = held
        yield Row(f"    CPU slowed 4 times: {name}", held.words())
    slowest = min(found, key=lambda name: found[name].fps)
    what = f"dragging z with the CPU slowed 4 times, the slowest of {len(names)} models, dense and convolutional"
    words = f"{found[slowest].words()} ({slowest}); the screen shows 60"
    yield judged(what, words, found[slowest].fps, 58, "frames a second", at_least=True)


def drawing(browser: Browser, server: Server, seconds: float) -> Iterator[Row]:
    visit = Visit(browser, server)
    page = visit.at("/reconstruct?model=mnist-vae-2d")
    page.get_by_role("radio", name="Draw").click()
    settled(page)
    box = visit.box(".part-pad canvas")
    places = spiral(box, round(60 * seconds))
    page.mouse.move(*next(places))
    page.mouse.down()
    held = visit.move_pointer(places, seconds)
    page.mouse.up()
    settled(page)
    visit.close()
    words = f"script p50 {held.p50:.1f} p95 {held.p95:.1f} ms, {held.fps:.1f} frames/s"
    yield Row("draw on the pad: ellipse, x' and terms follow", words, "p95 12 ms", held.p95 <= 12)
    words = f"p95 {held.delay:.1f} ms after the hand; the posterior moved in {held.moved:.0%} of the frames"
    yield Row("    in the next frame", words, "one frame, 16.7 ms", held.delay <= 16.7 and held.moved > 0.9)


def spiral(box: dict[str, float], steps: int) -> Iterator[tuple[float, float]]:
    """A stroke along a spiral that does not touch itself for so many steps."""
    for step in range(20 * steps):
        part = (step % steps) / steps
        angle, reach = 12 * np.pi * part, 0.05 + 0.4 * part
        yield (
            box["x"] + box["width"] * (0.5 + reach * np.cos(angle)),
            box["y"] + box["height"] * (0.5 + reach * np.sin(angle)),
        )


def picking(browser: Browser, server: Server, times: int) -> Iterator[Row]:
    visit = Visit(browser, server)
    page = visit.at("/latent_space?model=mnist-vae-2d")
    box = visit.box()
    page.evaluate(PICKED)
    chance, computed = np.random.default_rng(0), []
    for _ in range(times):
        index = int(chance.integers(10_000))
        at = f"(s => [s.map.view.sx(s.map.points[{2 * index}]), s.map.view.sy(s.map.points[{2 * index + 1}])])({STAGE})"
        x, y = page.evaluate(at)
        page.mouse.move(box["x"] + x, box["y"] + y)
        before = visit.server_seconds()
        page.mouse.click(box["x"] + x, box["y"] + y)
        page.wait_for_timeout(450)  # a second click sooner would be a double click
        settled(page)
        computed.append(1000 * (visit.server_seconds() - before))
    took = page.evaluate("() => globalThis.picked")
    visit.close()
    words = f"median {median(took):.0f} ms of {len(took)} (p95 {np.quantile(took, 0.95):.0f})"
    yield Row("pick on release to Python's captions", words, "80 ms", median(took) <= 80)
    yield Row("    what a release costs the server", f"median {median(computed):.0f} ms of a core", "", None)


def large(browser: Browser, server: Server, seconds: float) -> Iterator[Row]:
    """A map of 60,000 points, alone on its page."""
    first, visit = [], Visit(browser, server)
    for _ in range(3):
        page = visit.at("/?data=clusters&count=60000")
        first.append(page.evaluate(f"() => {STAGE}.times.first"))
    words = f"median {median(first):.0f} ms"
    yield Row("60,000 points: first paint after the data are there", words, "150 ms", median(first) <= 150)
    box = visit.box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    pan = visit.move_pointer(figure_eight(box), seconds)
    page.mouse.up()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    zoom = visit.move_pointer(figure_eight(box), seconds, "wheel")
    visit.close()
    for name, held in (("pan", pan), ("zoom", zoom)):
        yield Row(f"    {name}", held.words(), "60 frames/s", held.fps >= 59)
