"""Generate in a real browser: a new sample on click, and the same sample again by its seed."""

import numpy as np

from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import at, changed, fits, pixels, width

SHEET = "samples, codes from:"


def test_draw_again_and_by_its_seed(page):
    at(page, "generate")
    first = pixels(page, SHEET)
    box = page.locator(f'img[alt*="{SHEET}"]').bounding_box()
    assert width(page, SHEET) > 400 and box["y"] + 300 < 720
    page.get_by_role("button", name="Draw again").click()
    changed(page, SHEET, first)
    assert "seed=1" in page.url
    again = pixels(page, SHEET)
    page.reload()
    settled(page)
    assert np.array_equal(pixels(page, SHEET), again)
    at(page, "generate")
    assert np.array_equal(pixels(page, SHEET), first)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as PNG").click()
    assert waiting.value.suggested_filename == "mnist-vae-2d-samples.png"


def test_a_temperature_by_the_keyboard(page):
    at(page, "generate")
    first = pixels(page, SHEET)
    page.get_by_role("slider").first.focus()
    page.keyboard.press("Home")
    dull = changed(page, SHEET, first)
    assert np.array_equal(dull[:28, :28], dull[-28:, -28:])


def test_a_phone_shows_the_sheet_first(phone):
    at(phone, "generate", "mnist-ae-2d")
    assert fits(phone) and width(phone, SHEET) > 330
