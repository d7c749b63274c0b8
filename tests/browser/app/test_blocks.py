"""Blocks in a real browser: fetched once, early, kept by the browser, few of the small pictures, and had again after a restart."""

import signal

from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, PROJECTOR
from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import STAGE
from tests.browser.server import start

PATH = "/latent_space?model=digits-vae-2d"
FETCHED = """() => performance.getEntriesByType("resource").filter(({name}) => name.includes("_latent/blocks/"))
  .map(({name, startTime, transferSize}) => [name.split("/").at(-1), startTime, transferSize])"""
READY = f"() => {STAGE}?.scene.out && {STAGE}.map.block && !{STAGE}.frames.handle"
PICTURES = (
    "[...document.querySelectorAll('*')].flatMap((e) => [...(e.shadowRoot?.querySelectorAll('.near canvas') ?? [])])"
)
SEEN = f"() => {PICTURES}.length === 5 && {PICTURES}.every((c) => c.width === 8 && !c.hidden)"
# The pointer rests on a dot, also where the stage is another one since the connection came back.
CARD = f"""(index) => {{
  if (!{STAGE}) return false;
  const {{map, frames}} = {STAGE};
  map.hover = index;
  frames.request();
  return !map.canvases.tooltip.picture.hidden && map.canvases.tooltip.picture.width === 8;
}}"""


def opened(page: Page) -> list[list]:
    """Open the map; the blocks that were fetched: name, when, and the bytes that came."""
    page.goto(PATH)
    page.wait_for_function(READY)
    page.wait_for_function(SEEN)
    settled(page)
    return page.evaluate(FETCHED)


def test_icons_and_letters_come_from_the_parts_of_the_fonts(open_page):
    page = open_page()
    page.goto("/train")
    settled(page)
    icons = page.get_by_test_id("stIconMaterial")
    sizes = icons.evaluate_all(
        "(all) => all.filter((e) => e.offsetWidth).map((e) => e.scrollWidth / parseFloat(getComputedStyle(e).fontSize))"
    )
    assert len(sizes) > 10 and max(sizes) < 1.6  # a word in place of an icon is wider
    fonts = page.evaluate(
        """() => performance.getEntriesByType("resource").filter(({name}) => name.endsWith(".woff2")).map((e) => e.encodedBodySize)"""
    )
    assert fonts and sum(fonts) < 200_000
    page.evaluate("() => document.fonts.ready")
    assert page.evaluate("() => document.fonts.check('16px \"Source Sans\"', 'ABCxyz αβγ ≤ → ½ ü')")


def test_a_browser_keeps_what_it_has_fetched_and_fetches_it_with_the_page(open_page):
    page = open_page(viewport={"width": 1273, "height": 721})  # a size of its own, and so a browser that knows nothing
    first = opened(page)
    parts = len(page.evaluate(f"() => {STAGE}.map.block.header.thumbs.hashes"))
    code = {name.split("-")[0] for name, _, _ in first if name.endswith(".js")}
    assert {"stage", "shell", "glossary"} <= code and all(size > 0 for _, _, size in first)
    wanted = {name for name, _, _ in first if not name.endswith(".js")}
    assert len(wanted) == len(first) - len(code) and 3 <= len(wanted) <= 2 + min(
        parts, 5
    )  # model, map, parts of the pictures
    again = opened(page)
    assert {name for name, _, _ in again} == {name for name, _, _ in first} and sum(size for _, _, size in again) == 0
    read = page.evaluate("() => performance.getEntriesByType('navigation')[0].domInteractive")
    early = {name for name, began, _ in again if began < read}
    assert {page.evaluate(f"() => {STAGE}.{of}") for of in ("loaded", "hash")} < early
    assert {name.split("-")[0] for name in early if name.endswith(".js")} == {"stage", "shell", "glossary"}


def test_after_a_restart_of_the_server_an_open_page_goes_on(browser, tmp_path):
    server = start(tmp_path)
    context = browser.new_context(base_url=server.url, **PROJECTOR)
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        opened(page)
        server.stop(signal.SIGKILL)
        server = start(tmp_path, port=server.port)
        # A dot of the part that no one has asked for; the server does not know it before the page has run again.
        index = page.evaluate(
            f"() => {{ const {{places}} = {STAGE}.map.block.arrays; return places.indexOf(Math.max(...places)); }}"
        )
        page.evaluate(f"(index) => {{ {STAGE}.map.hover = index; {STAGE}.frames.request(); }}", index)
        expect(page.get_by_text("CONNECTING")).to_be_hidden()
        page.wait_for_function(CARD, arg=index)
        settled(page)
        box = page.evaluate(
            f"() => {{ const r = {STAGE}.map.front.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; }}"
        )
        page.mouse.click(box[0] + 0.7 * box[2], box[1] + 0.6 * box[3])
        page.wait_for_function(
            f"() => {STAGE}.messages.count > 0 && !{STAGE}.messages.waiting.length"
        )  # Python has heard of it
    finally:
        context.close()
        server.stop()
