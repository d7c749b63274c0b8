"""Compare in a real browser, on real MNIST, on a projector and on a phone."""

from playwright.sync_api import Page, expect

from tests.browser.page_watch import settled

FIRST = "img[alt='Test images']"
FOUR = "mnist-vae-2d,mnist-ae-2d,mnist-cvae-2d,mnist-beta-10d"


def test_the_same_images_go_through_every_model(page: Page, data_root):
    page.goto(f"/compare?model=mnist-vae-2d&models={FOUR}")
    settled(page, 60)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    rows = page.locator("img[alt^='Reconstructions by']")
    assert rows.count() == 4
    assert rows.first.bounding_box()["y"] < 720, "the first answer is in the first screenful"
    pictures = [rows.nth(i).get_attribute("src") for i in range(4)]
    assert len(set(pictures)) == 4
    before = page.locator(FIRST).get_attribute("src")
    page.get_by_role("button", name="Other images").click()
    expect(page.locator(FIRST)).not_to_have_attribute("src", before)
    settled(page)
    assert rows.first.get_attribute("src") != pictures[0]
    expect(page.locator("table b").first).to_be_attached()
    drawn = page.locator("img[alt^='Latent map of']")
    expect(drawn).to_have_count(4)
    assert all(drawn.nth(i).evaluate("image => image.decode().then(() => image.naturalWidth)") for i in range(4))


def test_a_phone_scrolls_the_table_and_not_the_page(phone: Page, data_root):
    phone.goto("/compare?model=mnist-vae-2d")
    settled(phone, 60)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    table = phone.get_by_role("region", name="Figures of the models")
    table.evaluate("region => { region.scrollLeft = 1000 }")
    assert table.get_by_role("rowheader").first.bounding_box()["x"] == table.bounding_box()["x"], (
        "names of figures stay"
    )
    phone.goto("/compare?model=mnist-vae-2d&models=mnist-vae-2d,mnist-ae-2d")
    settled(phone, 60)
    assert table.evaluate("region => region.scrollWidth <= region.clientWidth"), "two models fit"
