"""Interpolate in a real browser: another class, two clicks on the map, another place on the way."""

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.seen import at, changed, fits, pixels, width
from vae_core.images import png

STAGE = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.stage')?.stage).find(Boolean)"
STRIP, PIXELS = "In the latent space", "In pixels"


def drawn(page: Page) -> None:
    page.wait_for_function(f"() => !!{STAGE}?.times.paint")


def test_two_clicks_on_the_map_set_a_and_b(page, data_root):
    at(page, "interpolate")
    drawn(page)
    before = pixels(page, STRIP)
    side = 28
    canvas = page.locator("canvas.front")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 0.45, "y": box["height"] * 0.3})
    first = changed(page, STRIP, before)
    assert not np.array_equal(first[:, :side], before[:, :side])
    assert np.array_equal(first[:, -side:], before[:, -side:])
    canvas.click(position={"x": box["width"] * 0.6, "y": box["height"] * 0.6})
    second = changed(page, STRIP, first)
    assert np.array_equal(second[:, :side], first[:, :side])
    assert not np.array_equal(second[:, -side:], first[:, -side:])


def test_a_class_and_the_place_on_the_way(page, data_root):
    at(page, "interpolate")
    for strip in (STRIP, PIXELS, "Plain autoencoder"):
        assert page.locator(f'img[alt*="{strip}"]').bounding_box()["y"] < 500 and width(page, strip) > 500
    large = pixels(page, "decoded picture at this place")
    page.get_by_role("slider", name="Place on the way").focus()
    page.keyboard.press("End")
    end = changed(page, "decoded picture at this place", large)
    assert np.array_equal(end, pixels(page, STRIP)[:, -28:])
    ghosts = pixels(page, PIXELS)
    page.get_by_label("A: 7").click()
    page.get_by_role("option", name="4", exact=True).click()
    changed(page, PIXELS, ghosts)
    expect(page.get_by_text("A: 4, test image")).to_be_visible()


def test_a_persons_picture_as_an_end_and_a_broken_one(page, data_root):
    at(page, "interpolate")
    before = pixels(page, PIXELS)
    page.get_by_role("button", name="Another B").click()
    upload = page.locator("input[type=file]")
    upload.set_input_files(
        {"name": "cross.png", "mimeType": "image/png", "buffer": png(np.eye(28, dtype=np.uint8) * 255)}
    )
    after = changed(page, PIXELS, before)
    assert np.array_equal(after[:, -28:], np.eye(28) * 255) and np.array_equal(after[:, :28], before[:, :28])
    upload.set_input_files({"name": "broken.png", "mimeType": "image/png", "buffer": b"no picture"})
    expect(page.get_by_role("alert")).to_contain_text("broken.png")
    assert np.array_equal(pixels(page, PIXELS), after)


def test_a_phone_shows_the_strips_first(phone):
    at(phone, "interpolate", "mnist-vae-20d")
    assert fits(phone) and width(phone, STRIP) > 330
