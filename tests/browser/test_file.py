"""The saved HTML file, opened from disk in a browser that is offline: it decodes as torch does, and asks nobody for anything."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PATIENCE, PHONE, PROJECTOR
from tests.browser.pixel_helpers import STAGE, drawn
from tests.browser.test_map import Map
from vae_core.explore.explorer import Explorer
from vae_core.images.writing import pictures
from vae_ui.export import html_and_onnx
from vae_ui.stage import Payload
from vae_ui.stage.payload import pack
from vae_ui.widgets import model_cache

NAME = "mnist-vae-2d"
OUT = ".part-picture canvas"
DRAWN = f"() => {{ const s = {STAGE}; return !!s?.times.paint && !!s.scene.out && !s.frames.handle; }}"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def model() -> Explorer:
    return model_cache.explorer(NAME)


@pytest.fixture(scope="module")
def saved(model: Explorer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    view = model_cache.view(NAME, "plane", (0, 1), 0)
    code = model.latents.mean[7]
    look = html_and_onnx.Quantized(
        code, view.at(model, code), 7, 0, view.ellipse(model, 7), model_cache.test_images(NAME)[7]
    )
    path = tmp_path_factory.mktemp("stick") / "mnist vae.html"
    path.write_bytes(html_and_onnx.page_file(model, view, model_cache.browser_block(NAME).blob, look))
    return path


@pytest.fixture
def opened(browser: Browser, saved: Path) -> Iterator[Open]:
    """Opens the file with no network; anything it asks for or complains of fails the test."""
    problems: list[str] = []
    contexts = []

    def visit(**options: object) -> Page:
        context = browser.new_context(**{**PROJECTOR, **options})
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.set_offline(True)
        context.on("console", lambda message: problems.append(f"console {message.type}: {message.text}"))
        context.on("weberror", lambda error: problems.append(f"uncaught: {error.error}"))
        context.on("request", lambda request: request.url == saved.as_uri() or problems.append(f"asked: {request.url}"))
        page = context.new_page()
        page.goto(saved.as_uri())
        page.wait_for_function(DRAWN)
        return page

    yield visit
    for context in contexts:
        context.close()
    assert not problems, "\n".join(problems)


def plane(page: Page, saved: Path) -> Map:
    """The map on the page, with the transform that its first view must have."""
    blob = page.evaluate(f"() => [...new Uint8Array({STAGE}.map.block.arrays.points.buffer)]")
    header = page.evaluate(f"() => ({{bounds: {STAGE}.map.block.header.bounds}})")
    points = np.frombuffer(bytes(blob), np.float32).reshape(-1, 2)
    return Map(page, Payload(pack(header, {"points": points}), "", len(points)))


def grey(page: Page) -> np.ndarray:
    """The decoded picture once the stage has come to rest."""
    page.wait_for_function(DRAWN)
    return drawn(page, OUT).astype(int)


def decoded(model: Explorer, code: np.ndarray) -> np.ndarray:
    """The picture that torch makes with the weights that the file has."""
    return pictures(model.decode(np.asarray(code, np.float32)[None]))[0].astype(int)


def test_it_is_small_and_whole(saved):
    text = saved.read_text(encoding="utf-8")
    assert len(text.encode()) < 4_000_000
    assert text.count("</script>") == 4 and "http://" not in text.replace("http://www.w3.org/", "")


def test_the_picture_follows_the_pointer_and_is_torchs(opened, saved, model):
    page = opened()
    seen = plane(page, saved)
    for place in ([-1.5, 0.5], [0.0, 0.0], [1.2, -1.0], [0.4, 1.6]):
        page.mouse.move(*seen.screen(place))
        page.wait_for_timeout(50)
        picture = grey(page)
        code = page.evaluate(f"() => [...{STAGE}.scene.shown]")
        np.testing.assert_allclose(code, place, atol=0.02)
        assert np.abs(picture - decoded(model, code)).max() <= 1


def test_z_is_dragged_and_stays(opened, saved, model):
    page = opened()
    seen = plane(page, saved)
    np.testing.assert_allclose(page.evaluate(f"() => [...{STAGE}.scene.z]"), model.latents.mean[7], atol=1e-4)
    before = grey(page)
    page.mouse.move(*seen.screen(model.latents.mean[7]))
    page.mouse.down()
    page.mouse.move(*seen.screen([0.5, -0.5]), steps=5)
    page.wait_for_timeout(50)
    during = grey(page)
    assert not np.array_equal(during, before)
    page.mouse.up()
    page.mouse.move(5, 5)
    page.wait_for_timeout(50)
    assert np.abs(grey(page) - decoded(model, page.evaluate(f"() => [...{STAGE}.scene.z]"))).max() <= 1
    assert np.abs(grey(page) - during).max() <= 1


def test_a_drawing_is_encoded_and_drawn_again(opened, model):
    page = opened()
    page.get_by_role("button", name="Draw", exact=True).click()
    page.get_by_role("button", name="Clear", exact=True).click()
    pad = page.locator(".paper canvas").bounding_box()
    at = [pad["x"] + 0.55 * pad["width"], pad["y"] + 0.2 * pad["height"]]
    page.mouse.move(*at)
    page.mouse.down()
    shown = []
    for step in range(1, 5):
        page.mouse.move(at[0] - step * 0.03 * pad["width"], at[1] + step * 0.14 * pad["height"], steps=4)
        shown.append(grey(page))
    x = np.array(page.evaluate(f"() => [...{STAGE}.scene.x]"), np.float32).reshape(1, 28, 28)
    q = page.evaluate(f"() => ({{mean: [...{STAGE}.scene.q.mean], logvar: [...{STAGE}.scene.q.logvar]}})")
    reading = model.analyse(x, None)
    np.testing.assert_allclose(q["mean"], reading.mean, atol=5e-3)  # the weights travel in half precision
    np.testing.assert_allclose(np.exp(np.array(q["logvar"]) / 2), reading.scale, rtol=1e-2)
    assert np.abs(grey(page) - decoded(model, np.array(q["mean"]))).max() <= 1
    assert not np.array_equal(shown[0], shown[-1])
    page.mouse.up()
    told = page.locator(".term.rate output").inner_text()
    assert float(told) == pytest.approx(reading.rate, abs=0.1)
    page.get_by_role("button", name="Undo", exact=True).click()
    assert page.evaluate(f"() => Math.max(...{STAGE}.scene.x)") == 0


def test_a_slider_and_a_walk_between_two_places(opened, saved, model):
    page = opened()
    page.get_by_role("button", name="Decode", exact=True).click()
    page.get_by_role("slider").first.focus()
    page.keyboard.press("End")
    code = page.evaluate(f"() => [...{STAGE}.scene.z]")
    assert np.abs(grey(page) - decoded(model, np.array(code))).max() <= 1 and max(code) == pytest.approx(3)
    page.get_by_role("button", name="Interpolate", exact=True).click()
    seen = plane(page, saved)
    for place in ([-1.5, 0.25], [0.5, -1.5]):
        page.mouse.click(*seen.screen(place))
        page.wait_for_timeout(450)  # two clicks at once are a double click, which shows everything again
    told = page.evaluate(f"() => {{ const {{a, b}} = {STAGE}.made.path.told; return [a, b]; }}")
    page.mouse.move(5, 5)
    for key, end in (("Home", told[0]), ("End", told[1])):
        page.get_by_role("slider", name="Place on the way").focus()
        page.keyboard.press(key)
        np.testing.assert_allclose(page.evaluate(f"() => [...{STAGE}.scene.z]"), end, atol=1e-5)
        assert np.abs(grey(page) - decoded(model, np.array(end))).max() <= 1
    np.testing.assert_allclose(told, [[-1.5, 0.25], [0.5, -1.5]], atol=0.35)  # the nearest dots


def test_a_lasso_and_a_wheel(opened, saved):
    page = opened()
    seen = plane(page, saved)
    page.get_by_role("button", name="Lasso").click()
    page.mouse.move(*seen.screen([-1, -1]))
    page.mouse.down()
    for corner in ([1, -1], [1, 1], [-1, 1]):
        page.mouse.move(*seen.screen(corner), steps=5)
    page.mouse.up()
    points = np.array(page.evaluate(f"() => [...{STAGE}.map.points]")).reshape(-1, 2)
    inside = (np.abs(points) < 1).all(1).sum()
    assert page.evaluate(f"() => {STAGE}.map.selected.length") == pytest.approx(inside, rel=0.02)
    before = page.evaluate(f"() => {STAGE}.map.view.scale")
    page.mouse.wheel(0, -400)
    page.wait_for_function(f"(before) => {STAGE}.map.view.scale > 1.2 * before", arg=before)


def test_the_networks_run_by_webassembly_under_the_policy_of_the_file(opened):
    assert opened().evaluate(f"() => {STAGE}.scene.model.backend.memory.buffer.byteLength") > 1e6


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_light_or_dark_as_the_system_is(opened, scheme):
    page = opened(color_scheme=scheme)
    back = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert back == {"light": "rgb(255, 255, 255)", "dark": "rgb(16, 21, 28)"}[scheme]
    page.emulate_media(color_scheme={"light": "dark", "dark": "light"}[scheme])
    page.wait_for_function(f"(dark) => {STAGE}.map.canvases.theme.dark === dark", arg=scheme == "light")


def test_a_phone_holds_it(opened):
    page = opened(**PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(OUT).bounding_box()["width"] > 100
