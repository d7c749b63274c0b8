"""The map in a real browser: what a hand does on it, checked against numpy."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.map_data import clusters, digits
from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import STAGE
from tests.browser.server import script
from tests.browser.visitors import Visitors, Window
from vae_ui.base.palette import CLASSES
from vae_ui.stage.payload import Payload, thumbnails, unpack

READY = f"() => {{ const s = {STAGE}; return !!s?.times.paint && !s.frames.handle; }}"
INK = (
    "(stage, [r, g, b]) => { const d = stage.map.canvases.image.data; let n = 0; for (let i = 0; i < d.length; i += 4)"
)
INK += " n += d[i + 3] > 150 && Math.abs(d[i] - r) < 9 && Math.abs(d[i + 1] - g) < 9 && Math.abs(d[i + 2] - b) < 9; return n; }"


@dataclass
class Map:
    """The open map, and the transform that its first view must have (written down anew here)."""

    page: Page
    payload: Payload

    def __post_init__(self) -> None:
        header, self.arrays = unpack(self.payload.blob)
        x0, x1, y0, y1 = header["bounds"]
        self.canvas = self.page.locator("canvas.front")
        box = self.canvas.bounding_box()
        self.left, self.top, self.width, self.height = (box[k] for k in ("x", "y", "width", "height"))
        self.scale = min((self.width - 62) / (x1 - x0), (self.height - 44) / (y1 - y0)) / 1.08
        self.centre = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
        self.middle = np.array([self.left + 52 + (self.width - 62) / 2, self.top + 10 + (self.height - 44) / 2])

    def screen(self, xy: np.ndarray) -> np.ndarray:
        return self.middle + (np.asarray(xy) - self.centre) * self.scale * [1, -1]

    def plane(self, pixel: np.ndarray) -> np.ndarray:
        return self.centre + (np.asarray(pixel) - self.middle) / self.scale * [1, -1]

    def js(self, code: str) -> object:
        """The value of `code`, in which `s` is the stage."""
        return self.page.evaluate(f"() => {{ const s = {STAGE}; return {code}; }}")

    def ink(self, colour: str) -> int:
        """How many pixels of the dots have this colour."""
        rgb = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        return self.page.evaluate(f"(rgb) => ({INK})({STAGE}, rgb)", rgb)

    def python(self, text: str) -> None:
        """Wait until Python has heard of it and says so on the page."""
        expect(self.page.get_by_text(re.compile(text))).to_be_visible()

    def drag(self, pixels: np.ndarray) -> None:
        self.page.mouse.move(*pixels[0])
        self.page.mouse.down()
        for pixel in pixels[1:]:
            self.page.mouse.move(*pixel)
        self.page.mouse.up()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with script(Path(__file__).with_name("map_app.py"), tmp_path_factory.mktemp("map")) as address:
        yield address


@pytest.fixture
def show(visitors: Visitors, url: str) -> Iterator[Callable[..., Map]]:
    windows: list[Window] = []

    def opener(query: str = "data=digits", **options: object) -> Map:
        windows.append(visitors.arrive({"base_url": url, "viewport": {"width": 1280, "height": 900}, **options}))
        page = windows[-1].welcome()
        page.goto(f"/?{query}")
        page.wait_for_function(READY)
        settled(page)
        count = re.search(r"count=(\d+)", query)
        return Map(page, clusters(int(count[1])) if count else digits())

    yield opener
    problems = [problem for window in windows for problem in window.problems()]
    for window in windows:
        visitors.leave(window)
    assert not problems, "\n".join(problems)


def test_hover_shows_the_picture_of_the_nearest_point(show: Callable[..., Map]) -> None:
    shown = show()
    index = 77
    shown.page.mouse.move(*(shown.screen(shown.arrays["points"][index]) + [0.3, 0.2]))
    card = shown.page.locator(".card")
    expect(card).to_have_text(str(shown.arrays["classes"][index]))
    expect(card.locator("canvas")).to_be_visible()  # it comes when it is wanted
    pixels = shown.page.evaluate(
        "() => { const c = [...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.card canvas')).find(Boolean);"
        " return [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]; }"
    )
    np.testing.assert_array_equal(np.reshape(pixels, (8, 8, 4))[..., 0], thumbnails(digits())[index])
    assert card.locator("canvas").bounding_box()["width"] >= 84
    at = shown.screen(shown.arrays["points"][index])
    shown.drag(np.array([at, at + [20, 8], at + [40, 16]]))
    expect(card).to_be_hidden()  # the hand that drags has left the point behind
    for corner in ([55, 12], [shown.width - 14, 14], [55, shown.height - 40], [shown.width - 14, shown.height - 40]):
        shown.js(
            f"(s.map.hover = {index}, s.map.canvases.tooltip.show({index}, {corner[0]}, {corner[1]}, '8', '#000000', s.map.view), 0)"
        )
        box = card.bounding_box()
        assert box["x"] >= shown.left and box["x"] + box["width"] <= shown.left + shown.width
        assert box["y"] >= shown.top and box["y"] + box["height"] <= shown.top + shown.height


def test_a_click_gives_z_and_the_point_under_it(show: Callable[..., Map]) -> None:
    shown = show()
    index = 77
    pixel = np.round(shown.screen(shown.arrays["points"][index]))
    shown.page.mouse.click(*pixel)
    shown.python(rf"count=1 act=click pick={index} ")
    said = re.search(r"z=\(([^,]+), ([^)]+)\)", shown.page.get_by_text("count=1").inner_text())
    np.testing.assert_allclose([float(said[1]), float(said[2])], shown.plane(pixel), atol=0.6 / shown.scale)
    shown.page.mouse.click(*shown.screen([2.75, -1.9]))
    shown.python(r"count=2 act=click pick=None z=\(2\.7")


def test_lasso_and_box_give_the_points_inside(show: Callable[..., Map]) -> None:
    shown = show()
    x, y = shown.arrays["points"].T
    shown.page.get_by_role("button", name="Box").click()
    corners = np.array([[-1.2, -1.0], [0.3, 0.9]])
    shown.drag(np.linspace(*shown.screen(corners), 6))
    low, high = np.sort(shown.plane(np.linspace(*shown.screen(corners), 6)[[0, -1]]), 0)
    wanted = np.flatnonzero((x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1]))
    shown.python(rf"selected={len(wanted)} sum={wanted.sum()}")
    assert len(wanted) > 100
    shown.page.get_by_role("button", name="Lasso").click()
    star = np.array([[np.cos(a), np.sin(a)] for a in np.arange(0, 5) * 2 * np.pi * 2 / 5]) * 1.9  # crosses itself
    shown.drag(shown.screen(star))
    wanted = np.flatnonzero(even_odd(x, y, star))
    shown.python(rf"selected={len(wanted)} sum={wanted.sum()}")
    assert 100 < len(wanted) < len(x)
    shown.canvas.focus()
    shown.page.keyboard.press("Escape")
    shown.python(r"selected=0 sum=0")


def even_odd(x: np.ndarray, y: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Whether a ray to the right crosses the polygon's edges an odd number of times."""
    odd = np.zeros(len(x), bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, 0), strict=True):
        if ay != by:
            odd ^= ((ay > y) != (by > y)) & (x < ax + (y - ay) / (by - ay) * (bx - ax))
    return odd


def test_an_overlay_change_keeps_the_zoom_and_sends_little(show: Callable[..., Map]) -> None:
    shown = show("data=clusters&count=10000")
    shown.page.mouse.click(*shown.screen([0.0, 0.0]))
    shown.python("count=1 ")
    anchor = np.round(shown.screen([2.0, 1.0]))
    x, y = shown.plane(anchor)
    shown.page.mouse.move(*anchor)
    shown.page.mouse.wheel(0, -500)
    shown.page.wait_for_function(f"() => {STAGE}.map.view.zoom > 2")
    stayed = shown.js(f"[s.map.view.sx({x}), s.map.view.sy({y})]")
    np.testing.assert_allclose(stayed, anchor - [shown.left, shown.top], atol=0.01)
    zoom, sizes = shown.js("[s.map.view.zoom, s.map.view.cx, s.map.view.cy]"), []
    client = shown.page.context.new_cdp_session(shown.page)
    client.send("Network.enable")
    client.on("Network.webSocketFrameReceived", lambda e: sizes.append(len(e["response"]["payloadData"]) * 3 // 4))
    shown.page.get_by_role("slider").focus()
    shown.page.keyboard.press("End")
    shown.page.wait_for_function(f"() => {STAGE}.map.z[0] === 3")
    settled(shown.page)
    assert shown.js("[s.map.view.zoom, s.map.view.cx, s.map.view.cy]") == zoom
    print(f"an overlay change: {sum(sizes)} bytes in {len(sizes)} frames; the payload has {len(shown.payload.blob)}")
    assert 200 < sum(sizes) < 8000
    shown.page.mouse.dblclick(*shown.screen([0.5, -0.5]))
    shown.page.wait_for_function(f"() => {STAGE}.map.view.zoom === 1 && {STAGE}.map.z[0] === 3")


def test_a_late_overlay_does_not_pull_z_back(show: Callable[..., Map]) -> None:
    shown = show()
    ends = shown.screen(np.array([[0.5, 1.0], [1.5, -1.0]]))
    shown.drag(np.linspace(*ends, 5))
    shown.python("count=1 act=drag pick=None z=")
    settled(shown.page)
    np.testing.assert_allclose(shown.js("s.map.z"), shown.plane(ends[1]), atol=0.6 / shown.scale)
    late = "({...s.map.overlay, z: [-2, -2]})"
    shown.js(
        f"(s.messages.count += 1, s.adopt({{overlay: {late}, visit: s.messages.visit, seen: s.messages.count - 1}}), 0)"
    )
    np.testing.assert_allclose(shown.js("s.map.z"), shown.plane(ends[1]), atol=0.6 / shown.scale)
    shown.js(f"(s.adopt({{overlay: {late}, visit: 'of another stage', seen: s.messages.count}}), 0)")
    np.testing.assert_allclose(shown.js("s.map.z"), shown.plane(ends[1]), atol=0.6 / shown.scale)
    shown.js(
        f"(s.messages.held = true, s.adopt({{overlay: {late}, visit: s.messages.visit, seen: s.messages.count}}), 0)"
    )
    np.testing.assert_allclose(shown.js("s.map.z"), shown.plane(ends[1]), atol=0.6 / shown.scale)
    shown.js(
        f"(s.messages.held = false, s.adopt({{overlay: {late}, visit: s.messages.visit, seen: s.messages.count}}), 0)"
    )
    assert shown.js("s.map.z") == [-2, -2]


def test_a_class_can_be_hidden_and_shown_alone(show: Callable[..., Map]) -> None:
    shown = show("data=clusters&count=10000")
    before = [shown.ink(colour) for colour in CLASSES]
    assert min(before) > 500
    chip = shown.page.get_by_role("button", name="3", exact=True)
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    shown.page.wait_for_function(READY)
    after = [shown.ink(colour) for colour in CLASSES]
    assert after[3] < before[3] / 20 and after[6] >= before[6] * 0.98
    chip.click(modifiers=["Shift"])
    shown.page.wait_for_function(f"() => {STAGE}.map.shown.join('') === '0001000000' && !{STAGE}.frames.handle")
    assert shown.ink(CLASSES[3]) > 500 > 10 > shown.ink(CLASSES[6])
    shown.page.mouse.click(*shown.screen([0, 0]))
    shown.python(r"classes=\(3,\)")
    shown.page.get_by_role("button", name="All", exact=True).click()
    shown.page.get_by_role("button", name="points").click()
    shown.page.wait_for_function(f"() => {STAGE}.map.canvases.image.data.every((v) => v === 0)")


def test_the_keyboard_moves_z_and_python_hears_of_it_once(show: Callable[..., Map]) -> None:
    shown = show()
    shown.canvas.focus()
    for _ in range(3):
        shown.page.keyboard.down("ArrowRight")
    shown.page.wait_for_timeout(300)
    expect(shown.page.get_by_text("count=0")).to_be_visible()
    shown.page.keyboard.up("ArrowRight")
    shown.python("count=1 act=key")
    np.testing.assert_allclose(shown.js("s.map.z"), [0.5 + 3 * 8 / shown.scale, 1.0], rtol=1e-4)
    expect(shown.page.get_by_role("status")).to_contain_text(f"{0.5 + 24 / shown.scale:.2f}")
    shown.page.keyboard.press("+")
    assert shown.js("s.map.view.zoom") == pytest.approx(1.25)
    shown.page.keyboard.press("0")
    assert shown.js("s.map.view.zoom") == 1


def test_dark_and_light_theme_repaint(show: Callable[..., Map]) -> None:
    shown = show(color_scheme="dark")
    assert shown.js("s.map.canvases.theme.dark") is True
    assert shown.js("s.map.canvases.theme.paint.z") == "#7ab2ff"
    shown.page.emulate_media(color_scheme="light")
    shown.page.wait_for_function(
        f"() => {STAGE}.map.canvases.theme.dark === false && {STAGE}.map.canvases.theme.text === '#17202b'"
    )


def test_a_finger_taps_and_two_fingers_zoom(show: Callable[..., Map]) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
    shown = show(**phone)
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= 390
    pixel = np.round(shown.screen(shown.arrays["points"][77]))
    shown.page.touchscreen.tap(*pixel)
    shown.python("count=1 act=click")
    expect(shown.page.locator(".card")).to_be_visible()
    client = shown.page.context.new_cdp_session(shown.page)
    x, y = shown.middle
    for kind, gap in [("touchStart", 20), ("touchMove", 30), ("touchMove", 60), ("touchEnd", 0)]:
        fingers = [{"x": x - gap, "y": y, "id": 0}, {"x": x + gap, "y": y, "id": 1}] if gap else []
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
    assert shown.js("s.map.view.zoom") == pytest.approx(3, rel=0.05)
    assert shown.js("s.messages.count") == 1


def test_sixty_thousand_points(show: Callable[..., Map]) -> None:
    shown = show("data=clusters&count=60000")
    points = shown.arrays["points"]  # as they were sent: in steps that move a few of them over the edge of a selection
    paint = shown.js("[0,0,0,0,0,0,0].map(() => (s.frames.run(true), s.times.paint)).sort((a, b) => a - b)[3]")
    lookup = "[...Array(50)].map((_, i) => (s.map.hoverAt(80 + 8 * i, 240), s.map.lookup)).reduce((a, b) => a + b) / 50"
    hover = shown.js(lookup)
    print(f"60,000 points: paint {paint:.1f} ms, lookup {hover:.3f} ms")
    assert paint < 150 and hover < 10
    pixel = np.round(shown.screen([1.0, 3.0]))
    distance = np.linalg.norm(points - shown.plane(pixel), axis=1)
    shown.page.mouse.click(*pixel)
    shown.python(rf"pick={distance.argmin()} ")
    shown.page.get_by_role("button", name="Lasso").click()
    square = np.array([[-4.0, -4.0], [4.0, -4.0], [4.0, 0.0], [-4.0, 0.0]])
    shown.drag(shown.screen(square))
    wanted = np.flatnonzero(even_odd(*points.astype(float).T, square))
    heard = re.compile(rf"selected={len(wanted)} sum={wanted.sum()}")
    expect(shown.page.get_by_text(heard)).to_be_visible()
