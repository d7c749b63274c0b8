"""Several users of one server: each browser owns its runs, and a new server shows no menu of file names."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.page_watch import settled, watch
from tests.browser.pages.test_train import press, runs  # noqa: F401  the fixture stops active runs
from tests.browser.pages.test_train import start as start_run
from tests.browser.raw_client import put, session
from tests.browser.server import Server, start
from vae_core.people.limits import MB
from vae_core.runs import Store
from vae_ui.shell.page_list import JOBS, PAGES

AWAY = "class.localhost"  # this machine by a name that was added: whoever uses it does not sit at the server
# What is behind the first frame, which covers the whole window until the page is drawn, is not seen.
SEEN = """window.seen = []; new MutationObserver(() => {
  for (const link of document.querySelectorAll('[data-testid="stSidebarNavLink"]')) {
    if (!link.checkVisibility() || document.getElementById('first-frame')) continue;
    const name = link.innerText.split('\\n').pop().trim(); if (name && !seen.includes(name)) seen.push(name); }
}).observe(document, {subtree: true, childList: true, characterData: true})"""


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server without previous visitors."""
    running = start(tmp_path_factory.mktemp("persons"), hosts=AWAY, options=["--room", "none"])
    yield running
    complaints = running.complaints()
    assert running.stop() == 0 and not complaints


@pytest.fixture
def visitor(browser: Browser, server: Server) -> Iterator[Callable[[str], Page]]:
    """A function that opens a page as a new browser, at the given host name."""
    contexts = []

    def opened(host: str = AWAY) -> Page:
        contexts.append(browser.new_context(base_url=f"http://{host}:{server.port}"))
        contexts[-1].set_default_timeout(PATIENCE)
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


def test_a_link_to_a_page_works_on_a_new_server_which_never_shows_a_menu_of_file_names(visitor, server):
    page = visitor("127.0.0.1")
    problems = watch(page.context, f"127.0.0.1:{server.port}")
    page.add_init_script(SEEN)
    page.goto("/decode?model=digits-ae-2d&seed=7")
    settled(page)
    titles = [title for name, (title, _) in PAGES.items() if name not in (*JOBS, "classroom")]
    assert page.evaluate("seen") == titles and menu(page) == titles
    assert "/decode?" in page.url and "model=digits-ae-2d" in page.url and "seed=7" in page.url
    page.get_by_role("button", name="Random sample").click()
    settled(page)
    expect(page.get_by_role("slider").first).not_to_have_value("0")
    assert not problems()


def menu(page: Page) -> list[str]:
    links = page.get_by_test_id("stSidebarNavLink").filter(visible=True)
    return [link.inner_text().split("\n")[-1] for link in links.all()]


def test_a_browser_changes_its_own_runs_and_only_sees_those_of_others(visitor, server, runs: Store):  # noqa: F811
    mine = visitor()
    mine.goto("/train")
    settled(mine)
    start_run(mine, 60)
    expect(mine.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    expect(mine).to_have_url(re.compile("run="))
    link = mine.url.partition("localhost")[2].partition("/")[2]
    other = visitor()
    other.goto(f"/{link}")
    expect(other.get_by_text("belongs to another person")).to_be_visible()
    assert other.get_by_role("button", name="Stop", exact=True).count() == 0
    assert other.get_by_role("slider", name="beta now").count() == 0
    machine = visitor()
    machine.goto(f"/{link}&teacher={server.room['key']}")
    expect(machine.get_by_role("button", name="Stop", exact=True)).to_be_visible()

    mine.reload()  # the cookie stays
    press(mine, "Stop")
    press(mine, "Delete")
    press(mine, "Yes, delete")
    expect(mine.get_by_text("Deleted: ")).to_be_visible()
    assert runs.runs() == []
    press(mine, "Undo")
    expect(mine.get_by_role("button", name="Delete", exact=True)).to_be_visible()
    assert [row.state for row in runs.runs()] == ["stopped"]


def test_a_refused_upload_is_a_sentence_on_the_page(visitor, server, tmp_path):
    page = visitor("127.0.0.1")
    page.goto("/reconstruct?model=digits-vae-2d")
    settled(page)
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in sorted_cookies(page))
    with session(server, cookies=cookies) as full:
        assert [put(server, full, cookies, f"{n}", bytes(49 * MB))[0] for n in range(4)] == [204] * 4
        page.get_by_text("Upload", exact=True).click()
        settled(page)
        (tmp_path / "mine.png").write_bytes(bytes(5 * MB))
        page.locator("input[type=file]").first.set_input_files(tmp_path / "mine.png")
        expect(page.get_by_text("more than the 200 MB that a person may have here")).to_be_visible()


def sorted_cookies(page: Page) -> list[dict]:
    """The page's cookies, Streamlit's token last, as `put` reads it."""
    return sorted(page.context.cookies(), key=lambda cookie: cookie["name"] == "_streamlit_xsrf")
