"""Every page opens completely and without errors, on a projector and on a phone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, PROJECTOR
from tests.browser.page_watch import settled, watch
from tests.browser.server import Server
from vae_ui.shell.page_list import PAGES


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_page_opens(open_page, theme):
    page = open_page(color_scheme=theme)
    page.goto("/")
    settled(page)
    assert "Latent Explorer" in page.title()
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("screen", ["projector", "phone"])
def test_a_link_to_each_page_opens_it_without_errors(open_page, name, screen):
    """The fixtures check the console and the server's log; a phone must not scroll horizontally."""
    page = open_page(**({**PHONE, "color_scheme": "dark"} if screen == "phone" else PROJECTOR))
    page.goto(f"/{'' if name == 'start' else name}?model=mnist-vae-2d&seed=7")
    settled(page)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert "seed=7" in page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_text_is_large_enough_for_a_projector(page: Page, server: Server):
    page.goto("/")
    settled(page)
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 16


def test_a_phone_needs_no_horizontal_scroll(phone: Page):
    phone.goto("/")
    settled(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    expect(phone.get_by_role("heading", level=1).first).to_be_in_viewport()


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
