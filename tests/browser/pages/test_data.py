"""The Data page in a real browser: images of each class, and a distribution that is drawn, shared by its link, and learnt."""

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.page_watch import settled
from tests.browser.pages.test_train import runs, start  # noqa: F401 (a fixture)
from tests.browser.pixel_helpers import fits
from vae_core.data.made.drawn_density import SIDE, decode


def ring(page: Page) -> None:
    """A closed stroke around the middle of the pad."""
    pad = page.locator(".density-pad canvas")
    box = pad.bounding_box()
    middle, radius = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), 0.3 * box["width"]
    for i, angle in enumerate(np.linspace(0, 2 * np.pi, 60)):
        page.mouse.move(middle[0] + radius * np.cos(angle), middle[1] + radius * np.sin(angle))
        if i == 0:
            page.mouse.down()
    page.mouse.up()
    page.wait_for_function("() => new URLSearchParams(location.search).get('drawing')")
    settled(page)


def drawing(page: Page) -> np.ndarray:
    return decode(page.evaluate("new URLSearchParams(location.search).get('drawing')"))


def test_the_images_of_each_class_are_seen_at_once_and_the_pad_fits_a_phone(page, phone):
    for each in (page, phone):
        each.goto("/data?model=digits-vae-2d&data=digits")
        settled(each)
        strips = each.locator('img[alt^="Training images of"]')
        assert strips.count() == 10 and strips.first.bounding_box()["y"] < 500 and fits(each)
    assert strips.first.bounding_box()["width"] > 300
    phone.goto("/data?model=digits-vae-2d&data=points&variant=drawn")
    settled(phone)
    assert fits(phone) and phone.locator(".density-pad canvas").bounding_box()["width"] > 300


def test_a_distribution_is_drawn_shared_and_learnt(page, runs, open_page):  # noqa: F811
    page.goto("/data?model=digits-vae-2d&data=points&variant=drawn")
    settled(page)
    expect(page.get_by_text("Draw where points should be", exact=True)).to_be_visible()
    ring(page)
    levels = drawing(page)
    row, column = np.nonzero(levels)
    distance = np.hypot(row + 0.5 - SIDE / 2, column + 0.5 - SIDE / 2)
    assert abs(distance - 0.3 * SIDE).max() < 3 and len(np.unique(np.arctan2(row - 15.5, column - 15.5).round(1))) > 50
    expect(page.get_by_text("Draw where points should be", exact=True)).to_be_hidden()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()

    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("() => !new URLSearchParams(location.search).get('drawing')")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("() => new URLSearchParams(location.search).get('drawing')")
    settled(page)
    assert np.array_equal(drawing(page), levels)

    other = open_page()
    other.goto(page.url)
    settled(other)
    assert np.array_equal(drawing(other), levels)

    page.get_by_role("link", name="Train on these data").click()
    expect(page.get_by_role("heading", name="How does a VAE learn?")).to_be_visible()
    settled(page)
    page.reload()  # a new session, as after a lost connection: the address alone says which data
    expect(page.get_by_role("heading", name="How does a VAE learn?")).to_be_visible()
    settled(page)
    start(page, 3)
    expect(page.locator(".replay")).to_have_attribute("data-state", "done")
    (row,) = runs.runs()
    assert row.run.data.variant == "drawn" and np.array_equal(decode(row.run.data.drawing), levels)


def test_the_pad_by_the_keyboard(page):
    page.goto("/data?model=digits-vae-2d&data=points&variant=drawn")
    settled(page)
    page.locator(".density-pad canvas").focus()
    page.keyboard.press("Space")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_function("() => new URLSearchParams(location.search).get('drawing')")
    row, column = np.nonzero(drawing(page))
    assert abs(row + 0.5 - SIDE / 2).max() <= 1 and column.max() - column.min() >= 7
