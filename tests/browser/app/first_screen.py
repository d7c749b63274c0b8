"""What must stand on a projector's first screen: the picture of a page as it opens, and its whole scene in the view for a projector."""

from playwright.sync_api import Page, expect

from tests.browser.page_watch import settled

PICTURE = '[data-testid="stMain"] :is(img:visible, .part-picture canvas)'
OPENED = ("start", "latent_space", "decode")  # pages whose first picture is seen without scrolling
# page -> what must stand on the first screen
SCENES = {
    "start": "canvas.front, button.term",
    "latent_space": "canvas.front, .part-picture canvas",
    "decode": "canvas.front, .part-picture canvas, [role='slider']",
    "traverse": "[data-testid='stMain'] figure img",
    "interpolate": "canvas.front, .part-picture canvas",
    "reconstruct": "canvas.front, .part-picture canvas",
    "generate": "[data-testid='stMain'] img[alt]",
}


def picture_is_in_view(page: Page) -> None:
    """Assert that the heading is at the top of a projector's screen, and the first picture whole and large below it."""
    picture = page.locator(PICTURE).first.bounding_box()
    assert picture["y"] + picture["height"] <= 720 and picture["width"] >= 195
    heading = page.get_by_role("heading", level=1).bounding_box()
    assert heading["y"] >= 0 and heading["y"] + heading["height"] < 80


def presented(page: Page) -> None:
    """Assert that the page is in the view for a projector."""
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 20


def scene_stands_on_one_screen(page: Page, name: str) -> None:
    """Begin the view for a projector, and assert that all of the page's scene is on the screen."""
    page.keyboard.press("p")
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    settled(page)
    presented(page)
    boxes = [box for one in page.locator(SCENES[name]).all() if one.is_visible() and (box := one.bounding_box())]
    assert boxes
    assert max(box["y"] + box["height"] for box in boxes) <= 722
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
