"""Train in a real browser, on real MNIST: a run is started, watched, changed, paused, resumed and stopped."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.page_watch import settled, until
from tests.browser.server import Server
from vae_core.runs import ACTIVE, Store
from vae_core.utils.locks import FileLock
from vae_ui.base.palette import colour

INK = "canvas => canvas.toDataURL()"  # what is on the screen
PARTS = ("curves", "cloud", "strip")


@pytest.fixture
def runs(server: Server) -> Iterator[Store]:
    """The server's store of runs, without those that other tests of this process left; what is started is removed afterwards."""
    store = Store(server.home)
    _clear(server, store)
    yield store
    _clear(server, store)


def _clear(server: Server, store: Store) -> None:
    """Stop the runs that are active, and delete them all."""
    lock = FileLock(server.home / "scheduler.lock")
    if owner := lock.holder():
        with suppress(ProcessLookupError):
            os.kill(owner, signal.SIGTERM)
        until(lambda: lock.holder() != owner)  # who asks for a scheduler while it ends would count on it
    for row in store.runs():
        if row.pid and row.state in ACTIVE:
            os.kill(row.pid, signal.SIGKILL)
    until(lambda: not any(row.state in ACTIVE for row in store.runs()))
    for row in store.runs():
        store.delete(row.id)


def opened(page: Page) -> Locator:
    page.goto("/")
    settled(page)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Train", exact=True).click()
    expect(page.get_by_role("heading", name="How does a VAE learn?")).to_be_visible()
    settled(page)
    return page.locator(".replay")


def start(page: Page, seconds: int) -> None:
    box = page.get_by_label("Seconds", exact=True)
    box.fill(str(seconds))
    box.press("Enter")
    settled(page)
    page.get_by_role("button", name="Start", exact=True).click()


def number(replay: Locator, name: str) -> int:
    return int(replay.get_attribute(f"data-{name}") or 0)


def drawn(replay: Locator) -> list[str]:
    return [replay.locator(f"canvas.{part}").evaluate(INK) for part in PARTS]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_run_is_watched_changed_paused_killed_resumed_and_stopped(page: Page, runs: Store, data_root):
    replay = opened(page)
    start(page, 120)
    expect(replay).to_have_attribute("data-state", "running")
    (row,) = runs.runs()
    assert row.run.data.dataset == "mnist"
    expect(page.get_by_text("diagnosis", exact=True)).to_be_visible(timeout=30_000)

    # the curve grows, the cloud moves, the reconstructions change
    until(lambda: number(replay, "frames") >= 2, page=page)
    points, seen = number(replay, "points"), drawn(replay)
    until(lambda: all(a != b for a, b in zip(seen, drawn(replay), strict=True)), page=page)
    until(lambda: number(replay, "points") >= points + 4 and number(replay, "frames") >= 4, page=page)

    # beta, while it trains
    thumb = page.get_by_role("slider", name="beta now")
    for _ in range(5):
        thumb.press("ArrowRight")
    until(lambda: runs.get(row.id).latest["step"]["beta"] == pytest.approx(1.5), page=page)

    press(page, "Pause")
    expect(replay).to_have_attribute("data-state", "paused")
    page.reload()  # loses nothing
    expect(replay).to_have_attribute("data-state", "paused")
    assert replay.get_attribute("data-run") == row.id and f"run={row.id}" in page.url
    until(lambda: number(replay, "frames") == len(runs.snapshots(row.id)), page=page)
    press(page, "Resume")
    expect(replay).to_have_attribute("data-state", "running")

    # the worker dies: it goes on by itself
    until(lambda: runs.get(row.id).pid, page=page)
    os.kill(runs.get(row.id).pid, signal.SIGKILL)
    expect(page.get_by_text("resumed automatically (1 of at most 3 times)", exact=False)).to_be_visible(timeout=30_000)
    expect(replay).to_have_attribute("data-state", "running")

    press(page, "Stop")
    expect(replay).to_have_attribute("data-state", "stopped")
    expect(page.get_by_role("button", name="Explore this model")).to_be_visible()


def test_a_finished_run_is_replayed_and_explored(page: Page, runs: Store, data_root):
    replay = opened(page)
    start(page, 3)
    expect(replay).to_have_attribute("data-state", "done")
    (row,) = runs.runs()
    until(lambda: number(replay, "at") == runs.snapshots(row.id)[-1]["step"], page=page)  # the last frame is there
    settled(page)
    slider, cloud = page.get_by_label("Time in the training"), replay.locator("canvas.cloud")
    until(lambda: replay.locator("output").inner_text().endswith("s"), page=page)
    late, last = cloud.evaluate(INK), number(replay, "at")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] / 2, steps=6)
    half = cloud.evaluate(INK)
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    early = cloud.evaluate(INK)
    assert len({late, half, early}) == 3 and number(replay, "at") == 0 < last

    # the address says which run and when, and shows it again elsewhere, also half way
    page.wait_for_function("() => new URLSearchParams(location.search).get('time') === '0'")
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] / 2)
    page.wait_for_function("() => Number(new URLSearchParams(location.search).get('time')) > 0")
    settled(page)
    middle, words = number(replay, "at"), replay.locator("output").inner_text()
    other = page.context.new_page()
    other.goto(page.url)
    settled(other)
    until(lambda: other.locator(".replay output").inner_text() == words, page=other)
    assert number(other.locator(".replay"), "at") == middle and 0 < middle < last
    other.reload()
    settled(other)
    until(lambda: other.locator(".replay output").inner_text() == words, page=other)
    other.close()

    slider.press("End")
    assert (
        cloud.evaluate(INK) == late and number(replay, "at") == last
    )  # nothing jumped: the same axes, the same picture

    press(page, "Explore this model")
    page.wait_for_url(re.compile(r"latent_space"))
    settled(page)
    assert f"model=run-{row.id}" in page.url
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_one_press_is_one_step_and_its_arrows_go_when_the_time_is_dragged_back(page: Page, runs: Store, data_root):
    replay = opened(page)
    page.get_by_role("button", name="Start paused").click()
    for step in (1, 2):
        press(page, "One step")
        expect(page.get_by_text(f"Step {step}, learning rate")).to_be_visible(timeout=60_000)
        expect(replay).to_have_attribute("data-state", "paused")
        until(lambda at=step: number(replay, "at") == at, page=page)
    (row,) = runs.runs()
    assert row.latest["done"]["step"] == 2 and [each["step"] for each in runs.snapshots(row.id)] == [0, 1, 2]
    settled(page)
    cloud, slider = replay.locator("canvas.cloud"), page.get_by_label("Time in the training")
    until(lambda: in_blue(cloud) > 50, page=page)
    slider.press("Home")
    until(lambda: number(replay, "at") == 0, page=page)
    assert in_blue(cloud) == 0


def in_blue(canvas: Locator) -> int:
    """The number of pixels in the colour of z."""
    red, green, blue = (int(colour("z")[i : i + 2], 16) for i in (1, 3, 5))
    return int(
        canvas.evaluate(
            """(c, [r, g, b]) => { const copy = new OffscreenCanvas(c.width, c.height).getContext('2d'); copy.drawImage(c, 0, 0);
            const d = copy.getImageData(0, 0, c.width, c.height).data; let n = 0;
            for (let i = 0; i < d.length; i += 4) n += Math.abs(d[i] - r) + Math.abs(d[i + 1] - g) + Math.abs(d[i + 2] - b) < 12;
            return n; }""",
            [red, green, blue],
        )
    )


def test_a_number_out_of_its_range_starts_nothing(page: Page, runs: Store, data_root):
    opened(page)
    start, said = page.get_by_role("button", name="Start", exact=True), page.locator(".train-refused")
    expect(start).to_be_visible()
    expect(said).to_be_hidden()
    seconds = page.get_by_label("Seconds", exact=True)
    seconds.fill("0")
    seconds.press("Enter")
    expect(start).to_be_hidden()
    expect(said).to_have_text("A number that is red is not used: change it, then start.")
    seconds.fill("3")
    seconds.press("Enter")
    expect(said).to_be_hidden()
    start.click()
    until(lambda: runs.runs(), page=page)
    assert runs.runs()[0].run.train.seconds == 3


def test_a_phone_needs_no_horizontal_scroll(phone: Page, runs: Store):
    phone.goto("/train")
    settled(phone)
    expect(phone.get_by_role("button", name="Start", exact=True)).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    expect(phone.locator(".replay canvas.cloud")).to_have_attribute("aria-label", re.compile("Press Start"))
