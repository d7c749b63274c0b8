"""Reconstruct in a real browser against torch: draw, and the code, the picture and the terms follow before the hand lets go."""

import io
import re
from typing import NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.seen import at, drawn, fits, pixels
from tests.browser.watch import settled
from tests.exported import Reference, reference
from vae_core import checkpoints, latent
from vae_core.config import DataConfig
from vae_core.datasets import load
from vae_ui import cache

STAGE = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.stage')?.stage).find(Boolean)"
RESTED = f"() => {{ const s = {STAGE}; return !!s?.times.paint && !!s.scene.out && !!s.scene.x && !s.layers.handle; }}"
PAD, OUT = ".paper canvas", ".part-picture canvas"
FLAT = "mnist-vae-2d"
HALF = 2e-3  # weights in float16


class Scene(NamedTuple):
    """The numbers on the stage, in the browser's own precision."""

    x: np.ndarray
    mean: np.ndarray
    logvar: np.ndarray | None
    eps: np.ndarray
    z: np.ndarray


def rested(page: Page) -> None:
    """Wait until the stage is whole and has nothing more to draw."""
    page.wait_for_function(RESTED)


def scene(page: Page) -> Scene:
    rested(page)
    parts = "[s.x, s.q.mean, s.q.logvar, s.eps, s.z].map(v => v && [...v])"
    found = page.evaluate(f"() => {{ const s = {STAGE}.scene; return {parts}; }}")
    return Scene(*(None if values is None else np.array(values, np.float32) for values in found))


def grey(page: Page, canvas: str = OUT) -> np.ndarray:
    rested(page)
    return drawn(page, canvas).astype(int)


def figures(page: Page) -> list[float]:
    """Distortion, rate and -ELBO as they are written on the page."""
    return [number(text) for text in page.locator(".term:visible output").all_inner_texts()]


def table(page: Page) -> np.ndarray:
    """The lines of the code's table: mean, log-variance, deviation, eps, z."""
    rows = page.locator(".part-numbers tbody tr").all()
    return np.array([[number(cell) for cell in row.locator("td").all_inner_texts()] for row in rows])


def number(text: str) -> float:
    return float(text.replace("\u2212", "-"))


def truth(model: str, now: Scene, label: int | None = None) -> Reference:
    """What torch says of the very picture and code that are on the stage."""
    vae = checkpoints.load(cache.models()[model].folder).vae
    x = torch.from_numpy(now.x).reshape(1, *vae.config.shape)
    return reference(vae, x, torch.from_numpy(now.z)[None], None if label is None else torch.tensor([label]))


def agrees(page: Page, model: str = FLAT, label: int | None = None) -> Scene:
    """Pad, picture, code and terms on the screen are torch's; gives what is on the stage."""
    now = scene(page)
    torchs = truth(model, now, label)
    np.testing.assert_allclose(now.mean, torchs.mean[0], atol=HALF)
    loss = [torchs.distortion[0]]
    if now.logvar is not None:
        np.testing.assert_allclose(now.logvar, torchs.logvar[0], atol=HALF)
        loss += [torchs.kl.sum(), torchs.distortion[0] + torchs.kl.sum()]
    np.testing.assert_allclose(figures(page), loss, rtol=5e-4, atol=0.15)
    if len(now.x) > 2:
        assert np.abs(grey(page) - 255 * torchs.picture[0, 0]).max() <= 1.5
    return now


def spot(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where on the screen a place of the pad is, given in shares of its side."""
    box = page.locator(PAD).bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def stroke(page: Page, *places: tuple[float, float]) -> None:
    """The mouse draws through these places of the pad and lets go; Python answers."""
    page.mouse.move(*spot(page, *places[0]))
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*spot(page, *place), steps=4)
    page.mouse.up()
    settled(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def near(page: Page, model: str, code: np.ndarray) -> None:
    """Python shows the test images whose codes are nearest to this one: it has heard of the picture."""
    shown = page.locator('img[alt^="Test image"]')
    for i, index in enumerate(latent.nearest(cache.explorer(model).latents.mean, code, 6)):
        expect(shown.nth(i)).to_have_attribute("alt", re.compile(rf"^Test image {index}\b"))


def sent(page: Page) -> list[int]:
    """Grows with each message to the server."""
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: frames.append(1)))
    return frames


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
def test_a_test_image_its_code_and_its_terms_are_torchs(page, data_root, model):
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
    order = cache.explorer(model).order()[:6]
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
    for part, words in [("x", "784 numbers"), ("q(z|x)", "cloud"), ("ε", "Chance"), ("z = μ + σ · ε", "cloud")]:
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


def test_a_drawing_is_followed_before_the_hand_lets_go(page, data_root):
    frames = sent(page)
    at(page, "reconstruct")
    rested(page)
    press(page, "Clear")
    settled(page)
    assert not grey(page, PAD).any()
    verdict = page.get_by_text("of the test images have a lower")
    before, told, seen = verdict.inner_text(), len(frames), [(grey(page), *figures(page))]
    page.mouse.move(*spot(page, 0.35, 0.3))
    page.mouse.down()
    for place in [(0.65, 0.3), (0.5, 0.55), (0.4, 0.85)]:
        page.mouse.move(*spot(page, *place), steps=4)
        agrees(page)
        seen.append((grey(page), *figures(page)))
        assert np.abs(seen[-1][0] - seen[-2][0]).max() > 20 and seen[-1][1:] != seen[-2][1:]
    assert len(frames) == told and verdict.inner_text() == before, "the server heard of the drag"
    page.mouse.up()
    expect(verdict).not_to_have_text(before)
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
        page.get_by_role("combobox", name="Model").click()
        page.get_by_role("option", name=title, exact=True).click()
        here = (
            f'(hash) => {STAGE}?.scene.model === (globalThis[Symbol.for("latent-stage")].blocks.get(hash)?.model ?? 0)'
        )
        page.wait_for_function(here, arg=cache.browser_block(model).hash)
        settled(page)
        now = agrees(page, model)
        near(page, model, now.mean)
        return now.x.reshape(*cache.explorer(model).shape[1:])

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
    page.wait_for_function(f"(told) => {STAGE}.count >= told", arg=2)
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


def test_an_upload_is_prepared_and_a_broken_one_is_one_sentence(page, data_root):
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
    assert np.abs(255 * given - pixels(page, "After the step Resize")).max() < 1
    assert np.corrcoef(given.ravel(), grey(page).ravel())[0, 1] > 0.6
    page.get_by_text("Invert", exact=True).click()
    page.wait_for_function(f"(was) => {STAGE}.scene.x[0] !== was", arg=float(given[0, 0]))
    upload.set_input_files({"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": photograph()[:400]})
    expect(page.get_by_role("alert")).to_contain_text("broken.jpg")
    settled(page)
    assert np.array_equal(scene(page).x, first)


def test_a_click_on_a_dot_puts_its_image_in(page, data_root):
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
    np.testing.assert_allclose(chosen.z, page.evaluate(f"() => {STAGE}.z"), atol=1e-5)
    expect(page.get_by_text("You chose this z")).to_be_visible()
    canvas.click(position={"x": box["width"] * 0.55, "y": box["height"] * 0.5})
    page.wait_for_function(f"() => {STAGE}.scene.from === 'q'")
    assert np.array_equal(scene(page).z, now.z)


def test_a_conditional_model_is_told_the_label(page, data_root):
    model = "mnist-cvae-2d"
    at(page, "reconstruct", model)
    seven = agrees(page, model, 7)
    told = page.get_by_role("combobox", name="Tell the model it is")
    assert told.bounding_box()["x"] + told.bounding_box()["width"] < 1280
    told.click()
    page.get_by_role("option", name="4", exact=True).click()
    page.wait_for_function(f"() => {STAGE}.scene.label === 4")
    settled(page)
    assert not np.array_equal(agrees(page, model, 4).mean, seven.mean)
    press(page, "Clear")
    stroke(page, (0.3, 0.2), (0.3, 0.5), (0.7, 0.5))
    stroke(page, (0.6, 0.2), (0.6, 0.8))
    agrees(page, model, 4)


def test_points_go_in_without_a_pen(page):
    at(page, "reconstruct", "points-moons")
    before = agrees(page, "points-moons")
    np.testing.assert_allclose(before.x, cache.test_images("points-moons")[0], atol=1e-6)
    for name in ("Undo", "Clear"):
        assert not page.get_by_role("button", name=name, exact=True).is_visible()
    assert not page.get_by_text("Draw here").is_visible()
    page.get_by_role("button", name="Next").click()
    page.wait_for_function(f"(was) => Math.abs({STAGE}.scene.x[0] - was) > 1e-6", arg=float(before.x[0]))
    settled(page)
    agrees(page, "points-moons")
