"""What is wrong with a page in another language: sentences that are still English, and faults of the layout on two screens."""

import re

from playwright.sync_api import Page

from tests.browser.page_texts import NONE, faults, texts
from tests.browser.page_watch import settled
from vae_core.presets.papers import PRESETS
from vae_ui.shell.streamlit_words import WORDS

SENTENCE = re.compile(r"\b[A-Za-z][a-z'’]+(?:,? [A-Za-z][a-z'’]+){3,}")
SCREENS = {"1280x720": {"width": 1280, "height": 720}, "390x844": {"width": 390, "height": 844}}
PAPERS = {preset.paper for preset in PRESETS.values()}  # names of people, which no language translates
OF_STREAMLIT = re.compile("|".join(f"(?:{re.sub(r'.{[a-z]+.}', '.+', re.escape(word))})" for word in map(str, WORDS)))


def english(page: Page) -> list[str]:
    """English sentences of the page, and words of Streamlit."""
    found = set(texts(page)) - PAPERS
    return sorted(text for text in found if SENTENCE.search(text) or (OF_STREAMLIT.fullmatch(text)))


def layout_faults(page: Page) -> list[str]:
    """The faults of the layout on a projector and on a phone, one line a screen; the window keeps its size."""
    size, found = page.viewport_size, {}
    for title, screen in SCREENS.items():
        page.set_viewport_size(screen)
        settled(page, still=0.6)
        found[title] = faults(page)
    assert size is not None
    page.set_viewport_size(size)
    return [f"{title}: {wrong}" for title, wrong in found.items() if wrong != NONE]
