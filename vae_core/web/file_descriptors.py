"""File descriptors: the limit of the process is raised, and event loops that never run open none."""

import asyncio
import selectors
from contextlib import suppress

WANTED_LIMIT = 16_384


def raise_limit() -> None:
    """Raise the limit of open files as far as the system allows, up to WANTED_LIMIT; each browser opens about 6 connections."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = WANTED_LIMIT if hard == resource.RLIM_INFINITY else min(hard, WANTED_LIMIT)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError, OSError):  # some systems report a higher limit than they allow
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class LazyEventLoop(asyncio.SelectorEventLoop):
    """An event loop that opens its file descriptors when it first runs.

    Streamlit creates a loop with 3 descriptors for each session, in case a page uses asyncio, and keeps it for at least two
    minutes after the browser has left. No page of this app uses asyncio.
    """

    def __init__(self) -> None:
        super().__init__(getattr(selectors, "PollSelector", selectors.SelectSelector)())  # neither opens a descriptor

    def _make_self_pipe(self) -> None:
        self._ssock = self._csock = None  # as in a closed loop: a loop that does not run need not be woken

    def _close_self_pipe(self) -> None:
        if self._ssock is not None:
            super()._close_self_pipe()  # type: ignore[misc]

    def run_forever(self) -> None:
        if self._ssock is None and not self.is_closed():
            super()._make_self_pipe()  # type: ignore[misc]
        super().run_forever()
