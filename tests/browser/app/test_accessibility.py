"""Accessibility of the stage in use, in the light and the dark theme. What each page has as it opens is in test_every_page_opens."""

import pytest

from tests.browser.app.axe import faults
from tests.browser.pad import stroke
from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import at


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_stage_in_use(open_page, data_root, scheme):
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    at(page, "decode", "mnist-vae-20d")
    page.get_by_text("more, each carrying less").click()
    assert not faults(page)
    at(page, "reconstruct")
    page.get_by_role("radio", name="Draw").click()
    settled(page)
    assert not faults(page)  # the empty pad, of which nothing can be reconstructed
    stroke(page, (0.4, 0.3), (0.6, 0.7))
    page.get_by_role("button", name="Resample").click()
    page.get_by_role("button", name="Step").click()
    assert not faults(page)
    at(page, "latent_space")
    box = page.locator("canvas.front").bounding_box()
    page.get_by_role("button", name="Box").click()
    page.mouse.move(box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.6 * box["height"], steps=3)
    page.mouse.up()
    settled(page)
    assert not faults(page)
