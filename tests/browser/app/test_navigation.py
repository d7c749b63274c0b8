"""Navigation in a real browser: the model and the seed from page to page, and the menu on a phone."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.page_watch import settled

MODEL = '[data-testid="stSidebar"] [data-testid="stSelectbox"]:has(input[aria-label^="Model"])'


def test_the_model_and_the_seed_are_kept_from_page_to_page(page):
    page.goto("/decode?model=digits-ae-2d&seed=3")
    settled(page)
    for title in ("Traverse", "Generate", "Start"):
        page.get_by_test_id("stSidebarNavLink").filter(has_text=title).click()
        settled(page)
        assert "model=digits-ae-2d" in page.url and "seed=3" in page.url
    page.get_by_test_id("stPageLink").first.locator("a").click()
    settled(page)
    assert "/latent_space?" in page.url and "model=digits-ae-2d" in page.url and "seed=3" in page.url


def test_a_phone_starts_without_the_sidebar_and_can_open_it(open_page):
    phone = open_page(**PHONE)
    phone.goto("/decode?model=digits-vae-2d")
    settled(phone)
    expect(phone.get_by_role("heading", level=1)).to_be_in_viewport(ratio=1)
    assert not phone.locator(MODEL).is_visible() or phone.locator(MODEL).bounding_box()["x"] < 0
    phone.get_by_test_id("stExpandSidebarButton").click()
    expect(phone.locator(MODEL)).to_be_in_viewport()
    phone.get_by_test_id("stSidebarNavLink").filter(has_text="Traverse").tap()
    expect(phone.get_by_role("heading", level=1, name="What does each number of the code do?")).to_be_in_viewport(
        ratio=1
    )
    expect(phone.locator(MODEL)).not_to_be_in_viewport()
    expect(phone.locator("#first-frame")).to_have_count(0)
