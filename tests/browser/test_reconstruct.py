"""Reconstruct in a real browser: an upload, its steps, a broken one, and where the picture lands."""

import io

import numpy as np
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.seen import at, changed, fits, pixels, width
from tests.browser.watch import settled
from vae_core.config import DataConfig
from vae_core.datasets import load
from vae_core.images import pictures

STAGE = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.stage')?.stage).find(Boolean)"
IN, OUT = "as it goes in", "The reconstruction"


def photograph(side: int = 1600) -> bytes:
    """A one in dark ink on paper, with the turn that a phone notes."""
    image = Image.new("RGB", (side, side * 4 // 3), (212, 206, 196))
    ImageDraw.Draw(image).line([(side * 0.52, side * 0.35), (side * 0.45, side)], fill=(25, 25, 70), width=side // 22)
    notes = Image.Exif()
    notes[0x0112] = 6
    out = io.BytesIO()
    image.rotate(90, expand=True).save(out, "JPEG", exif=notes)
    return out.getvalue()


def test_an_upload_is_prepared_and_reconstructed(page, data_root):
    at(page, "reconstruct")
    first = pixels(page, OUT)
    assert width(page, IN) >= 200 and width(page, OUT) >= 200
    page.get_by_role("radio", name="Upload").click()
    settled(page)
    upload = page.locator("input[type=file]")
    upload.set_input_files({"name": "one.jpg", "mimeType": "image/jpeg", "buffer": photograph()})
    made = changed(page, OUT, first)
    given = pixels(page, IN).astype(int)
    assert given.shape == made.shape == (28, 28) and given[:4].max() < 40 and given[8:20].max() > 200
    assert np.corrcoef(given.ravel(), made.ravel())[0, 1] > 0.6
    expect(page.locator('img[alt^="After the step"]')).to_have_count(5)
    expect(page.get_by_text("of the test images have a lower")).to_be_visible()
    page.get_by_text("Invert", exact=True).click()
    changed(page, IN, pixels(page, IN))
    upload.set_input_files({"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": photograph()[:400]})
    expect(page.get_by_role("alert")).to_contain_text("broken.jpg")
    settled(page)
    assert np.array_equal(pixels(page, OUT), first)


def test_a_click_on_a_dot_puts_its_image_in(page, data_root):
    at(page, "reconstruct")
    page.wait_for_function(f"() => !!{STAGE}?.times.paint")
    before, canvas = pixels(page, IN), page.locator("canvas.front")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 0.55, "y": box["height"] * 0.5})
    after = changed(page, IN, before)
    mnist = load(DataConfig(dataset="mnist"), data_root)
    index = int(page.get_by_label("Number in the test set").input_value())
    assert index > 0 and np.array_equal(after, pictures(mnist.test.x.numpy()[index][None])[0])


def test_a_phone_shows_both_sides_at_once(phone):
    at(phone, "reconstruct")
    assert fits(phone)
    boxes = [phone.locator(f'img[alt*="{alt}"]').first.bounding_box() for alt in (IN, OUT)]
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 2 and boxes[1]["y"] + boxes[1]["height"] < 844
