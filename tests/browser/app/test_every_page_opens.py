"""Every page opens completely, by a garbled link on a phone and by the corrected one on a projector, with no serious fault.

The phone's page is Chinese and dark, and is also looked at in a projector's size; the projector's page is English and light.
"""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.app.axe import faults
from tests.browser.app.first_screen import OPENED, SCENES, picture_is_in_view, scene_stands_on_one_screen
from tests.browser.app.translated import english, layout_faults
from tests.browser.conftest import PATIENCE, PHONE, PROJECTOR
from tests.browser.page_watch import asked, settled, until, watch
from tests.browser.server import Server
from tests.conftest import DATA
from vae_ui.shell.page_list import PAGES

MODEL = "mnist-vae-2d" if (DATA / "MNIST").is_dir() else "digits-vae-2d"
CASES = [(name, MODEL) for name in PAGES] + [(name, "mnist-vae-20d") for name in ("latent_space", "decode")]
GARBAGE = "z=1,2,3&image=99999999&label=<b>x</b>&a=i-1&b=hAAAA&path=round&way=7&view=cube&pair=1,1&start=nowhere&models=no,such"
GARBAGE += "&run=20200101-000000-dead&time=-4&sampler=none&temperature=1e9&own=%00&draws=many&seed=-1&nav=x&nav=99"


LEFT_OUT = {"en": "This link asks for something that is not here", "zh": "这个链接要求的某些内容这里没有"}


@pytest.mark.parametrize(("name", "model"), CASES)
def test_each_page_opens_without_errors(open_page, name, model):
    """The fixtures check the console and the server's log."""
    phone, projector = open_page(**PHONE, color_scheme="dark", locale="zh-CN"), open_page(**PROJECTOR)
    phone.goto(f"/{name}?model={model}&lang=zh&{GARBAGE}")
    opened_completely(phone, name)
    expect(phone.get_by_text(LEFT_OUT["zh"])).to_have_count(1)
    assert not {"nav", "seed"} & asked(phone).keys() and "no,such" not in phone.url and "round" not in phone.url
    corrected, told = phone.url.replace("lang=zh", "lang=en"), asked(phone)
    assert_translated(phone, name)
    projector.goto(f"{corrected}&seed=7")
    opened_completely(projector, name)
    if name == "start":
        expect(projector.get_by_role("heading", level=1)).to_have_text("What is a VAE?")
    expect(projector.get_by_text(LEFT_OUT["en"])).to_have_count(0)
    assert asked(projector) == told | {"lang": "en", "seed": "7"}
    if name in OPENED:
        picture_is_in_view(projector)
    if name in SCENES and model == MODEL:
        scene_stands_on_one_screen(projector, name)


def opened_completely(page: Page, name: str) -> None:
    """Wait for the page, and assert that it has its title and no error, fits the window's width, and is accessible."""
    settled(page)
    assert "Latent Explorer" in page.title()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_count(1)
    expect(heading).to_be_in_viewport()
    assert name != "start" or "/?model=" in page.url
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlertContentError")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") >= 16
    assert not faults(page)


def assert_translated(page: Page, name: str) -> None:
    """Assert that no sentence of the Chinese page is English, and that its layout has no fault on either screen."""
    if name == "reconstruct":
        page.get_by_role("radio", name="上传").click()
        settled(page)
    assert not english(page)
    assert not layout_faults(page)


def test_the_page_watch_reports_errors(browser: Browser, server: Server):
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE)
        problems = watch(context, f"127.0.0.1:{server.port}")
        page = context.new_page()
        page.goto(server.url)
        settled(page)
        assert problems() == []
        page.evaluate("console.warn('a warning'); setTimeout(() => { throw new Error('a slip') })")
        page.evaluate("fetch('http://elsewhere.invalid/').catch(() => 0)")
        for heard in ("a warning", "a slip", "request to another host: http://elsewhere.invalid/"):
            until(lambda heard=heard: any(heard in problem for problem in problems()), page=page)
