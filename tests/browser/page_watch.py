"""Watches a page: console errors, requests to other hosts, and when Streamlit has finished."""

import re
import time
from collections.abc import Callable
from itertools import count
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from playwright.sync_api import TimeoutError as Late

from tests.browser.unanswered import LISTEN

# Console messages about this machine, not about the app.
NOT_THE_APP = re.compile(r"GPU stall due to ReadPixels|software WebGL|swiftshader", re.IGNORECASE)

# Whether Streamlit has been idle for a while since this call began, and nothing that was asked of it is unanswered. The page asks
# itself: a question from here takes more time. One that is busy asks late: it must have been found idle some times too.
IDLE = f"""([still, call]) => {{ {LISTEN}
  const app = document.querySelector('[data-testid="stApp"]');
  const idle = !!app && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
    && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"], #first-frame') && !unanswered();
  const last = globalThis.idle?.call === call ? globalThis.idle : null, now = performance.now();
  globalThis.idle = {{call, since: idle ? last?.since ?? now : null, times: idle ? (last?.times ?? 0) + 1 : 0}};
  return globalThis.idle.times > 3 && now - globalThis.idle.since >= 1000 * still;
}}"""
CALLS = count()


def settled(page: Page, timeout: float = 120.0, still: float = 0.3) -> None:
    """Wait until the page is seen, has its answers, and Streamlit has been idle for `still` seconds; TimeoutError after `timeout`."""
    try:
        page.wait_for_function(IDLE, arg=[still, next(CALLS)], polling=50, timeout=1000 * timeout)
    except Late:
        raise TimeoutError(f"the app was still busy after {timeout:g} s: {page.url}") from None


def until(true: Callable[[], object], seconds: float = 180.0, page: Page | None = None) -> float:
    """Wait until the condition holds, and return the seconds that this took."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"did not come true within {seconds:g} s")
        page.wait_for_timeout(50) if page else time.sleep(0.05)
    return time.monotonic() - began


def choose(page: Page, menu: str | re.Pattern[str], option: str, seconds: float = 180.0) -> None:
    """Choose from the menu of that name; it is opened again where an answer of the server that comes meanwhile closes it."""
    box, entry = page.get_by_role("combobox", name=menu).first, page.get_by_role("option", name=option, exact=True)
    ends = time.monotonic() + seconds
    while True:
        if box.get_attribute("aria-expanded") != "true":
            box.click()
        try:
            entry.click(timeout=5000)
            return
        except Late:
            if time.monotonic() > ends:
                raise


def asked(page: Page) -> dict[str, str]:
    """What stands in the page's address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(page.url).query).items()}


def watch(context: BrowserContext, host: str) -> Callable[[], list[str]]:
    """Record console warnings and errors, uncaught exceptions and requests to other hosts; return a function that lists them."""
    problems: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not NOT_THE_APP.search(message.text):
            problems.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def on_request(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host:
            problems.append(f"request to another host: {url}")

    context.add_init_script(LISTEN)
    context.on("console", on_console)
    context.on("weberror", lambda error: problems.append(f"uncaught: {error.error}"))
    context.on("request", lambda request: on_request(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: on_request(socket.url)))
    return lambda: problems
