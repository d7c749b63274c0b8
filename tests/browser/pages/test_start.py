"""Start in a real browser, on real MNIST: a hand draws, throws the dice, drags z and opens every part, and torch says the same."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.pad import FLAT, HALF, OUT, figures, grey, rested, scene
from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import STAGE, at, drawn, fits
from vae_core.images.preparation import STYLES
from vae_ui.widgets import model_cache

THREE = [(0.32, 0.28), (0.5, 0.2), (0.66, 0.3), (0.5, 0.46), (0.68, 0.6), (0.5, 0.78), (0.3, 0.7)]


def trace(page: Page, canvas: str, places: list[tuple[float, float]]) -> None:
    """Press on the first place of a canvas (shares of its sides), go through the others, and lift."""
    box = page.locator(canvas).bounding_box()
    there = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*there[0])
    page.mouse.down()
    for place in there[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def is_torchs(page: Page) -> bool:
    """Whether x\u2032 and the terms are those that torch works out from the x and z on the stage."""
    now, model = scene(page), model_cache.explorer(FLAT)
    picture = model.decode(now.z[None])[0, 0]
    mean, _ = model.encode(now.x.reshape(1, *model.shape))
    distortion, kl = model.terms(now.x.reshape(model.shape), now.z)
    loss, shown, rate = figures(page)
    same = np.abs(grey(page) - 255 * picture).max() <= 2 and np.abs(mean[0] - now.mean).max() < 20 * HALF
    return bool(
        same and abs(shown - distortion) < 1.5 and abs(rate - kl.sum()) < 0.15 and abs(loss - shown - rate) < 0.06
    )


def dozen(page: Page) -> np.ndarray:
    rested(page)
    return np.stack([drawn(page, f".dozen button:nth-child({i + 1}) canvas") for i in range(12)]).astype(int)


def opened(page: Page) -> list[str]:
    return page.locator("[aria-expanded=true]").evaluate_all("all => all.map(e => e.dataset.opens).filter(Boolean)")


def test_everything_follows_the_hand(page, data_root):
    at(page, "")
    assert STYLES["mnist"].mass is not None
    expect(page.locator(".part-loss")).to_be_in_viewport(ratio=1)
    expect(page.locator(".dozen")).to_be_in_viewport(ratio=1)
    rested(page)
    assert is_torchs(page)

    # x: another picture, then a drawing
    before = scene(page)
    page.get_by_role("button", name="Another picture").click()
    settled(page)
    assert not np.array_equal(scene(page).x, before.x) and is_torchs(page)
    page.get_by_role("button", name="Clear").click()
    trace(page, ".paper canvas", THREE)
    now = scene(page)
    assert now.x.max() > 0.9 and is_torchs(page)
    settled(page)
    assert np.array_equal(scene(page).x, now.x)  # the answer leaves the drawing alone

    # eps: other chance, in the same frame; the first of the dozen is z
    page.get_by_role("button", name="Another ε").click()
    other = scene(page)
    assert np.array_equal(other.x, now.x) and not np.array_equal(other.eps, now.eps) and is_torchs(page)
    assert np.allclose(other.z, other.mean + np.exp(other.logvar / 2) * other.eps, atol=1e-5)
    narrow = dozen(page)
    assert np.abs(narrow[0] - grey(page)).max() <= 1
    loss = figures(page)
    slider = page.get_by_role("slider")
    for _ in range(19):
        slider.press("ArrowRight")
    wide, far = dozen(page), scene(page)
    assert wide.std(0).mean() > 2 * narrow.std(0).mean() and figures(page) == loss
    assert np.allclose(far.z, far.mean + 20 * np.exp(far.logvar / 2) * far.eps, atol=1e-4)
    expect(page.get_by_text("Exaggerated: σ is drawn 20 times as wide")).to_be_visible()
    page.get_by_role("button", name="Draw 3 of 12: make it z").click()
    assert np.abs(dozen(page)[2] - grey(page)).max() <= 1
    slider.press("Home")
    expect(page.get_by_text("True: σ =")).to_be_visible()

    # z by hand and by key
    trace(page, ".plane .front", [(0.3, 0.4), (0.45, 0.6), (0.6, 0.66)])
    dragged = scene(page)
    assert not np.array_equal(dragged.z, far.z) and np.array_equal(dragged.x, now.x) and is_torchs(page)
    page.locator(".plane .front").press("ArrowLeft")
    assert scene(page).z[0] < dragged.z[0] and is_torchs(page)
    settled(page)

    # what unfolds
    for side, layers, stroke in (("encoder", 4, [(0.2, 0.2), (0.3, 0.5)]), ("decoder", 4, [(0.8, 0.3), (0.7, 0.8)])):
        page.locator(f".part-{side} button").press("Enter")
        assert opened(page) == [side] and page.locator(".layers .row canvas").count() == layers
        quiet = drawn(page, ".layers .row canvas")
        page.locator(".layers .row canvas").first.hover(position={"x": 40, "y": 40})
        expect(page.locator(".layers .weights p")).to_contain_text("Unit")
        words = page.locator(".layers .weights p").inner_text()
        page.locator(".layers .row canvas").first.press("ArrowRight")
        expect(page.locator(".layers .weights p")).not_to_have_text(words)
        trace(page, ".paper canvas", stroke)  # another one each time: what is drawn already changes nothing
        rested(page)
        assert not np.array_equal(drawn(page, ".layers .row canvas"), quiet)
        settled(page)
        page.keyboard.press("Escape")
        assert opened(page) == [] and page.locator(".dozen").is_visible()
    for term, line in (("distortion", "-p.log_prob(x)"), ("rate", "vae.kl(q, z)"), ("loss", "distortion + rate")):
        page.locator(f".term.{term}").click()
        assert opened(page) == [term]
        expect(page.locator(".details mark").last).to_contain_text(line)
        number = page.locator(f".term.{term} output").inner_text()
        expect(page.locator(".details .now")).to_contain_text(number)
    page.get_by_role("button", name="Fold it again").click()
    assert page.locator(".dozen").is_visible()


def test_a_thumb_draws_on_a_phone_in_chinese(phone, data_root):
    phone.goto(f"/?model={FLAT}&lang=zh")
    settled(phone)
    rested(phone)
    assert fits(phone) and phone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= innerWidth")
    for part in (".paper", OUT, ".part-encoder", ".part-decoder"):
        expect(phone.locator(part).first).to_be_in_viewport(ratio=1)
    phone.get_by_role("button", name="清空").click()
    box, before = phone.locator(".paper canvas").bounding_box(), grey(phone)
    touch = phone.context.new_cdp_session(phone)
    for kind, points in [("touchStart", THREE[:1]), *(("touchMove", [place]) for place in THREE[1:]), ("touchEnd", [])]:
        there = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": there})
    assert scene(phone).x.max() > 0.9 and not np.array_equal(grey(phone), before)
    settled(phone)
    phone.locator(".part-encoder button").click()  # a tap that a loaded machine delays is a long press
    expect(phone.get_by_text("第 1 层", exact=True)).to_be_visible()
    expect(phone.locator(".part-panel")).to_be_in_viewport()
    phone.locator(".part-encoder button").click()
    phone.locator(".term.rate").click()
    expect(phone.get_by_text("码率：编码的代价")).to_be_visible()
    assert fits(phone) and phone.evaluate(f"() => {STAGE}.scene.terms.rate") == pytest.approx(
        figures(phone)[2], abs=0.06
    )
