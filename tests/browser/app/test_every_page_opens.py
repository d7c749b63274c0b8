"""Every page opens completely, without errors and without a serious fault of accessibility, on a projector and on a phone."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.app.axe import faults
from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.page_watch import settled, watch
from tests.browser.server import Server
from vae_ui.shell.page_list import PAGES

CASES = [(name, "mnist-vae-2d") for name in PAGES] + [(name, "mnist-vae-20d") for name in ("latent_space", "decode")]


@pytest.mark.parametrize(("name", "model"), CASES)
@pytest.mark.parametrize("screen", [PROJECTOR, {**PHONE, "color_scheme": "dark"}], ids=["projector", "dark phone"])
def test_a_link_to_each_page_opens_it_without_errors(open_page, data_root, name, model, screen):
    """The fixtures check the console and the server's log; a phone must not scroll horizontally."""
    page = open_page(**screen)
    page.goto(f"/{'' if name == 'start' else name}?model={model}&seed=7")
    settled(page)
    assert "Latent Explorer" in page.title()
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert "seed=7" in page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 16
    assert not faults(page)


def test_the_page_watch_reports_errors(browser: Browser, server: Server):
    with browser.new_context() as context:
        problems = watch(context, f"127.0.0.1:{server.port}")
        page = context.new_page()
        page.goto(server.url)
        settled(page)
        assert problems() == []
        page.evaluate("console.warn('a warning'); setTimeout(() => { throw new Error('a slip') })")
        page.evaluate("fetch('http://elsewhere.invalid/').catch(() => 0)")
        page.wait_for_timeout(200)
        heard = "\n".join(problems())
        assert (
            "a warning" in heard and "a slip" in heard and "request to another host: http://elsewhere.invalid/" in heard
        )
