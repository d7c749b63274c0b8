"""A picture and its words in a real browser: both follow the pointer and the sliders, as torch decodes them."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.page_watch import settled, until
from tests.browser.pages.test_sentences import PLACES
from tests.browser.pixel_helpers import STAGE, at, fits
from tests.pages.test_pairs import trained
from vae_core.explore.explorer import Explorer


@pytest.fixture(scope="module")
def pairs(server):
    trained(server.home, dataset="shapes", latent_dim=2, epochs=4)
    return Explorer.open(server.home / "runs" / "mopoe").as_in_browser()


def shown(page) -> tuple[list[float], str]:
    page.wait_for_function(
        f"() => {{ const s = {STAGE}; return s?.scene.words && !s.scene.stale && !s.frames.handle; }}"
    )
    return page.evaluate(f"() => [...{STAGE}.scene.shown]"), page.locator(".part-picture .phrase").inner_text()


def written(model: Explorer, code: list[float]) -> str:
    assert model.info.caption is not None
    return model.info.caption.phrase(model.most_probable_words(np.array([code], np.float32))[0])


def test_picture_and_words_follow_the_pointer_without_the_server(page, pairs):
    sent: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    at(page, "latent_space", "run-mopoe")
    shown(page)
    sent.clear()
    box, texts = page.locator(".plane .front").bounding_box(), set()
    for across, down in PLACES:
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"], steps=3)
        page.wait_for_timeout(50)
        code, text = shown(page)
        assert text == written(pairs, code)
        texts.add(text)
    assert not sent and len(texts) > 1


def test_a_slider_moves_both(page, pairs):
    at(page, "decode", "run-mopoe")
    _, text = shown(page)
    page.get_by_role("slider").first.focus()
    for _ in range(30):
        page.keyboard.press("Shift+ArrowRight")
    until(lambda: shown(page)[1] != text, 60, page)
    code, text = shown(page)
    assert text == written(pairs, code)


@pytest.mark.parametrize("name", ["latent_space", "decode", "interpolate"])
def test_a_phone_holds_the_words(phone, name, pairs):
    at(phone, name, "run-mopoe")
    assert shown(phone)[1] and fits(phone)
    expect(phone.locator(".part-picture .phrase")).to_be_visible()


def test_a_typed_sentence_is_drawn_and_a_missing_part_is_shown_as_missing(page, pairs):
    at(page, "reconstruct", "run-mopoe")
    shown(page)
    expect(page.locator(".part-pad .phrase")).to_have_text("words: missing")
    assert page.evaluate(f"() => {STAGE}.map.pick") == 0  # the test image has a ring
    page.get_by_role("radio", name="Words").click()
    expect(page.locator(".paper .gap")).to_be_visible()
    sentence = page.get_by_label("Your sentence")
    sentence.fill("a large heart, upside down, at the lower right")
    sentence.press("Enter")
    expect(page.locator(".part-pad .phrase")).to_have_text("a large heart, upside down, at the lower right")
    mean = pairs.posterior(None, words=(2, 2, 2, 2, 2))[0]
    until(lambda: shown(page)[0] == pytest.approx(mean.tolist(), abs=1e-3), 60, page)
    assert shown(page)[1] == written(pairs, shown(page)[0])
    assert page.evaluate(f"() => {STAGE}.map.pick") is None  # no test image goes in, and none has a ring
    page.get_by_role("radio", name="Both").click()
    expect(page.locator(".paper .gap")).to_be_hidden()
    x = page.evaluate(f"() => {STAGE}.scene.x && [...{STAGE}.scene.x]")
    both = pairs.posterior(np.array(x, np.float32).reshape(pairs.shape), words=(2, 2, 2, 2, 2))[0]
    until(lambda: shown(page)[0] == pytest.approx(both.tolist(), abs=1e-3), 60, page)
    assert page.evaluate(f"() => {STAGE}.map.pick") == 0


def test_a_click_on_a_dot_makes_its_picture_go_in_where_only_words_did(page, pairs):
    at(page, "reconstruct", "run-mopoe")
    shown(page)
    page.get_by_role("radio", name="Words").click()
    expect(page.locator(".paper .gap")).to_be_visible()
    settled(page)
    x, y = page.evaluate(f"(s => [s.map.view.sx(s.map.points[10]), s.map.view.sy(s.map.points[11])])({STAGE})")
    front = page.locator(".plane .front")
    front.scroll_into_view_if_needed()
    box = front.bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + y)
    expect(page.locator(".paper .gap")).to_be_hidden()
    settled(page)
    expect(page.get_by_role("radio", name="Picture")).to_be_checked()
    index = page.evaluate(f"() => {STAGE}.map.pick")
    assert index is not None and f"image={index}" in page.url and "given" not in page.url
