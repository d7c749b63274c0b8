"""Pixels of a page's pictures and canvases as the browser shows them."""

import base64
import io
import time

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page

from tests.browser.page_watch import settled

# The stage on a page, as JavaScript: it lives in a shadow tree.
STAGE = "[...document.querySelectorAll('*')].map(e => e.shadowRoot?.querySelector('.stage')?.stage).find(Boolean)"


def at(page: Page, name: str, model: str = "mnist-vae-2d") -> None:
    """Open the page with this model, and wait until it is complete."""
    page.goto(f"/{name}?model={model}")
    settled(page)


def pixels(page: Page, alt: str) -> NDArray[np.uint8]:
    """The pixels of the picture whose alternative text contains `alt`."""
    return decoded(page.locator(f'img[alt*="{alt}"]').first.get_attribute("src"))


def decoded(address: str) -> NDArray[np.uint8]:
    """The pixels of a picture whose data its address holds."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))))


def drawn(page: Page, canvas: str = ".part-picture canvas") -> NDArray[np.uint8]:
    """The grey level of each pixel of a canvas of the stage, as it is on the screen."""
    # Read from a copy: Chromium warns of a canvas that is read again and again.
    read = """c => { const copy = new OffscreenCanvas(c.width, c.height).getContext('2d'); copy.drawImage(c, 0, 0);
      const d = copy.getImageData(0, 0, c.width, c.height).data;
      return [c.width, [...d.filter((_, i) => i % 4 === 0)]]; }"""
    across, values = page.locator(canvas).first.evaluate(read)
    return np.array(values, np.uint8).reshape(-1, across)


def changed(page: Page, alt: str, before: NDArray[np.uint8], seconds: float = 180.0) -> NDArray[np.uint8]:
    """Wait until the picture differs from `before`, and return it; AssertionError if it does not change."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        now = pixels(page, alt)
        if not np.array_equal(now, before):
            settled(page)
            return pixels(page, alt)
        page.wait_for_timeout(30)
    raise AssertionError(f"the picture '{alt}' did not change in {seconds:g} s")


def width(page: Page, alt: str) -> float:
    """The width of the picture on the screen, in pixels."""
    return page.locator(f'img[alt*="{alt}"]').first.bounding_box()["width"]


def fits(page: Page) -> bool:
    """Whether the page is not wider than its window."""
    return page.evaluate(
        "document.documentElement.scrollWidth <= innerWidth && !document.querySelector('[data-testid=stException]')"
    )
