"""Lessons in a real browser, played by real input: clicks on the card, on the map and on the sliders."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.app.test_accessibility import faults
from tests.browser.conftest import PHONE
from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import at, fits
from vae_core.lessons.measuring import digit_probabilities
from vae_ui.widgets import model_cache

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


def places() -> tuple[tuple[float, float], tuple[float, float]]:
    """A place that is drawn as a 4, and one whose drawing is no clear digit, with like places around them."""
    model = model_cache.explorer("mnist-vae-2d")
    line = np.linspace(-2, 2, 81, dtype=np.float32)
    codes = np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)
    found = digit_probabilities(model.decode(codes)).reshape(81, 81, 10)
    four, unclear = found[..., 4], 1 - found.max(-1)
    return middle(four, line), middle(unclear, line)


def middle(score: np.ndarray, line: np.ndarray) -> tuple[float, float]:
    """The place whose least score within two cells is highest."""
    inner = np.min([np.roll(score, (dy, dx), (0, 1)) for dy in (-2, 0, 2) for dx in (-2, 0, 2)], 0)[3:-3, 3:-3]
    row, column = np.unravel_index(inner.argmax(), inner.shape)
    return float(line[column + 3]), float(line[row + 3])


def test_a_student_plays_the_first_lesson(page, data_root):
    begin(page, ID)
    expect(page.get_by_text("1 of 8")).to_be_visible()
    assert page.locator(".grid").evaluate("grid => getComputedStyle(grid).outlineStyle") == "solid"
    on(page)
    card(page).get_by_role("button", name="about half").click()
    settled(page)
    on(page)
    expect(card(page).get_by_text("more than 3 in 4")).to_be_visible()
    on(page)
    four, unclear = places()
    on(page)
    expect(card(page).get_by_text("Waiting for you.")).to_be_visible()
    click_on_the_map(page, four)
    expect(card(page).get_by_text("Done.")).to_be_visible()
    on(page)
    click_on_the_map(page, unclear)
    expect(card(page).get_by_text("Done.")).to_be_visible()
    page.reload()
    settled(page)
    expect(page.get_by_text("6 of 8")).to_be_visible()
    expect(card(page).get_by_text("Done.")).to_be_visible()
    on(page)
    slider = page.locator(".part-sliders input[type=range]").first
    box = slider.bounding_box()
    page.mouse.click(box["x"] + 0.85 * box["width"], box["y"] + box["height"] / 2)
    expect(card(page).get_by_text("Done.")).to_be_visible()
    on(page)
    on(page, "Finish")
    expect(page.get_by_role("button", name="Do it again")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download my answers").click()
    report = download.value.path().read_text(encoding="utf-8")
    assert "about half" in report and "more than 3 in 4" in report and "<script" not in report


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_on_a_phone_the_card_is_a_sheet_that_folds(open_page, data_root, lang):
    phone = open_page(**PHONE, locale=lang)
    begin(phone, ID)
    box = card(phone).bounding_box()
    assert (
        box["y"] > 300 and box["y"] + box["height"] == pytest.approx(844, abs=2) and box["width"] == 390 and fits(phone)
    )
    phone.get_by_role("button", name="收起卡片" if lang == "zh" else "Fold the card").click()
    settled(phone)
    assert card(phone).bounding_box()["height"] < 0.6 * box["height"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", ["projector", "phone"])
def test_a_card_has_no_serious_fault(open_page, data_root, scheme, screen):
    """What axe-core finds on a question, beside a page and as a sheet."""
    page = open_page(**(PHONE if screen == "phone" else {}), color_scheme=scheme)
    begin(page, ID)
    on(page)
    assert not faults(page)


def test_leaving_gives_the_place_back(page, data_root):
    begin(page, ID)
    wide = page.locator('[data-testid="stMainBlockContainer"] h1').bounding_box()["width"]
    page.get_by_role("button", name="Leave the lesson").click()
    settled(page)
    expect(card(page)).to_have_count(0)
    assert page.locator('[data-testid="stMainBlockContainer"] h1').bounding_box()["width"] != wide
    assert "lesson=" not in page.url
