"""The app opens: whatever its first page shows, it is whole and quiet, on a projector and on a phone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.server import Server
from tests.browser.watch import settled, watch


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_page_opens(open_page, theme):
    page = open_page(color_scheme=theme)
    page.goto("/")
    settled(page)
    assert "Latent Explorer" in page.title()
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_text_is_large_enough_for_a_projector(page: Page, server: Server):
    page.goto("/")
    settled(page)
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 16


def test_a_phone_needs_no_sideways_scroll(phone: Page):
    phone.goto("/")
    settled(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    expect(phone.get_by_role("heading", level=1).first).to_be_in_viewport()


def test_the_watch_hears_what_goes_wrong(browser: Browser, server: Server):
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
        assert "a warning" in heard and "a slip" in heard and "left this machine: http://elsewhere.invalid/" in heard
