"""Traverse in a real browser: rows of digits, another start, a phone, and saved files."""

import io

import numpy as np
from PIL import Image

from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import at, changed, fits, pixels


def test_rows_follow_the_start_and_can_be_saved(page, data_root):
    at(page, "traverse", "mnist-vae-20d")
    rows = page.locator('img[alt*="deviations"]')
    assert rows.count() == 20 and rows.nth(3).bounding_box()["y"] < 720
    before = pixels(page, "deviations")
    page.get_by_role("radio", name="Image").click()
    settled(page)
    start = pixels(page, "image at the start")
    changed(page, "deviations", before)
    page.get_by_role("button", name="Next").click()
    changed(page, "image at the start", start)
    saved = {}
    for kind in ("PNG", "GIF"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=kind).click()
        saved[kind] = Image.open(io.BytesIO(waiting.value.path().read_bytes()))
    assert saved["PNG"].height > saved["PNG"].width > 900
    assert saved["GIF"].n_frames == 16
    page.wait_for_timeout(300)


def test_a_phone_shows_the_rows_first(phone):
    at(phone, "traverse")
    box = phone.locator('img[alt*="deviations"]').first.bounding_box()
    assert fits(phone) and box["width"] > 330 and box["y"] < 500
    assert np.ptp(pixels(phone, "deviations")) > 200
