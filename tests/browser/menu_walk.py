"""A walk from page to page by the menu, which takes a third of the processor time of opening each page by its link."""

from collections.abc import Iterable, Iterator

from playwright.sync_api import Page

from tests.browser.page_watch import settled
from vae_ui.room.switches import CLASS

SECONDS = 180  # until a page is complete on a busy machine
LINK = '[data-testid="stSidebarNavLink"][href$="/{}"]'


def walk(page: Page, names: Iterable[str], query: str) -> Iterator[str]:
    """Open the first of these pages by a link, and the others by the menu, in its order; gives each name once its page is complete.

    The menu must be visible when the walk goes on: a page of JOBS is there only after Use or another of them. The teacher's page is
    left out, since only a teacher's menu has it.
    """
    first, *others = (name for name in names if name != CLASS)
    page.goto(f"/{'' if first == 'start' else first}?{query}")
    settled(page, SECONDS)
    yield first
    for name in others:
        page.locator(LINK.format(name)).click()
        page.wait_for_url(f"**/{name}?*", timeout=1000 * SECONDS)
        settled(page, SECONDS)
        yield name
