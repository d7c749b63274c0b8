"""Interpolate in a real browser: choosing a class, two clicks on the map, and the point of the path under the pointer."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PROJECTOR
from tests.browser.page_watch import settled, until
from tests.browser.pixel_helpers import STAGE, at, changed, drawn, fits, pixels, width
from vae_core.explore import interpolation
from vae_core.images import writing
from vae_core.images.writing import png
from vae_ui.widgets import model_cache

STRIP, PIXELS = "In the latent space", "In pixels"
MIXED = ".mixed canvas"
PLACE = "Place on the way"
RESTED = f"() => {{ const s = {STAGE}; return !!s?.times.paint && !!s.scene.out && !s.frames.handle; }}"


def rested(page: Page) -> None:
    """Wait until the stage is whole and has nothing more to draw."""
    page.wait_for_function(RESTED)


def js(page: Page, code: str) -> object:
    """The value of `code`, in which `s` is the stage."""
    return page.evaluate(f"() => {{ const s = {STAGE}; return {code}; }}")


def grey(page: Page, canvas: str = ".part-picture canvas") -> np.ndarray:
    rested(page)
    return drawn(page, canvas).astype(int)


def decoded(model: str, code: object) -> np.ndarray:
    """What torch draws of the code."""
    picture = model_cache.explorer(model).decode(np.array([code], np.float32))
    return writing.pictures(picture)[0].astype(int)


def share(page: Page) -> float:
    return float(page.get_by_role("slider", name=PLACE).input_value())


def test_two_clicks_on_the_map_set_a_and_b(page, data_root):
    at(page, "interpolate")
    rested(page)
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
    page.mouse.move(5, 5)
    rested(page)
    assert np.abs(grey(page) - decoded("mnist-vae-2d", js(page, "[...s.scene.z]"))).max() <= 1
    assert np.abs(grey(page) - second[:, 4 * (side + 1) :][:, :side]).max() <= 1  # the middle of nine


def test_choosing_a_class_and_a_point_of_the_path(page, data_root):
    at(page, "interpolate")
    for strip in (STRIP, PIXELS, "Plain autoencoder"):
        assert page.locator(f'img[alt*="{strip}"]').bounding_box()["y"] < 500 and width(page, strip) > 500
    large, told = grey(page), js(page, "s.messages.count")
    page.get_by_role("slider", name=PLACE).focus()
    page.keyboard.press("End")
    page.wait_for_function(f"(count) => {STAGE}.messages.count > count", arg=told)
    settled(page)
    end = grey(page)
    assert not np.array_equal(end, large)
    assert np.abs(end - pixels(page, STRIP)[:, -28:]).max() <= 1
    assert np.abs(grey(page, MIXED) - pixels(page, PIXELS)[:, -28:]).max() <= 1
    ghosts = pixels(page, PIXELS)
    page.get_by_label("A: 6").click()
    page.get_by_role("option", name="4", exact=True).click()
    changed(page, PIXELS, ghosts)
    expect(page.get_by_text("A: 4, test image")).to_be_visible()
    assert share(page) == 1 and np.array_equal(grey(page), end)  # another A leaves the place at B


@pytest.mark.parametrize("model", ["mnist-vae-2d", "mnist-vae-20d"])
def test_the_picture_follows_the_pointer(page, data_root, model):
    frames = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: frames.append(1)))
    at(page, "interpolate", model)
    if model == "mnist-vae-20d":
        page.get_by_role("radio", name="Sphere").click()
        settled(page)
    rested(page)
    told = js(page, "s.wanted.options.path")
    slider = page.get_by_role("slider", name=PLACE)
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.wait_for_timeout(300)
    sent = len(frames)
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    seen = [grey(page)]
    for part in (0.2, 0.35, 0.8):
        page.mouse.move(box["x"] + box["width"] * part, y, steps=4)
        page.wait_for_timeout(40)
        place, ring = share(page), js(page, "s.map.z")
        seen.append(grey(page))
        assert abs(place - part) < 0.05 and not np.array_equal(seen[-1], seen[-2])
        way = interpolation.interpolate(np.float32(told["a"]), np.float32(told["b"]), 101, told["kind"])
        code = way[round(100 * place)]
        np.testing.assert_allclose(js(page, "[...s.scene.z]"), code, atol=1e-5)
        np.testing.assert_allclose(ring, js(page, "s.map.projection.place(s.scene.z)"), atol=1e-5)
        assert np.abs(seen[-1] - decoded(model, code)).max() <= 1
    assert len(frames) == sent, "the server heard of the drag"
    page.mouse.up()
    settled(page)
    assert len(frames) > sent and np.array_equal(grey(page), seen[-1])
    page.reload()
    settled(page)


def test_play_moves_the_ring_forth_and_back(page, data_root):
    at(page, "interpolate")
    rested(page)
    page.get_by_role("button", name="Play").click()
    on_line, pictures = [], set()
    a, b = (np.array(js(page, f"s.map.overlay.{letter}")) for letter in "ab")

    def has_turned_round() -> bool:
        on_line.append(np.dot(np.array(js(page, "s.map.z")) - a, b - a) / np.dot(b - a, b - a))
        pictures.add(drawn(page).tobytes())
        turned = {-1, 1} <= set(np.sign(np.diff(on_line)).tolist())
        return turned and max(on_line) > 0.9 and len(pictures) > 8

    until(has_turned_round, page=page)
    assert min(on_line) >= -1e-3
    page.get_by_role("button", name="Pause").click()
    settled(page)
    stopped = grey(page)
    page.wait_for_timeout(300)
    assert np.array_equal(grey(page), stopped)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_reduced_motion_hides_play(open_page, data_root):
    page = open_page(**PROJECTOR, reduced_motion="reduce")
    at(page, "interpolate")
    rested(page)
    expect(page.get_by_role("slider", name=PLACE)).to_be_visible()
    assert not page.get_by_role("button", name="Play").is_visible()


def test_an_uploaded_picture_as_an_endpoint_and_a_damaged_one(page, data_root):
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
    assert phone.get_by_role("slider", name=PLACE).bounding_box()["height"] >= 40
