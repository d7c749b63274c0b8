"""New visitors of the app, in windows that are used again.

A window that has shown the app once opens it again for a third of the processor time: its process keeps the compiled scripts.
What makes a visitor new is removed between two of them: cookies, stored values, further tabs, another size.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.page_watch import watch

NEARLY_FULL = 30  # entries of a history, which a browser ends at 50: tests count how many are added
MEDIA = {
    "color_scheme": "light",
    "reduced_motion": "no-preference",
}  # options that a window can change, as they are by default
IDLE = 4  # windows that wait for a visitor; each holds a process with its memory
QUIET_PAGE = "/_stcore/health"  # of the same server, so that the window keeps its process

Options = dict[str, Any]


@dataclass
class Window:
    """A context with one tab, and what it complained of since its present visitor came."""

    context: BrowserContext
    page: Page
    options: Options
    complaints: Callable[[], list[str]]
    heard: int = 0

    def welcome(self) -> Page:
        self.heard = len(self.complaints())
        self.page.emulate_media(**{name: self.options.get(name, usual) for name, usual in MEDIA.items()})
        return self.page

    def problems(self) -> list[str]:
        return self.complaints()[self.heard :]

    def forget(self) -> None:
        """Leave the app and remove all that it would know its visitor by."""
        for other in self.context.pages:
            if other != self.page:
                other.close()
        self.page.goto(QUIET_PAGE)
        self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.context.clear_cookies()
        self.page.set_viewport_size(self.options["viewport"])
        if self.page.evaluate("history.length") > NEARLY_FULL:
            full, self.page = self.page, self.context.new_page()
            full.close()


@dataclass
class Visitors:
    """Opens windows, and lends those that are free to visitors who ask for the same options."""

    browser: Browser
    patience: float  # milliseconds
    idle: list[Window] = field(default_factory=list)

    def arrive(self, options: Options) -> Window:
        """A window with these options of Playwright's new_context, `base_url` and `viewport` among them, for a new visitor."""
        for window in reversed(self.idle):  # the one that left last has its process awake
            if _key(window.options) == _key(options):
                self.idle.remove(window)
                window.options = options
                return window
        context = self.browser.new_context(**options)
        context.set_default_timeout(self.patience)
        complaints = watch(context, urlsplit(options["base_url"]).netloc)
        return Window(context, context.new_page(), options, complaints)

    def leave(self, window: Window) -> None:
        """The visitor goes; the window waits for the next."""
        window.forget()
        self.idle.append(window)
        while len(self.idle) > IDLE:
            self.idle.pop(0).context.close()


def _key(options: Options) -> str:
    return json.dumps({name: value for name, value in options.items() if name not in MEDIA}, sort_keys=True)
