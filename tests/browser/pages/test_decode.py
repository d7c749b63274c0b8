"""Decode in a real browser, on real MNIST: the picture follows a slider while it is dragged and equals torch's."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_watch import settled, until
from tests.browser.pixel_helpers import STAGE, at, drawn, fits
from tests.pages.visit import BUNDLED
from vae_core.images import writing
from vae_ui.base.palette import colour
from vae_ui.widgets import decoded_traversals, model_cache

RESTED = f"() => {{ const s = {STAGE}; return !!s?.scene.out && !s.frames.handle && !s.scene.stale; }}"
SAID = "Density of codes here"


def opened(page: Page, model: str = "mnist-vae-2d") -> None:
    at(page, "decode", model)
    page.wait_for_function(RESTED)


def js(page: Page, code: str) -> object:
    """The value of `code`, in which `s` is the stage, once it has nothing more to draw."""
    page.wait_for_function(RESTED)
    return page.evaluate(f"() => {{ const s = {STAGE}; return {code}; }}")


def code(page: Page) -> np.ndarray:
    return np.array(js(page, "[...s.scene.z]"), np.float32)


def is_torchs(page: Page, model: str) -> bool:
    """Whether the picture on the stage equals torch's decoding of its code within 1.5 grey levels."""
    z, label = code(page), js(page, "s.scene.label")
    expected = decoded_traversals.drawn(model_cache.explorer(model), z[None], int(label))[0]
    return bool(np.abs(drawn(page).astype(int) - expected).max() <= 1.5)


def slopes_are_torchs(page: Page, name: str) -> bool:
    """Whether the signed pictures show the columns of torch's Jacobian at the code on the stage, on their common scale."""
    model, ground = model_cache.explorer(name), 255
    slopes = model.slopes(code(page), model.order()[:8]).mean(1)
    shares = slopes / np.abs(slopes).max()
    rose, green = (int(colour(part)[1:3], 16) for part in ("x", "out"))
    expected = ground + np.abs(shares) * (np.where(shares < 0, rose, green) - ground)  # of red, on the light theme
    shown = np.stack([drawn(page, f".part-slopes figure:nth-child({i + 1}) canvas") for i in range(len(slopes))])
    return bool(np.abs(shown - expected).max() < 16)


def sent(page: Page) -> list[str | bytes]:
    """A list of the messages that the page sends to the server from now on."""
    frames: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: frames.append(frame)))
    page.reload()
    settled(page)
    page.wait_for_function(RESTED)
    page.wait_for_timeout(300)
    frames.clear()
    return frames


def test_the_picture_follows_a_slider_that_is_dragged(page, data_root):
    opened(page)
    frames, words = sent(page), page.get_by_text(SAID).inner_text()
    box = page.get_by_role("slider").first.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    seen = []
    for part in (0.35, 0.65, 0.85):
        page.mouse.move(box["x"] + box["width"] * part, middle, steps=4)
        assert is_torchs(page, "mnist-vae-2d")
        seen.append(drawn(page))
        assert js(page, "s.map.z") == pytest.approx(code(page), abs=1e-5)  # the ring on the map moves along
    assert not np.array_equal(seen[0], seen[1]) and not np.array_equal(seen[1], seen[2])
    until(lambda: slopes_are_torchs(page, "mnist-vae-2d"), page=page)  # they come when the picture has been drawn
    assert not frames
    expect(page.get_by_text(SAID)).to_be_hidden()  # it was said of another z
    page.mouse.up()
    expect(page.get_by_text(SAID)).not_to_have_text(words)
    expect(page.get_by_text(SAID)).to_be_visible()
    settled(page)
    assert np.array_equal(drawn(page), seen[-1])  # the answer moves nothing
    chosen = code(page)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Latent space").click()
    expect(page.locator(".part-around")).to_be_visible()
    settled(page)
    np.testing.assert_allclose(code(page), chosen, atol=1e-5)


def test_keyboard_buttons_and_double_click(page, data_root):
    opened(page, "mnist-vae-20d")
    model = model_cache.explorer("mnist-vae-20d")
    sliders = page.get_by_role("slider")
    assert sliders.count() >= 6
    leading = model.order()[0]
    sliders.first.focus()
    frames = sent(page)
    sliders.first.focus()
    for key, at_last in (("ArrowRight", 0.05), ("Shift+ArrowRight", 0.55), ("End", 3), ("Home", -3), ("0", 0)):
        page.keyboard.press(key)
        assert code(page)[leading] == pytest.approx(at_last, abs=1e-5)
    assert is_torchs(page, "mnist-vae-20d")
    until(lambda: frames, page=page)
    page.get_by_role("button", name="Random sample").click()
    first = code(page)
    page.get_by_role("button", name="Random sample").click()
    assert not np.array_equal(code(page), first) and is_torchs(page, "mnist-vae-20d")
    sliders.first.dblclick()
    assert code(page)[leading] == pytest.approx(0, abs=1e-5)
    page.get_by_role("button", name="Mean", exact=True).click()
    assert not code(page).any()
    page.locator(".part-sliders summary").click()
    page.get_by_role("slider").last.scroll_into_view_if_needed()
    top, end, out = (
        one.bounding_box()["y"] for one in (sliders.first, sliders.last, page.locator(".part-picture canvas"))
    )
    assert top < 0 < 50 < out < end < 720  # the picture stays beside the slider that is moved
    page.reload()
    settled(page)
    page.get_by_role("button", name="Random sample").click()
    np.testing.assert_allclose(code(page), first, atol=1e-5)  # the seed's first sample again


def test_the_code_of_a_test_image(page, data_root):
    opened(page, "mnist-vae-20d")
    page.get_by_role("button", name="Encode a test image").click()
    page.get_by_role("button", name="Encode it").click()
    expect(page.locator('img[alt*="encoded image"]')).to_be_visible()
    settled(page)
    np.testing.assert_allclose(code(page), model_cache.explorer("mnist-vae-20d").latents.mean[0], atol=1e-5)
    assert is_torchs(page, "mnist-vae-20d")


def test_the_class_of_a_conditional_model(page, data_root):
    opened(page, "mnist-cvae-2d")
    before = drawn(page)
    page.get_by_role("group", name="Draw as the class").get_by_role("button", name="4").click()
    settled(page)
    assert js(page, "s.scene.label") == 4 and not np.array_equal(drawn(page), before)
    assert is_torchs(page, "mnist-cvae-2d")


def test_switching_to_a_model_of_another_size(page, data_root):
    opened(page, "shapes-beta-10d")
    for model in ("digits-ae-2d", "fashion-vae-2d"):
        opened(page, model)
        assert model in BUNDLED and len(code(page)) == 2 and is_torchs(page, model)
        assert (
            drawn(page).shape
            == writing.pictures(np.zeros((1, *model_cache.explorer(model).shape), np.float32))[0].shape
        )


def test_a_finger_moves_a_slider_on_a_phone(phone, data_root):
    opened(phone)
    picture, box = (
        phone.locator(".part-picture canvas").bounding_box(),
        phone.get_by_role("slider").first.bounding_box(),
    )
    assert fits(phone) and picture["y"] < box["y"] and box["height"] >= 40
    before, finger = drawn(phone), phone.context.new_cdp_session(phone)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    for kind, by in [("touchStart", 0), ("touchMove", 20), ("touchMove", 60)]:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x + by, "y": y}]})
    assert is_torchs(phone, "mnist-vae-2d") and not np.array_equal(drawn(phone), before)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("model", ["mnist-vae-20d", "shapes-words-16d"])
def test_on_a_phone_sliders_of_more_numbers_have_room_below_a_whole_picture(phone, model):
    opened(phone, model)
    picture, slider = (
        part.bounding_box() for part in (phone.locator(".part-picture canvas"), phone.get_by_role("slider").first)
    )
    assert fits(phone) and picture["x"] >= 0 and picture["x"] + picture["width"] <= 390
    assert slider["width"] >= 120 and slider["y"] >= picture["y"] + picture["height"]


def test_on_a_phone_the_zoom_hides_no_dot(phone, data_root):
    opened(phone)
    tools, plane = (phone.locator(part).bounding_box() for part in (".tools", ".plane"))
    assert tools["y"] + tools["height"] <= plane["y"]
