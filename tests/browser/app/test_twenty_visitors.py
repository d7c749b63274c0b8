"""Twenty browsers at once: each keeps its own model, seed and picture."""

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import changed, pixels

MODELS = ("mnist-vae-2d", "digits-vae-2d")
SHEET = "samples, codes from:"


def chosen(page: Page) -> tuple[str, str]:
    """Model and seed in the URL."""
    named = dict(part.split("=") for part in page.url.partition("?")[2].split("&"))
    return named["model"], named["seed"]


def test_twenty_visitors_do_not_see_each_others_choices(open_page):
    wanted = [(MODELS[i % 2], str(i + 1)) for i in range(20)]
    pages = [open_page() for _ in wanted]
    for page, (model, seed) in zip(pages, wanted, strict=True):
        page.goto(f"/generate?model={model}&seed={seed}", wait_until="commit")
    for page in pages:
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        settled(page, timeout=180)
    assert [chosen(page) for page in pages] == wanted
    first = [pixels(page, SHEET) for page in pages]
    assert len({picture.tobytes() for picture in first}) == 20
    for page, before in list(zip(pages, first, strict=True))[::5]:
        page.get_by_role("button", name="Draw again").click()
        changed(page, SHEET, before)
    pages[1].reload()
    settled(pages[1], timeout=180)
    for i, page in enumerate(pages):
        if i % 5:
            assert chosen(page) == wanted[i] and np.array_equal(pixels(page, SHEET), first[i]), i
