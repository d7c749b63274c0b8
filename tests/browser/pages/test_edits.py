"""The page Edits in the browser: a hand drags the strength and the digit turns, two boxes on the map, and an uploaded picture."""

import re

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from tests.browser.page_watch import settled, until

PATIENCE = 240_000  # milliseconds, on a busy machine
GREY = """(shown) => {
  const copy = new OffscreenCanvas(shown.width, shown.height), ctx = copy.getContext("2d", {willReadFrequently: true});
  ctx.drawImage(shown, 0, 0);
  return [...ctx.getImageData(0, 0, copy.width, copy.height).data].filter((_, i) => i % 4 === 0);
}"""


def grey(page, which: str) -> np.ndarray:
    """The grey levels of a canvas."""
    return np.array(page.locator(which).first.evaluate(GREY))


def given(page) -> np.ndarray:
    """The picture that goes in, (28, 28)."""
    return grey(page, ".part-edit .given canvas").reshape(28, 28)


def select(page, left: float, right: float) -> None:
    """Draw a box on the map, between two shares of its width."""
    box = page.locator(".plane .front").bounding_box()
    page.mouse.move(box["x"] + left * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + right * box["width"], box["y"] + 0.8 * box["height"], steps=4)
    page.mouse.up()
    settled(page, 120)


def test_a_hand_turns_a_digit_into_another(page, data_root, tmp_path):
    page.goto("/edits?model=mnist-vae-20d&edit=classes-4-9&strength=0")
    picture, strip = ".part-picture canvas", ".part-edit .strip button"
    expect(page.locator(strip)).to_have_count(9, timeout=PATIENCE)
    expect(page.locator(".part-around .vote")).to_contain_text("vote: 4", timeout=PATIENCE)
    settled(page, 120)
    before, moved = grey(page, picture), grey(page, ".part-edit .moves canvas")
    assert moved.std() > 1, "the pixels that the direction moves"

    slider = page.get_by_role("slider", name="Strength of the edit")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.87, box["y"] + box["height"] / 2, steps=6)
    expect(page.locator(".part-edit output")).to_contain_text("1.5", timeout=PATIENCE)
    assert np.abs(grey(page, picture) - before).max() > 100, "the picture follows while the hand is down"
    assert "strength=0" in page.url or "strength" not in page.url, "nothing was sent yet"
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"strength=1\.[45]"), timeout=PATIENCE)
    expect(page.locator(".part-around .vote")).to_contain_text("vote: 9", timeout=PATIENCE)
    turned = grey(page, picture)
    page.get_by_role("button", name="Strength 0", exact=True).click()
    expect(page).to_have_url(re.compile("strength=0"), timeout=PATIENCE)
    np.testing.assert_array_equal(grey(page, picture), before)
    assert np.abs(turned - before).max() > 100

    page.get_by_text("Two selections").click()
    settled(page, 120)
    page.get_by_role("button", name="Box").click()
    for letter, ends in {"A": (0.2, 0.4), "B": (0.7, 0.9)}.items():
        select(page, *ends)
        page.get_by_role("button", name=f"Keep the selection as {letter}").click()
        settled(page, 120)
    expect(page.get_by_role("button", name=re.compile(r"B: [\d,]+ dots"))).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".part-edit .low")).to_have_text("A", timeout=PATIENCE)
    expect(page).to_have_url(re.compile("edit=selections&group_a=h"), timeout=PATIENCE)
    settled(page, 120)
    moved, edited = grey(page, ".part-edit .moves canvas"), grey(page, picture)
    page.reload()
    expect(page.get_by_role("button", name="A: from the link")).to_be_visible(timeout=PATIENCE)
    settled(page, 120)
    assert np.abs(grey(page, ".part-edit .moves canvas") - moved).max() <= 2, "the link has the same direction"
    assert np.abs(grey(page, picture) - edited).max() <= 2, "and the same edit"

    assert given(page)[6, 13] != 255
    path = tmp_path / "one.png"
    drawn = np.zeros((28, 28), np.uint8)
    drawn[4:24, 12:16] = 255
    Image.fromarray(drawn).save(path)
    page.locator('[data-testid="stFileUploader"] input[type="file"]').set_input_files(path)
    until(lambda: given(page)[6, 13] == 255, page=page)
    assert given(page)[6, 2] == 0, "what goes in is the uploaded picture"
