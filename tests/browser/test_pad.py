"""The drawing pad against torch: the code, the picture and the terms follow before the hand lets go."""

import numpy as np
from playwright.sync_api import expect

from tests.browser.pad import FLAT, OUT, PAD, agrees, figures, grey, near, press, rested, scene, sent, spot, stroke
from tests.browser.page_watch import choose, settled
from tests.browser.pixel_helpers import STAGE, at, fits
from vae_ui.widgets import model_cache


def test_a_drawing_is_followed_before_the_hand_lets_go(page, data_root):
    frames = sent(page)
    at(page, "reconstruct")
    rested(page)
    press(page, "Clear")
    settled(page)
    assert not grey(page, PAD).any()
    verdict = page.get_by_text("of the test images have a lower")
    nothing = page.get_by_text("There is nothing to reconstruct yet")
    expect(nothing).to_be_visible()
    expect(page.locator(OUT)).to_be_hidden()
    told, seen = len(frames), [(grey(page), *figures(page))]
    page.mouse.move(*spot(page, 0.35, 0.3))
    page.mouse.down()
    for place in [(0.65, 0.3), (0.5, 0.55), (0.4, 0.85)]:
        page.mouse.move(*spot(page, *place), steps=4)
        agrees(page)
        seen.append((grey(page), *figures(page)))
        assert np.abs(seen[-1][0] - seen[-2][0]).max() > 20 and seen[-1][1:] != seen[-2][1:]
        expect(page.locator(OUT)).to_be_visible()
    assert len(frames) == told and not verdict.count(), "the server heard of the drag"
    expect(nothing).to_be_hidden()  # the stage itself says so, and takes it back with the first stroke
    page.mouse.up()
    expect(verdict).to_be_visible()
    expect(nothing).to_be_hidden()
    settled(page)
    last = agrees(page)
    assert np.array_equal(grey(page), seen[-1][0]) and figures(page) == list(seen[-1][1:])
    near(page, FLAT, last.mean)
    expect(page.get_by_role("radio", name="Draw")).to_be_checked()
    page.wait_for_function(f"() => !{STAGE}.made.pad.sketch.shift.some(Boolean)")  # glides to where the model sees it
    assert np.abs(grey(page, PAD) - 255 * last.x.reshape(28, 28)).max() <= 1


def test_a_drawing_is_taken_back_and_outlives_the_page(page, data_root):
    at(page, "reconstruct")
    first = scene(page).x
    stroke(page, (0.2, 0.2), (0.8, 0.25))
    over = scene(page).x
    assert (over >= first).all() and (over > first).sum() > 30  # drawn over the test image, in its place
    press(page, "Clear")
    settled(page)
    assert not scene(page).x.any()
    stroke(page, (0.3, 0.2), (0.5, 0.8), (0.7, 0.2))
    vee = agrees(page).x
    stroke(page, (0.2, 0.5), (0.8, 0.5))
    assert not np.array_equal(agrees(page).x, vee)
    press(page, "Undo")
    settled(page)
    assert np.array_equal(agrees(page).x, vee)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Decode").click()
    settled(page)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Reconstruct").click()
    settled(page)
    assert np.array_equal(scene(page).x, vee)
    for kept in (np.zeros_like(vee), over, first):
        press(page, "Undo")
        settled(page)
        assert np.array_equal(scene(page).x, kept)
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_disabled()


def test_a_drawing_goes_along_to_other_models(page, data_root):
    def goes_on(model: str, title: str) -> np.ndarray:
        """x under another model: the browser agrees with torch on it, and Python speaks of the same one."""
        choose(page, "Model", title)
        page.wait_for_function(f"(hash) => {STAGE}?.loaded === hash", arg=model_cache.browser_block(model).hash)
        settled(page)
        now = agrees(page, model)
        near(page, model, now.mean)
        return now.x.reshape(*model_cache.explorer(model).shape[1:])

    at(page, "reconstruct")
    rested(page)
    press(page, "Clear")
    stroke(page, (0.3, 0.1), (0.3, 0.3), (0.6, 0.3))
    ell = scene(page).x.reshape(28, 28)
    assert np.array_equal(goes_on("fashion-vae-2d", "Fashion-MNIST, VAE 2-D"), ell)
    expect(page.get_by_role("button", name="Centre")).to_be_hidden()  # the place of a garment is not corrected
    stroke(page, (0.1, 0.9), (0.3, 0.9))
    assert scene(page).x.reshape(28, 28)[24:, 2:9].max() == 1
    assert goes_on("digits-vae-2d", "Digits 8x8, VAE 2-D")[6:, :3].max() > 0.5
    centred = goes_on(FLAT, "MNIST, VAE 2-D")
    middle = (np.indices((28, 28)) * centred).sum((1, 2)) / centred.sum()
    assert np.abs(middle - 14).max() < 1


def test_the_keyboard_draws(page, data_root):
    frames = sent(page)
    at(page, "reconstruct")
    rested(page)
    page.locator(PAD).focus()
    page.keyboard.press("Delete")
    settled(page)
    assert not scene(page).x.any()
    told = len(frames)
    for key in ["ArrowUp"] * 8 + ["Space"] + ["ArrowDown"] * 16:
        page.keyboard.press(key)
    rested(page)
    assert len(frames) == told
    page.keyboard.press("Space")
    page.wait_for_function(f"(told) => {STAGE}.messages.count >= told", arg=2)
    settled(page)
    assert len(frames) > told
    picture = agrees(page).x.reshape(28, 28)
    inked = np.argwhere(picture > 0.5)
    assert np.ptp(inked[:, 0]) > 14 and np.ptp(inked[:, 1]) < 5  # a stroke from top to bottom
    page.keyboard.press("Control+z")
    settled(page)
    assert not scene(page).x.any()


def test_a_phone_shows_both_sides_at_once_and_a_finger_draws(phone, data_root):
    at(phone, "reconstruct")
    rested(phone)
    assert fits(phone)
    boxes = [phone.locator(canvas).bounding_box() for canvas in (PAD, OUT)]
    assert abs(boxes[0]["y"] - boxes[1]["y"]) < 6
    assert all(box["width"] > 140 and box["y"] + box["height"] < 844 for box in boxes)
    before, finger = grey(phone), phone.context.new_cdp_session(phone)

    def touch(kind: str, *place: float) -> None:
        points = [dict(zip("xy", spot(phone, *place), strict=True))] if place else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", 0.2, 0.2)
    for y in (0.4, 0.6, 0.8):
        touch("touchMove", 0.2, y)
    phone.wait_for_timeout(50)
    assert phone.evaluate("scrollY") == 0 and np.abs(grey(phone) - before).max() > 20
    agrees(phone)
    touch("touchEnd")
    settled(phone)
    inked = agrees(phone).x.reshape(28, 28)
    assert inked[8:22, 5].min() > 0.5 and (grey(phone, PAD)[8:22, 5] > 127).all()
