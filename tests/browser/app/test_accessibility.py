"""Accessibility: axe-core finds no serious fault on any page, in the light and the dark theme, also in the stage's shadow DOM."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.pad import stroke
from tests.browser.page_watch import settled
from tests.browser.pixel_helpers import at
from vae_ui.shell.page_list import PAGES

CASES = [(name, "mnist-vae-2d") for name in PAGES] + [(name, "mnist-vae-20d") for name in ("latent_space", "decode")]
PAINTED = """() => document.fonts.ready.then(() => [...document.querySelectorAll('*')]
  .map((e) => e.shadowRoot?.querySelector('.stage')?.stage).filter(Boolean)
  .every((stage) => stage.times.frames.length && (!stage.wanted.model || stage.scene.out)))"""


def faults(page: Page) -> str:
    """The serious and critical faults that axe-core finds on the present page, one line each."""
    page.wait_for_function(PAINTED)
    found = [fault for fault in Axe().run(page).response["violations"] if fault["impact"] in ("serious", "critical")]
    return "\n".join(
        f"{fault['id']}: {node['target']} {node['failureSummary']}" for fault in found for node in fault["nodes"]
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("name", "model"), CASES)
def test_a_page_as_it_opens(open_page, data_root, name, model, scheme):
    page = open_page(color_scheme=scheme)
    at(page, name, model)
    assert not faults(page)


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
