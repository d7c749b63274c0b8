"""Reconstruct in a real browser, compared with torch: test images, uploads, labels and points, their codes and terms."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.pad import (
    FLAT,
    OUT,
    PAD,
    agrees,
    grey,
    press,
    rested,
    scene,
    sent,
    stroke,
    table,
)
from tests.browser.page_watch import choose, settled
from tests.browser.pixel_helpers import STAGE, at, pixels
from vae_core.config import DataConfig
from vae_core.data import load
from vae_ui.widgets import model_cache


def photograph(side: int = 1600) -> bytes:
    """A one in dark ink on paper, with the turn that a phone notes."""
    image = Image.new("RGB", (side, side * 4 // 3), (212, 206, 196))
    ImageDraw.Draw(image).line([(side * 0.52, side * 0.35), (side * 0.45, side)], fill=(25, 25, 70), width=side // 22)
    notes = Image.Exif()
    notes[0x0112] = 6
    out = io.BytesIO()
    image.rotate(90, expand=True).save(out, "JPEG", exif=notes)
    return out.getvalue()


@pytest.mark.parametrize("model", [FLAT, "mnist-vae-20d"])
def test_a_test_image_its_code_and_its_terms_equal_torchs(page, data_root, model):
    frames = sent(page)
    at(page, "reconstruct", model)
    now, told = agrees(page, model), len(frames)
    first = load(DataConfig(dataset="mnist"), data_root).test.x.numpy()[0]
    assert np.array_equal(np.rint(255 * now.x), first.ravel()) and np.abs(grey(page, PAD) - first[0]).max() <= 1
    assert np.array_equal(now.z, now.mean)
    press(page, "Resample")
    drawn_once = agrees(page, model)
    np.testing.assert_allclose(drawn_once.z, now.mean + np.exp(now.logvar / 2) * drawn_once.eps, atol=1e-5)
    assert np.abs(drawn_once.eps).min() > 0
    order = model_cache.explorer(model).order()[:6]
    mean, logvar, sd, eps, z = table(page).T
    for shown, value in [(mean, now.mean), (logvar, now.logvar), (sd, np.exp(now.logvar / 2)), (eps, drawn_once.eps)]:
        np.testing.assert_allclose(shown, value[order], atol=0.006)
    np.testing.assert_allclose(z, mean + sd * eps, atol=0.04)  # of numbers with two decimals
    press(page, "Resample")
    assert not np.array_equal(agrees(page, model).eps, drawn_once.eps)
    press(page, "Mean only")
    assert np.array_equal(scene(page).z, now.mean) and np.all(table(page)[:, 3] == 0)
    assert len(frames) == told, "the server was asked"


def test_step_by_step(page, data_root):
    at(page, "reconstruct")
    rested(page)
    begin, chain = page.get_by_role("button", name="Step", exact=True), page.locator(".chain .now")
    onwards = page.locator(".part-numbers .head button")
    faint = f"document.querySelector('*') && getComputedStyle({STAGE}.grid.querySelector('{OUT}')).opacity"
    begin.click()
    for part, words in [("x", "784 numbers"), ("q(z|x)", "cloud"), ("ε", "Mean only"), ("z = μ + σ · ε", "cloud")]:
        expect(chain).to_have_text(part)
        expect(page.locator(".told")).to_contain_text(words)
        page.wait_for_function(f"() => {faint} < 0.1")  # x' is not there yet
        onwards.click()
    expect(chain).to_have_text("x′")
    page.wait_for_function(f"() => {faint} == 1")
    expect(onwards).to_have_text("Done")
    onwards.click()
    expect(begin).to_be_visible()
    expect(chain).to_have_count(0)


def test_an_upload_is_prepared_and_a_damaged_one_is_one_sentence(page, data_root):
    at(page, "reconstruct")
    first = scene(page).x
    page.get_by_role("radio", name="Upload").click()
    settled(page)
    upload = page.locator("input[type=file]")
    upload.set_input_files({"name": "one.jpg", "mimeType": "image/jpeg", "buffer": photograph()})
    expect(page.locator('img[alt^="After the step"]')).to_have_count(5)
    settled(page)
    given = agrees(page).x.reshape(28, 28)
    assert given[:4].max() < 0.16 and given[8:20].max() > 0.8
    assert np.abs(255 * given - pixels(page, "After the step: Resize")).max() < 1
    assert np.corrcoef(given.ravel(), grey(page).ravel())[0, 1] > 0.6
    page.get_by_text("Invert", exact=True).click()
    page.wait_for_function(f"(was) => {STAGE}.scene.x[0] !== was", arg=float(given[0, 0]))
    upload.set_input_files({"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": photograph()[:400]})
    expect(page.get_by_role("alert")).to_contain_text("broken.jpg")
    settled(page)
    assert np.array_equal(scene(page).x, first)


def test_on_a_phone_the_upload_is_below_its_switch(phone):
    at(phone, "reconstruct")
    phone.get_by_role("radio", name="Upload").click()
    settled(phone)
    box = phone.get_by_test_id("stFileUploader").bounding_box()
    assert box["y"] + box["height"] <= 844 and box["y"] < phone.locator(".part-pad canvas").first.bounding_box()["y"]


def test_a_click_on_a_dot_reconstructs_its_image(page, data_root):
    at(page, "reconstruct")
    first, canvas = scene(page).x, page.locator("canvas.front")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 0.55, "y": box["height"] * 0.5})
    page.wait_for_function(f"(was) => {STAGE}.scene.x.some((v, i) => v !== was[i])", arg=first.tolist())
    settled(page)
    page.mouse.move(5, 5)
    now, index = agrees(page), int(page.get_by_label("Number in the test set").input_value())
    image = load(DataConfig(dataset="mnist"), data_root).test.x.numpy()[index]
    assert index > 0 and np.array_equal(np.rint(255 * now.x), image.ravel())
    whence = f"() => {STAGE}.scene.from"
    assert page.evaluate(whence) == "q"
    canvas.click(position={"x": box["width"] * 0.2, "y": box["height"] * 0.2})  # no dot: z alone
    settled(page)
    page.mouse.move(5, 5)
    chosen = agrees(page)
    assert page.evaluate(whence) == "z" and np.array_equal(chosen.x, now.x) and not np.array_equal(chosen.z, now.z)
    np.testing.assert_allclose(chosen.z, page.evaluate(f"() => {STAGE}.map.z"), atol=1e-5)
    expect(page.get_by_text("You chose this z")).to_be_visible()
    canvas.click(position={"x": box["width"] * 0.55, "y": box["height"] * 0.5})
    page.wait_for_function(f"() => {STAGE}.scene.from === 'q'")
    assert np.array_equal(scene(page).z, now.z)


def test_the_label_of_a_conditional_model(page, data_root):
    model = "mnist-cvae-2d"
    at(page, "reconstruct", model)
    seven = agrees(page, model, 7)
    told = page.get_by_role("combobox", name="Class given to the model")
    assert told.bounding_box()["x"] + told.bounding_box()["width"] < 1280
    choose(page, "Class given to the model", "4")
    page.wait_for_function(f"() => {STAGE}.scene.label === 4")
    settled(page)
    assert not np.array_equal(agrees(page, model, 4).mean, seven.mean)
    press(page, "Clear")
    stroke(page, (0.3, 0.2), (0.3, 0.5), (0.7, 0.5))
    stroke(page, (0.6, 0.2), (0.6, 0.8))
    agrees(page, model, 4)


def test_a_model_of_points_has_no_drawing_pad(page):
    at(page, "reconstruct", "points-moons")
    before = agrees(page, "points-moons")
    expect(page.get_by_text("Below 0, because p(x|z) is a density")).to_be_visible()
    np.testing.assert_allclose(before.x, model_cache.test_images("points-moons")[0], atol=1e-6)
    for name in ("Undo", "Clear"):
        assert not page.get_by_role("button", name=name, exact=True).is_visible()
    assert not page.get_by_text("Draw here").is_visible()
    page.get_by_role("button", name="Next").click()
    page.wait_for_function(f"(was) => Math.abs({STAGE}.scene.x[0] - was) > 1e-6", arg=float(before.x[0]))
    settled(page)
    agrees(page, "points-moons")
