"""Latent space in a real browser, on real MNIST: the pointer acts, and the pixels change."""

import re

import numpy as np
from playwright.sync_api import expect

from tests.browser.page_watch import settled, until
from tests.browser.pixel_helpers import at, drawn, fits
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.explore.nearest_codes import nearest_codes
from vae_ui.widgets import model_cache


def test_a_click_on_the_map_is_decoded_and_a_lasso_is_averaged(page, data_root):
    at(page, "latent_space")
    plane, picture = page.locator("canvas.front").first, page.locator(".part-picture canvas")
    box = plane.bounding_box()
    assert box["y"] + box["height"] < 640 and picture.bounding_box()["width"] >= 200

    def place(x: float, y: float) -> tuple[float, float]:
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    sent: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    page.reload()
    settled(page)
    before, words = drawn(page), page.get_by_text("Density of codes").inner_text()
    sent.clear()
    page.mouse.move(*place(0.8, 0.3), steps=5)
    until(lambda: np.abs(drawn(page).astype(int) - before).max() > 100, page=page)
    assert np.ptp(drawn(page)) > 150
    assert not sent and page.get_by_text("Density of codes").inner_text() == words
    page.mouse.click(*place(0.8, 0.3))
    expect(page.get_by_text("Density of codes")).not_to_have_text(words)
    x, y = page.locator(".stage").first.evaluate("root => root.stage.map.z")
    model = model_cache.explorer("mnist-vae-2d")
    expected = model.decode(np.array([[x, y]], np.float32))[0, 0] * 255
    until(lambda: np.abs(drawn(page) - expected).max() <= 1.5, page=page)
    near = page.locator('.part-around canvas[aria-label^="Test image"]')
    for i, index in enumerate(nearest_codes(model.latents.mean, np.array([x, y], np.float32), 5)):
        expect(near.nth(i)).to_have_attribute("aria-label", re.compile(rf"^Test image {index}\b"))
    expect(near).to_have_count(5)
    page.get_by_role("button", name="Keep as A").click()
    settled(page)
    page.get_by_role("button", name="Box").click()
    page.mouse.move(*place(0.3, 0.4))
    page.mouse.down()
    page.mouse.move(*place(0.45, 0.6), steps=4)
    page.mouse.up()
    expect(page.locator('canvas[aria-label^="Mean of"]')).to_be_in_viewport(ratio=1)
    chosen = page.locator(".stage").first.evaluate("root => root.stage.map.selected")
    mean = load(DataConfig(dataset="mnist"), data_root).test.x.numpy()[chosen].mean(0)[0]
    assert (
        len(chosen) > 50 and np.abs(drawn(page, ".part-around .chosen canvas") - mean).max() < 8
    )  # packed in 32 levels
    page.keyboard.press("Escape")


def test_the_projections_of_a_code_of_many_numbers(page, data_root):
    at(page, "latent_space", "mnist-vae-20d")
    before = page.locator("canvas").first.screenshot()
    page.get_by_role("radio", name="Two numbers").click()
    until(lambda: page.locator("canvas").first.screenshot() != before, page=page)
    settled(page)
    page.get_by_role("radio", name="t-SNE").click()
    settled(page)
    page.get_by_role("button", name="Compute it").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.get_by_role("button", name="Stop").last.click()
    expect(page.get_by_role("button", name="Compute it")).to_be_visible()


def test_the_map_fits_a_phone(phone, data_root):
    at(phone, "latent_space")
    expect(phone.locator(".part-picture canvas")).to_be_in_viewport(ratio=1)
    expect(phone.locator("canvas.front")).to_be_in_viewport(ratio=1)
    assert fits(phone)
    before, canvas = drawn(phone), phone.locator("canvas.front").bounding_box()
    middle = (canvas["x"] + 0.7 * canvas["width"], canvas["y"] + 0.6 * canvas["height"])
    finger = phone.context.new_cdp_session(phone)
    for kind, by in [("touchStart", 0), ("touchMove", 20), ("touchMove", 60)]:
        points = [{"x": middle[0] - by, "y": middle[1] - by}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    until(lambda: not np.array_equal(drawn(phone), before), page=phone)  # it follows before the finger is lifted
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
