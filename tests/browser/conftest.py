"""Fixtures for tests of the real app in a real browser: `server`, `browser`, `open_page`, `page` (a projector) and `phone`.

Every page is watched: an error or warning in its console, or a request to another host, fails the test that opened the page.
Any line in the server's log other than its address fails the session.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.server import Server, start
from tests.browser.visitors import Visitors, Window
from tests.conftest import DATA
from tools.browser import MISSING, find

PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
QUIETLY = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIETLY += ["--disable-background-networking", "--disable-component-update", "--force-color-profile=srgb"]

PATIENCE = 180_000  # milliseconds: much more than needed, because the machine may be busy with other work

OpenPage = Callable[..., Page]


expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless; the test is skipped with a reason where there is none."""
    found = find()
    if not found:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=QUIETLY)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests of a process, with the real MNIST where it is available."""
    running = start(tmp_path_factory.mktemp("served"), DATA if (DATA / "MNIST").is_dir() else None)
    yield running
    complaints = running.complaints()
    assert running.stop() == 0
    assert not complaints, "the server's log:\n" + "\n".join(complaints)


@pytest.fixture(scope="session")
def visitors(browser: Browser) -> Visitors:
    """The windows of all tests of a process."""
    return Visitors(browser, PATIENCE)


@pytest.fixture
def open_page(visitors: Visitors, server: Server) -> Iterator[OpenPage]:
    """A function that opens a page as a new visitor; it takes the options of Playwright's new_context."""
    windows: list[Window] = []

    def opened(**options: Any) -> Page:
        windows.append(visitors.arrive({"base_url": server.url, **PROJECTOR, **options}))
        return windows[-1].welcome()

    yield opened
    problems = [problem for window in windows for problem in window.problems()]
    for window in windows:
        visitors.leave(window)
    assert not problems, "\n".join(problems)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A projector's page: 1280x720."""
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """A phone's page: 390x844, touch."""
    return open_page(**PHONE)
