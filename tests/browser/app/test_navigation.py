"""Navigation in a real browser: deep links to a new server, the model in the URL, and independent visitors."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.page_watch import settled, watch
from tests.browser.server import start
from tests.conftest import DATA
from vae_ui.shell.page_list import JOBS, PAGES

MODEL = '[data-testid="stSidebar"] [data-testid="stSelectbox"]:has(input[aria-label^="Model"])'


def menu(page) -> list[str]:
    links = page.get_by_test_id("stSidebarNavLink").filter(visible=True)
    return [link.inner_text().split("\n")[-1] for link in links.all()]


def test_a_link_to_a_page_works_on_a_server_that_has_just_started(browser, tmp_path):
    server = start(tmp_path, DATA if (DATA / "MNIST").is_dir() else None)
    with browser.new_context() as context:
        problems = watch(context, f"127.0.0.1:{server.port}")
        page = context.new_page()
        page.goto(f"{server.url}/decode?model=digits-ae-2d&seed=7")
        settled(page)
        assert menu(page) == [title for name, (title, _) in PAGES.items() if name not in JOBS]
        assert "model=digits-ae-2d" in page.url and "seed=7" in page.url
        page.get_by_role("button", name="Random sample").click()
        settled(page)
        expect(page.get_by_role("slider").first).not_to_have_value("0")
        assert not problems()
    complaints = server.complaints()
    assert server.stop() == 0 and not complaints


def test_the_first_page_has_a_name(page):
    page.goto("/start?model=points-moons&seed=2")
    settled(page)
    assert "/?model=points-moons&seed=2" in page.url
    expect(page.get_by_role("heading", level=1, name="What is a VAE?")).to_be_visible()


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


def test_visitors_do_not_see_each_others_choices(open_page):
    models = ["digits-vae-2d", "digits-ae-2d"]
    pages = [open_page() for _ in range(4)]
    for i, page in enumerate(pages):
        page.goto(f"/decode?model={models[i % 2]}&seed={i + 1}")
    for page in pages:
        settled(page)
        page.get_by_role("button", name="Random sample").click()
    for page in pages:
        settled(page)
    for i, page in enumerate(pages):
        assert f"model={models[i % 2]}" in page.url and f"seed={i + 1}" in page.url
    codes = [tuple(s.input_value() for s in page.get_by_role("slider").all()) for page in pages]
    assert len(set(codes)) == len(pages)


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


@pytest.mark.parametrize("page_name", ["", "latent_space", "decode"])
def test_the_main_content_of_each_page_is_visible_without_scrolling(page, page_name):
    page.goto(f"/{page_name}?model=digits-vae-2d")
    settled(page)
    picture = page.locator('[data-testid="stMain"] :is(img:visible, .part-picture canvas)').first.bounding_box()
    assert picture["y"] + picture["height"] <= 720 and picture["width"] >= 195
    heading = page.get_by_role("heading", level=1).bounding_box()
    assert heading["y"] >= 0 and heading["y"] + heading["height"] < 80
