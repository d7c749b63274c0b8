"""File descriptors: as many as the system gives, and none for what is never used."""

import asyncio
import selectors
from contextlib import suppress

ENOUGH = 16_384


def raise_limit() -> None:
    """Have as many open files as a process of this user may, up to ENOUGH; a browser alone opens six connections."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError, OSError):  # a system that promises more than it gives
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class SparingLoop(asyncio.SelectorEventLoop):
    """An event loop that opens its descriptors only once it runs.

    Streamlit gives each session a loop, three descriptors, in case that a page uses asyncio, and keeps it for two
    minutes and more after the browser has left. No page here does.
    """

    def __init__(self) -> None:
        super().__init__(getattr(selectors, "PollSelector", selectors.SelectSelector)())  # these two open no descriptor

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = None  # as it is when closed: waking a loop that does not run needs nothing

    def _close_self_pipe(self) -> None:
        if self._ssock is not None:
            super()._close_self_pipe()  # type: ignore[misc]

    def run_forever(self) -> None:
        if self._ssock is None and not self.is_closed():
            super()._make_self_pipe()  # type: ignore[misc]
        super().run_forever()
