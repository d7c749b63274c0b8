"""The view for a projector: the key P, larger words, a lesson by arrow keys with a hidden answer, Escape."""

from playwright.sync_api import Page, expect

from tests.browser.app.first_screen import presented
from tests.browser.page_watch import settled


def test_a_key_begins_the_view_and_a_key_leaves_it(page: Page):
    page.goto("/decode?model=digits-vae-2d")
    settled(page)
    for key in ("Escape", "p"):
        page.keyboard.press("p")
        expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
        settled(page)
        presented(page)
        assert "present=1" in page.url
        page.keyboard.press(key)
        expect(page.get_by_role("button", name="Copy link")).to_be_visible()
        settled(page)
        assert "present" not in page.url


def test_arrow_keys_go_through_a_lesson_and_the_answer_waits(page: Page):
    page.goto("/?model=mnist-vae-2d&lesson=07-beta.1&present=1")
    settled(page, 60)
    count = page.locator(".lesson-count")
    expect(count).to_have_text("1 of 8")
    for step in range(2, 9):
        page.keyboard.press("ArrowRight")
        expect(count).to_have_text(f"{step} of 8")
        settled(page, 60)
        if page.locator(".lesson-kind.reveal").count():
            break
    expect(page.get_by_text("What do you expect?")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("What do you expect?")).to_have_count(0)
    expect(count).to_have_text(f"{step} of 8")
    page.keyboard.press("ArrowLeft")
    expect(count).to_have_text(f"{step - 1} of 8")
