"""Every page in a made-up language 40 % longer than English: no fault of the layout on two screens.

Chinese is looked at where every page is opened (test_every_page_opens.py).
"""

import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.app.translated import SCREENS, english, layout_faults
from tests.browser.conftest import PATIENCE
from tests.browser.menu_walk import walk
from tests.browser.page_texts import faults
from tests.browser.pseudo_language import CODE, longer
from tests.browser.server import Server, start
from tests.conftest import DATA
from vae_ui.shell.page_list import PAGES


@pytest.fixture
def pseudo_server(browser: Browser, tmp_path) -> Iterator[Server]:
    program = (sys.executable, "-m", "tests.browser.pseudo_language")
    running = start(tmp_path, DATA if (DATA / "MNIST").is_dir() else None, program=program)
    yield running
    complaints = running.complaints()
    assert running.stop() == 0 and not complaints, complaints


def test_a_language_40_percent_longer(browser: Browser, pseudo_server: Server):
    wrong = []
    with browser.new_context(base_url=pseudo_server.url, viewport=SCREENS["1280x720"]) as context:
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        for name in walk(page, PAGES, f"model=mnist-vae-2d&lang={CODE}"):
            wrong += [f"{name}, {fault}" for fault in layout_faults(page)]
    assert not wrong, "\n".join(wrong)


def test_the_rules_see_what_is_wrong(browser: Browser):
    with browser.new_context(viewport=SCREENS["390x844"]) as context:
        page = context.new_page()
        page.set_content(
            """<div data-testid="stMain"><p>这里有 four English words here</p><input placeholder="Choose an option">
            <div style="width:60px;overflow:hidden;white-space:nowrap">a text that is cut at its end</div>
            <div style="position:relative;height:20px"><b style="position:absolute">above</b>
            <i style="position:absolute">below</i></div>
            <div style="width:600px">wide</div></div>"""
        )
        assert english(page) == ["Choose an option", "a text that is cut at its end", "这里有 four English words here"]
        found = faults(page)
        assert (
            found.cut == ("a text that is cut at its end",)
            and found.overlapping == ("above | below",)
            and found.sideways
        )
        assert longer("Where do {things} live?") == "Whéééréé dóó {things} líívéé?" and len(longer("Decode")) == round(
            6 * 1.4
        )
