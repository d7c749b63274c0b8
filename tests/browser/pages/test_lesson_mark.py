"""A mark on the map as an answer, by real input; and the page around what a card speaks of, which is dimmed a little."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app.axe import faults
from tests.browser.conftest import PHONE
from tests.browser.page_watch import settled, until
from tests.browser.pages.test_learn import begin, card, click_on_the_map, on
from tests.browser.pixel_helpers import fits

ID, MARK = "14-your-own-pictures", (1.0, -1.0)


def opacity(page: Page, selector: str) -> float:
    """The opacity of the first such element, also inside the stage."""
    return float(page.locator(selector).first.evaluate("element => getComputedStyle(element).opacity"))


def draw_a_four(page: Page) -> None:
    """Strokes on the pad of Reconstruct."""
    page.get_by_text("Draw", exact=True).first.click()
    settled(page)
    pad = page.locator(".part-pad canvas").first
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for stroke in (((0.35, 0.25), (0.35, 0.5), (0.65, 0.5)), ((0.62, 0.25), (0.62, 0.8))):
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=8)
        page.mouse.up()
    settled(page)


@pytest.mark.parametrize("screen", ["projector", "phone"])
def test_a_mark_is_set_by_a_click_and_compared_with_ones_own_picture(open_page, data_root, screen):
    page = open_page(**(PHONE if screen == "phone" else {}))
    begin(page, ID)
    until(lambda: opacity(page, ".part-picture canvas") < 1, page=page)
    assert opacity(page, ".plane canvas") == 1
    assert opacity(page, ".st-key-lesson-mark button") == 1 and not faults(page)
    if screen == "phone":  # the sheet folds, so that all of the map can be reached
        page.get_by_role("button", name="Fold the card").click()
        settled(page)
    click_on_the_map(page, MARK)
    if screen == "phone":
        page.get_by_role("button", name="Show the card").click()
        settled(page)
    card(page).get_by_role("button", name="z is my mark").click()
    mark = card(page).locator(".lesson-done")
    expect(mark).to_contain_text("(")
    x, y = (float(part) for part in mark.inner_text().replace("\u2212", "-").strip("✓ ()").split(","))
    assert abs(x - MARK[0]) < 0.15 and abs(y - MARK[1]) < 0.15
    settled(page)
    until(lambda: opacity(page, ".part-picture canvas") == 1, page=page)  # answered: nothing is dimmed any more
    if screen == "phone":
        assert fits(page)
        return
    on(page)
    draw_a_four(page)
    expect(card(page).get_by_text("Done.")).to_be_visible()
    on(page)
    expect(card(page).get_by_text("the blue ring")).to_be_visible()
    said = card(page).locator(".lesson-answers").inner_text()
    assert f"({x:.2f}".replace("-", "\u2212") in said and "not yet" not in said


def test_on_a_phone_all_answers_of_a_question_are_seen(phone):
    phone.goto("/?lesson=01-two-numbers.2")
    answers = card(phone).locator('[class*="st-key-lesson-choice"] button')
    expect(answers).to_have_count(3)
    settled(phone)
    foot = phone.locator(".st-key-lesson-foot").bounding_box()["y"]
    assert all(box["y"] + box["height"] <= foot for box in (answers.nth(i).bounding_box() for i in range(3)))


def test_on_a_phone_the_menu_that_was_open_does_not_cover_the_next_page(phone):
    phone.goto("/?model=digits-vae-2d")
    settled(phone)
    menu = phone.get_by_test_id("stSidebar")
    phone.get_by_test_id("stExpandSidebarButton").click()
    expect(menu).to_have_attribute("data-collapsed", "false")
    phone.reload()
    settled(phone)
    expect(menu).to_have_attribute("data-collapsed", "true")
