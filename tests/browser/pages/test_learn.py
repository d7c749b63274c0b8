"""The card of a lesson in a real browser; test_play_lessons.py plays a whole lesson."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app.axe import faults_in_both_themes
from tests.browser.conftest import PHONE
from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import at, fits

ID = "01-two-numbers"


def card(page: Page):
    return page.locator(".st-key-lesson-card")


def on(page: Page, label: str = "Next") -> None:
    card(page).get_by_role("button", name=label).click()
    settled(page)


def begin(page: Page, lesson: str) -> None:
    at(page, "learn")
    page.locator(f".st-key-learn-{lesson} button").click()
    expect(card(page)).to_be_visible()
    settled(page)


def click_on_the_map(page: Page, z: tuple[float, float]) -> None:
    """Click where z is on the map of a code of two numbers."""
    plane = page.locator("canvas.front").first
    x, y = plane.evaluate(
        "(canvas, [x, y]) => { const {view} = canvas.getRootNode().querySelector('.stage').stage.map;"
        " return [view.sx(x), view.sy(y)]; }",
        list(z),
    )
    box = plane.bounding_box()
    page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
    page.mouse.click(box["x"] + x, box["y"] + y)
    settled(page)


def fold(page: Page, lang: str) -> None:
    page.get_by_role("button", name="收起卡片" if lang == "zh" else "Fold the card").click()
    settled(page)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_on_a_phone_the_card_is_a_sheet_that_folds(open_page, data_root, lang):
    phone = open_page(**PHONE, locale=lang)
    begin(phone, ID)
    box = card(phone).bounding_box()
    assert (
        box["y"] > 300 and box["y"] + box["height"] == pytest.approx(844, abs=2) and box["width"] == 390 and fits(phone)
    )
    fold(phone, lang)
    assert card(phone).bounding_box()["height"] < 0.6 * box["height"]
    if lang == "en":  # what axe-core finds on a question
        phone.get_by_role("button", name="Show the card").click()
        settled(phone)
        on(phone)
        assert not faults_in_both_themes(phone)


def test_a_card_has_no_serious_fault_an_answer_outlasts_a_reload_and_leaving_gives_the_place_back(page, data_root):
    begin(page, ID)
    on(page)
    assert not faults_in_both_themes(page)
    card(page).get_by_role("button", name="about half").click()
    settled(page)
    page.reload()
    settled(page)
    expect(page.get_by_text("2 of 8")).to_be_visible()
    expect(card(page).locator(".st-key-lesson-choice-1 button[kind=primary]")).to_have_text(
        "radio_button_checkedabout half"
    )
    wide = page.locator('[data-testid="stMainBlockContainer"] h1').bounding_box()["width"]
    page.get_by_role("button", name="Leave the lesson").click()
    settled(page)
    expect(card(page)).to_have_count(0)
    assert page.locator('[data-testid="stMainBlockContainer"] h1').bounding_box()["width"] != wide
    assert "lesson=" not in page.url
