"""The page Complete in the browser: a hand hides parts of a digit, completions and nats follow, and an upload is completed."""

import re

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from tests.browser.page_watch import until

PATIENCE = 240_000  # milliseconds, on a busy machine
METHODS = ("few", "many", "gibbs", "once", "all")
CELLS = "cells => Object.fromEntries(cells.map(cell => [cell.dataset.method, cell.innerText]))"


def nats(page) -> dict[str, float]:
    """The nats of each method, once all of them are those of the present mask."""
    cells = page.locator(".part-completion b[data-method]:not(.old)")
    found: dict[str, str] = {}

    def all_there() -> bool:
        found.clear()
        found.update(cells.evaluate_all(CELLS))  # at one moment: an answer of the server empties them
        return all(re.search(r"\d", found.get(name, "")) for name in METHODS)

    until(all_there, PATIENCE / 1000, page)
    return {name: float(found[name]) for name in METHODS}


GREY = """(shown) => {
  const copy = new OffscreenCanvas(shown.width, shown.height), ctx = copy.getContext("2d", {willReadFrequently: true});
  ctx.drawImage(shown, 0, 0);
  return [...ctx.getImageData(0, 0, copy.width, copy.height).data].filter((_, i) => i % 4 === 0);
}"""


def pixels(page, number: int) -> list[int]:
    """The grey levels of one completion."""
    return page.locator(".part-completion .draws canvas").nth(number).evaluate(GREY)


def shown(page) -> np.ndarray:
    """The first completion, (28, 28)."""
    return np.reshape(pixels(page, 0), (28, 28))


def test_a_hand_hides_parts_of_a_digit(page, data_root, tmp_path):
    page.goto("/complete?model=mnist-vae-20d&image=4")
    first = nats(page)
    assert first["all"] < first["many"] < first["gibbs"] and first["many"] < first["once"]
    steps = page.locator(".part-completion .words")
    expect(steps).to_have_attribute("data-steps", "150")
    assert pixels(page, 0) != pixels(page, 1), "draws differ"
    before = pixels(page, 0)
    page.get_by_role("button", name="Other draws").click()
    until(lambda: pixels(page, 0) != before, page=page)

    page.get_by_role("button", name="Brush", exact=True).click()
    expect(steps).to_have_text("Nothing is hidden: paint over a part of x.")
    box = page.locator(".part-completion .paper canvas").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.6)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6, steps=5)
    expect(steps).to_have_attribute("data-steps", "20", timeout=PATIENCE)
    page.mouse.up()
    painted = nats(page)
    expect(steps).to_have_attribute("data-steps", "150")
    assert painted["many"] < first["many"], "a stroke hides less than a half"

    assert shown(page)[6, 13] == 0
    path = tmp_path / "bar.png"
    picture = np.zeros((28, 28), np.uint8)
    picture[4:24, 12:16] = 255
    Image.fromarray(picture).save(path)
    page.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(path)
    until(lambda: shown(page)[6, 13] == 255, page=page)
    assert shown(page)[6, 2] == 0, "what is visible is the uploaded picture's"
    assert nats(page) != painted

    page.get_by_role("radio", name="Noise", exact=True).click()
    noisy = page.get_by_text("noisy: error")
    expect(noisy).to_be_visible(timeout=PATIENCE)
    of_the_bar = noisy.inner_text()
    expect(page).to_have_url(re.compile("section=noise"), timeout=PATIENCE)
    page.reload()
    expect(noisy).to_be_visible(timeout=PATIENCE)
    assert noisy.inner_text() != of_the_bar, "the section is kept, and the test image is there again"
