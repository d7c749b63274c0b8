"""The Models page in a browser: the drawings have their colours, the filter filters, and a card leads where it says."""

from playwright.sync_api import Page, expect

from vae_core.presets.papers import PRESETS

HUES = "e => [...new Set([...e.querySelectorAll('.part')].map(p => getComputedStyle(p).color))].length"


def cards(page: Page):
    return page.locator(".gallery .card:visible")


def test_the_gallery_on_a_projector(page: Page):
    page.goto("/models?lang=en")
    expect(cards(page)).to_have_count(len(PRESETS))
    vae, beta = (
        page.locator(".card", has=page.get_by_role("heading", name=name, exact=True)) for name in ("VAE", "beta-VAE")
    )
    assert vae.evaluate(HUES) > 5 and beta.evaluate(HUES) == 2, "grey, and the colour of the rate"
    page.get_by_role("searchbox").fill("burda")
    expect(cards(page)).to_have_count(1)
    expect(page.get_by_text(f"1 of {len(PRESETS)} models")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    page.get_by_role("searchbox").press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Disentangled codes")).to_be_focused()
    page.keyboard.press("Enter")
    expect(cards(page)).to_have_count(7)
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("link", name="Plain autoencoder: See it beside the VAE").click()
    expect(page.get_by_role("heading", name="Which model is better, and at what?")).to_be_visible()
    expect(page.locator('[data-testid="stMultiSelect"]')).to_contain_text("MNIST, autoencoder 2-D")
    page.go_back()
    page.get_by_role("link", name="IWAE: Train it", exact=True).click()
    expect(page.get_by_label("Kind of model")).to_be_visible()
    page.wait_for_url("**/train?*preset=iwae*")


def test_the_gallery_on_a_phone_in_chinese(phone: Page):
    phone.goto("/models?lang=zh")
    expect(cards(phone)).to_have_count(len(PRESETS))
    boxes = [cards(phone).nth(k).bounding_box() for k in range(2)]
    assert boxes[0]["x"] == boxes[1]["x"] and boxes[0]["width"] > 330, "one column"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="离散编码").tap()
    expect(cards(phone)).to_have_count(3)
    phone.get_by_role("searchbox").fill("JointVAE")
    expect(cards(phone)).to_have_count(1)
