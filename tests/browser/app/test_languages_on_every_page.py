"""Every page in Chinese, and in a made-up language 40 % longer: no English sentence, and no fault of the layout on two screens."""

import re
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.app.axe import faults as axe_faults
from tests.browser.menu_walk import walk
from tests.browser.page_texts import NONE, faults, texts
from tests.browser.page_watch import settled
from tests.browser.pseudo_language import CODE, longer
from tests.browser.server import Server, start
from tests.conftest import DATA
from vae_core.presets.papers import PRESETS
from vae_ui.shell.page_list import PAGES
from vae_ui.shell.streamlit_words import WORDS

SENTENCE = re.compile(r"\b[A-Za-z][a-z'’]+(?:,? [A-Za-z][a-z'’]+){3,}")
PHONE = {"width": 390, "height": 844}
PROJECTOR = {"width": 1280, "height": 720}
PAPERS = {preset.paper for preset in PRESETS.values()}  # names of people, which no language translates
OF_STREAMLIT = re.compile("|".join(f"(?:{re.sub(r'.{[a-z]+.}', '.+', re.escape(word))})" for word in map(str, WORDS)))


def english(page: Page) -> list[str]:
    """English sentences of the page, and words of Streamlit."""
    found = set(texts(page)) - PAPERS
    return sorted(text for text in found if SENTENCE.search(text) or (OF_STREAMLIT.fullmatch(text)))


def both_screens(page: Page) -> Iterator[tuple[str, object]]:
    for title, size in (("1280x720", PROJECTOR), ("390x844", PHONE)):
        page.set_viewport_size(size)
        settled(page, 60, still=0.6)
        yield title, faults(page)
    page.set_viewport_size(PROJECTOR)


def test_chinese(open_page, data_root):
    page, wrong = open_page(locale="zh-CN"), []
    for name in walk(page, PAGES, "model=mnist-vae-2d&lang=zh"):
        if name == "reconstruct":
            page.get_by_role("radio", name="上传").click()
            settled(page)
        seen = {
            "english": english(page),
            "axe": axe_faults(page),
            **{title: found for title, found in both_screens(page) if found != NONE},
        }
        wrong += [f"{name}, {rule}: {found}" for rule, found in seen.items() if found]
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def pseudo_server(browser: Browser, tmp_path) -> Iterator[Server]:
    program = (sys.executable, "-m", "tests.browser.pseudo_language")
    running = start(tmp_path, DATA if (DATA / "MNIST").is_dir() else None, program=program)
    yield running
    complaints = running.complaints()
    assert running.stop() == 0 and not complaints, complaints


def test_a_language_40_percent_longer(browser: Browser, pseudo_server: Server):
    wrong = []
    with browser.new_context(base_url=pseudo_server.url, viewport=PROJECTOR) as context:
        page = context.new_page()
        for name in walk(page, PAGES, f"model=mnist-vae-2d&lang={CODE}"):
            wrong += [f"{name}, {screen}: {found}" for screen, found in both_screens(page) if found != NONE]
    assert not wrong, "\n".join(wrong)


def test_the_rules_see_what_is_wrong(browser: Browser):
    with browser.new_context(viewport=PHONE) as context:
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
