"""A model that no browser can run: the same stage, worked out on the server, with one question on its way at most."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PROJECTOR
from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import STAGE, drawn
from tests.browser.server import script
from tests.browser.visitors import Visitors
from vae_core import checkpoints
from vae_core.explore.explorer import Explorer
from vae_core.images.writing import pictures
from vae_ui.widgets import model_cache

NAME, INDEX = "digits-vae-2d", 3  # those of the app: to import it would change the registry here
MODEL = Explorer.open(checkpoints.bundled() / NAME)  # where no browser runs it, its weights are those of the checkpoint
ANSWERED = (
    f"() => {{ const s = {STAGE}, m = s?.scene.model; return m?.out && !m.open && !m.flying && !s.frames.handle; }}"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with script(Path(__file__).with_name("remote_app.py"), tmp_path_factory.mktemp("remote")) as served:
        yield served


@pytest.fixture
def page(visitors: Visitors, address: str) -> Iterator[Page]:
    window = visitors.arrive({"base_url": address, **PROJECTOR})
    page = window.welcome()
    page.goto("/")
    page.wait_for_function(ANSWERED)
    settled(page)
    yield page
    problems = window.problems()
    visitors.leave(window)
    assert not problems, problems


def js(page: Page, code: str) -> object:
    page.wait_for_function(ANSWERED)
    return page.evaluate(f"() => {{ const s = {STAGE}; return {code}; }}")


def is_torchs(page: Page, code: object) -> bool:
    expected = pictures(MODEL.decode(np.array([code], np.float32)))[0].astype(int)
    return bool(np.abs(drawn(page) - expected).max() <= 1)


def test_the_server_draws_what_the_pointer_and_the_pad_ask_for(page):
    model = MODEL
    mean, scale = model.encode(model_cache.test_images(NAME)[INDEX : INDEX + 1])
    assert js(page, "[...s.scene.q.mean]") == pytest.approx(mean[0], abs=1e-5)
    assert np.exp(np.array(js(page, "[...s.scene.q.logvar]")) / 2) == pytest.approx(scale[0], rel=1e-4)
    expect(page.locator(".part-picture canvas")).to_have_attribute("aria-label", re.compile("worked out on the server"))
    assert is_torchs(page, mean[0])
    distortion, kl = model.terms(model_cache.test_images(NAME)[INDEX], mean[0])
    expect(page.locator(".term.distortion output")).to_have_text(f"{distortion:.1f}")
    expect(page.locator(".term.rate output")).to_have_text(f"{kl.sum():.1f}")
    before = js(page, "s.scene.model.number")
    box = page.locator("canvas.front").bounding_box()
    at = [box["x"] + 0.3 * box["width"], box["y"] + 0.4 * box["height"]]
    page.mouse.move(*at)
    page.mouse.move(at[0] + 200, at[1] + 40, steps=60)
    code = js(page, "[...s.scene.shown]")
    asked = js(page, "s.scene.model.number") - before
    assert 1 <= asked < 60  # the newest question each time an answer has come, not one for each move
    assert is_torchs(page, code)
    page.mouse.click(*at)
    expect(page.get_by_text("act=click")).to_be_visible()
    page.mouse.move(5, 5)
    assert is_torchs(page, js(page, "[...s.scene.z]"))


def test_a_lost_answer_is_asked_for_again(page):
    page.evaluate(f"() => {{ const s = {STAGE}, tell = s.setState; s.setState = () => (s.setState = tell); }}")
    page.get_by_role("button", name="Resample").click()  # this question goes nowhere
    assert is_torchs(page, js(page, "[...s.scene.z]"))
