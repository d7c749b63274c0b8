"""Watches a page: console errors, requests to other hosts, and when Streamlit has finished."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page

# Console messages about this machine, not about the app.
NOT_THE_APP = re.compile(r"GPU stall due to ReadPixels|software WebGL|swiftshader", re.IGNORECASE)

QUIET = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return !!app && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
    && !document.querySelector('[data-testid="stSkeleton"], [data-stale="true"]');
}"""


def settled(page: Page, timeout: float = 120.0, still: float = 0.3) -> None:
    """Wait until Streamlit has been idle for `still` seconds; TimeoutError after `timeout` seconds."""
    quiet = 0.0
    for _ in range(round(timeout / 0.05)):
        quiet = quiet + 0.05 if page.evaluate(QUIET) else 0.0
        if quiet >= still:
            return
        page.wait_for_timeout(50)
    raise TimeoutError(f"the app was still busy after {timeout:g} s: {page.url}")


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

    context.on("console", on_console)
    context.on("weberror", lambda error: problems.append(f"uncaught: {error.error}"))
    context.on("request", lambda request: on_request(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: on_request(socket.url)))
    return lambda: problems
