"""Train on sentences: what the model makes of them is read while it learns, and again where the time is dragged back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_watch import settled, until
from tests.browser.pages.test_train import number, runs  # noqa: F401  the fixture stops active runs
from tests.browser.server import Server
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.presets.build_run import build_run
from vae_core.runs import Store
from vae_core.scheduling.start_scheduler import ensure_scheduler

DATA = DataConfig(dataset="sentences", training_images=2000, held_out=0.02)


@pytest.fixture
def going(server: Server, runs: Store) -> str:  # noqa: F811
    data = load(DATA)
    settings = {**data.layout_settings, "hidden": (32,), "seconds": 3000.0, "epochs": None}
    id = runs.create(build_run("rnn-vae", DATA, data.shape, len(data.classes), **settings))
    ensure_scheduler(server.home)
    until(lambda: len(runs.snapshots(id)) >= 2)
    return id


def test_sentences_are_read_while_they_are_learnt(page: Page, runs: Store, going: str):  # noqa: F811
    page.goto(f"/train?run={going}")
    settled(page)
    replay = page.locator(".replay")
    expect(replay).to_have_attribute("data-run", going)
    said, first = page.locator(".replay .said"), runs.snapshots(going)[0]
    expect(said.locator(".pair")).to_have_count(5)
    assert said.locator(".in .text").all_inner_texts() == first["original_texts"][:5]
    assert page.locator(".replay .strip").is_hidden()

    # new frames come on the websocket
    frames = number(replay, "frames")
    until(lambda: number(replay, "frames") >= frames + 2, page=page)
    runs.command(going, "pause")
    expect(replay).to_have_attribute("data-state", "paused")
    until(lambda: number(replay, "frames") == len(runs.snapshots(going)), page=page)
    settled(page)
    out = said.locator(".out .text")
    until(lambda: out.all_text_contents() == runs.snapshots(going)[-1]["texts"][:5], page=page)

    page.get_by_label("Time in the training").press("Home")
    assert out.all_text_contents() == first["texts"][:5]
    for bold in said.locator("b").all_text_contents():
        assert bold
