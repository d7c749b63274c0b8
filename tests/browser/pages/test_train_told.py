"""Train follows a run and does not run again: the browser hears of it on a websocket; where it cannot, the page asks now and then."""

import re

import pytest
from playwright.sync_api import Locator, Page, WebSocket, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.page_watch import settled, until
from tests.browser.pages.test_train import number, runs  # noqa: F401  the fixture stops active runs
from tests.browser.server import Server
from vae_core.config import DataConfig
from vae_core.presets.build_run import build_run
from vae_core.runs import Store
from vae_core.scheduling.start_scheduler import ensure_scheduler
from vae_core.web.middleware.live_runs import PATH

AFTER_NAME = "(entry) => getComputedStyle(entry.querySelector('p'), '::after').content"


class Scripts:
    """Counts the runs of a page's script: each sends one message when it has finished."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        if socket.url.endswith("/_stcore/stream"):
            socket.on("framereceived", self._heard)

    def _heard(self, frame: bytes | str) -> None:
        message = ForwardMsg()
        message.ParseFromString(frame if isinstance(frame, bytes) else frame.encode())
        self.count += message.HasField("script_finished")


@pytest.fixture
def going(server: Server, runs: Store) -> str:  # noqa: F811
    """A run that has begun, started elsewhere; it is long enough that no diagnosis comes in the meantime."""
    id = runs.create(build_run("vae", DataConfig(), (1, 8, 8), 10, latent_dim=2, seconds=3000.0, epochs=None))
    ensure_scheduler(server.home)
    try:
        until(lambda: len(runs.snapshots(id)) >= 2)
    except AssertionError as error:
        row, log = runs.get(id), (server.home / "scheduler.log").read_text()[-2000:]
        raise AssertionError(f"{row.state}: {row.message}\n{runs.log(id)}\n{log}") from error
    return id


def watching(page: Page, id: str) -> Locator:
    page.goto(f"/train?run={id}")
    settled(page)
    replay = page.locator(".replay")
    expect(replay).to_have_attribute("data-run", id)
    return replay


def figure(page: Page, name: str) -> int:
    return int(page.locator(f'[data-live="{name}"]').inner_text().replace(",", "").removesuffix("%"))


def test_a_page_follows_a_run_and_its_script_does_not_run(page: Page, runs: Store, going: str):  # noqa: F811
    scripts = Scripts(page)
    replay = watching(page, going)
    until(lambda: runs.get(going).latest.keys() >= {"saved", "epoch"}, page=page)
    told = runs.get(going).latest["step"]["step"]
    until(lambda: figure(page, "step") >= told, page=page)
    settled(page)  # what came with these has been drawn
    before = scripts.count
    points, frames, step = number(replay, "points"), number(replay, "frames"), figure(page, "step")
    assert re.fullmatch(r'" \d+%"', page.locator(f".st-key-train-see-{going}").evaluate(AFTER_NAME))
    until(lambda: number(replay, "points") >= points + 6 and number(replay, "frames") >= frames + 2, page=page)
    assert figure(page, "step") > step
    bar = page.get_by_role("progressbar", name="running")
    until(lambda: bar.get_attribute("aria-valuenow") == str(figure(page, "share")), page=page)
    assert scripts.count == before

    # what is done elsewhere is seen
    runs.create(build_run("vae", DataConfig(), (1, 8, 8), 10, title="one more"), state="paused")
    expect(page.get_by_role("button", name="one more")).to_be_visible()
    runs.command(going, "pause")
    expect(replay).to_have_attribute("data-state", "paused")
    expect(page.get_by_role("button", name="Resume", exact=True)).to_be_visible()
    expect(page.get_by_text("Paused and saved.", exact=False)).to_be_visible()
    assert number(replay, "frames") >= frames + 2
    settled(page)
    after = scripts.count
    page.wait_for_timeout(3000)
    assert before < after == scripts.count


def test_where_no_websocket_can_be_had_the_page_asks_itself(page: Page, runs: Store, going: str):  # noqa: F811
    page.route_web_socket(re.compile(re.escape(PATH)), lambda socket: socket.close())
    replay = watching(page, going)
    points = number(replay, "points")
    until(lambda: number(replay, "points") > points, page=page)
    runs.command(going, "pause")
    expect(replay).to_have_attribute("data-state", "paused")
    expect(page.get_by_role("button", name="Resume", exact=True)).to_be_visible()


def test_in_chinese_too_the_address_keeps_the_time_that_a_person_went_to(page: Page, runs: Store, going: str):  # noqa: F811
    page.goto(f"/train?run={going}&lang=zh")
    settled(page)
    slider = page.locator(".replay input[type=range]")
    until(lambda: number(page.locator(".replay"), "frames") >= 3, page=page)
    slider.focus()
    slider.press("Home")
    slider.blur()
    page.wait_for_function("() => new URLSearchParams(location.search).get('time') === '0'")
    until(lambda: number(page.locator(".replay"), "frames") >= 5, page=page)
    assert number(page.locator(".replay"), "at") == 0  # what comes of the run moves nobody who went back
