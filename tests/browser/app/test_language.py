"""Two people at one server, each with their own language: from the browser, by the switch, and kept for the next visit."""

from playwright.sync_api import Page, expect

from tests.browser.page_watch import settled

ENGLISH, CHINESE = "What does the model generate?", "模型生成什么？"


def title(page: Page) -> str:
    settled(page)
    return page.get_by_role("heading", level=1).inner_text()


def tag(page: Page) -> str | None:
    return page.locator("html").get_attribute("lang")


def test_two_people_do_not_share_a_language(open_page):
    one, other = open_page(locale="zh-TW"), open_page(locale="en-GB")
    for page in (one, other):
        page.goto("/generate?model=digits-vae-2d")
    assert (title(one), tag(one)) == (CHINESE, "zh") and "lang=" not in one.url
    assert (title(other), tag(other)) == (ENGLISH, "en") and "lang=" not in other.url

    other.get_by_role("radio", name="中文").click()
    expect(other.get_by_role("heading", level=1)).to_have_text(CHINESE)
    expect(other.locator("html")).to_have_attribute("lang", "zh")
    settled(other)
    assert "lang=zh" in other.url
    one.goto("/generate?model=digits-vae-2d&lang=en")
    assert (title(one), tag(one)) == (ENGLISH, "en")

    for page in (one, other):  # each as at their next visit: a link is for once, the choice on the page is kept
        page.goto("/generate?model=digits-vae-2d")
    assert title(one) == CHINESE and (title(other), tag(other)) == (CHINESE, "zh")
