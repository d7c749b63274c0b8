"""Terms on the pages: underlined once, opened by pointer, key and tap, in English and Chinese, on a projector and on a phone."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.app.axe import faults
from tests.browser.page_watch import settled, until
from tests.browser.pixel_helpers import at
from vae_core import checkpoints
from vae_core.explore.explorer import Explorer
from vae_core.glossary.live_numbers import live_sentence
from vae_core.glossary.reading import read_glossary

MARKED = """() => [...document.querySelectorAll('[data-testid="stMainBlockContainer"] [data-term]')].map((e) => e.dataset.term)"""
TIMES = "() => globalThis[Symbol.for('latent-glossary')].marks.times"


def term(page: Page, id: str) -> Locator:
    """The marked occurrence of a term in the page itself."""
    return page.locator(f'[data-testid="stMainBlockContainer"] [data-term="{id}"]')


def words(page: Page) -> Locator:
    return page.locator(".term-words")


def test_a_term_opens_on_hover_and_key_and_its_text_stays_whole(page):
    at(page, "start", "digits-vae-2d")
    known = read_glossary("en").terms["rate"]
    rate = term(page, "rate").first
    expect(rate).to_be_visible()
    until(lambda: len(page.evaluate(MARKED)) > 10, page=page)  # those of the page as it is at last
    ids = page.evaluate(MARKED)
    assert len(ids) == len(set(ids))  # each is marked once
    rate.hover()
    expect(words(page)).to_contain_text(known.plain)
    model = Explorer.open(checkpoints.bundled() / "digits-vae-2d")
    expect(words(page)).to_contain_text(live_sentence(known.live, model))
    expect(words(page).locator(".katex-html")).to_be_visible()
    assert not faults(page)
    words(page).hover()
    page.wait_for_timeout(600)
    expect(words(page)).to_be_visible()  # it stays while the pointer is on it
    page.keyboard.press("Escape")
    expect(words(page)).to_be_hidden()
    page.mouse.move(5, 5)
    page.keyboard.press("Tab")  # what follows is by key
    rate.focus()
    expect(words(page)).to_contain_text(known.plain)
    assert rate.get_attribute("aria-describedby") == words(page).get_attribute("id")
    page.keyboard.press("Escape")
    expect(words(page)).to_be_hidden()
    expect(rate).to_be_focused()
    page.keyboard.press("Enter")
    expect(words(page)).to_be_visible()
    page.keyboard.press("Enter")
    expect(words(page)).to_be_hidden()
    assert min(page.evaluate(TIMES)) < 5  # ms; the median on a machine with nothing else to do


def test_a_text_that_changes_is_marked_again_and_a_label_keeps_its_control_shut(page):
    at(page, "start", "digits-vae-2d")
    caption = page.locator('[data-testid="stCaptionContainer"]', has_text="Mean of all")
    expect(caption.locator("dfn")).not_to_have_count(0)
    before = caption.inner_text()
    page.locator('[data-testid="stSidebar"] [data-testid="stSelectbox"]').first.click()
    page.get_by_role("option", name="Shapes", exact=False).first.click()
    expect(caption).not_to_have_text(before)
    settled(page)
    expect(caption.locator("dfn")).not_to_have_count(0)
    text = caption.inner_text()
    assert text.count("ELBO") == text.count("Mean of all") == text.count("lower is better") == 1, text
    page.goto("/train?level=full")
    settled(page)
    page.get_by_text("More", exact=True).first.click()
    label = term(page, "likelihood").first
    label.click()
    expect(words(page)).to_contain_text(read_glossary("en").terms["likelihood"].plain)
    assert page.get_by_role("option").count() == 0
    page.mouse.click(5, 5)
    expect(words(page)).to_be_hidden()


def test_a_tap_opens_a_term_on_a_phone_in_chinese(phone):
    phone.goto("/compare?model=digits-vae-2d&lang=en")
    expect(term(phone, "code").first).to_be_visible()
    titles = phone.get_by_text("Digits 8x8, VAE 2-D", exact=True)
    expect(titles.locator("dfn")).to_have_count(0)  # a model's title is a name
    phone.goto("/start?model=digits-vae-2d&lang=zh")
    settled(phone)
    known = read_glossary("zh").terms["rate"]
    rate = term(phone, "rate").first
    rate.scroll_into_view_if_needed()
    rate.tap()
    expect(words(phone)).to_contain_text(known.plain)
    expect(words(phone)).to_contain_text("rate")  # the English term beside it
    box = words(phone).bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    rate.tap()
    expect(words(phone)).to_be_hidden()


def test_a_term_opens_in_chinese_on_a_projector_and_in_a_lessons_card(page):
    page.goto("/latent_space?lang=zh&model=mnist-vae-2d&lesson=01-two-numbers.4")
    settled(page)
    known = read_glossary("zh").terms["latent-space"]
    in_the_card = page.locator('.st-key-lesson-card [data-term="latent-space"]')
    in_the_card.hover()
    expect(words(page)).to_contain_text(known.plain)
    page.keyboard.press("Escape")
    expect(words(page)).to_be_hidden()
    expect(term(page, "latent-space")).to_have_count(2)  # once on the page and once in the card
    sentence = page.locator('.st-key-head [data-term="decoder"]')
    expect(sentence).to_have_attribute("data-english", "decoder")  # beside its first use in running text
    assert sentence.evaluate("(e) => getComputedStyle(e, '::after').content") == '"（decoder）"'
    page.goto("/latent_space?lang=en&model=mnist-vae-2d")
    expect(page.locator('.st-key-head [data-term="decoder"]')).to_be_visible()
    expect(page.locator("[data-english]")).to_have_count(0)
