"""What axe-core finds wrong on a page, also in the stage's shadow DOM."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.page_watch import settled

PAINTED = """() => document.fonts.ready.then(() => [...document.querySelectorAll('*')]
  .map((e) => e.shadowRoot?.querySelector('.stage')?.stage).filter(Boolean)
  .every((stage) => stage.times.frames.length && (!stage.wanted.model || stage.scene.out)))"""


def faults(page: Page) -> str:
    """The serious and critical faults that axe-core finds on the present page, one line each."""
    page.wait_for_function(PAINTED)
    found = [fault for fault in Axe().run(page).response["violations"] if fault["impact"] in ("serious", "critical")]
    return "\n".join(
        f"{fault['id']}: {node['target']} {node['failureSummary']}" for fault in found for node in fault["nodes"]
    )


def faults_in_both_themes(page: Page) -> str:
    """The same in the dark and in the light theme, to which the page changes without being opened again."""
    found = ""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        settled(page)
        found += "".join(f"{scheme}: {line}\n" for line in faults(page).splitlines())
    return found
