"""Runs as they change, told to every browser that watches them: the store is looked at once for all, never once for each.

A browser has one message under way at most. One that reads slowly misses those between, and its next one brings all that it lacks, so
that nothing piles up.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Protocol

from pydantic import Field

from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.runs import RunRow, Store
from vae_core.runs.many.overview import Overview, look
from vae_core.runs.users import User
from vae_core.scheduling.cluster import setting
from vae_core.scheduling.start_scheduler import ensure_scheduler

# Seconds by which each watcher makes the next look later, and the longest pause: a run that ends elsewhere is seen within two seconds.
EACH, LONGEST = 0.0025, 1.5
# What sending raises where the browser has gone, and where the server is closing the connection.
GONE = (OSError, RuntimeError)
UNREADABLE = json.dumps({"mark": "unreadable", "shares": {}}).encode()


class View(Frozen):
    """What a browser shows and holds: the run in view, "" for none, the plane of its frames, and the newest frame, -1 for none."""

    run: Annotated[str, Field(pattern=r"^(\d{8}-\d{6}-[0-9a-f]{4})?$")] = ""
    plane: Annotated[str, Field(max_length=40)] = ""
    step: Annotated[int, Field(ge=-1, le=2**53)] = -1


class LiveRun(Protocol):
    """A run at one moment, as the interface draws it."""

    def news(self, view: View) -> tuple[bytes, View]:
        """What a browser with this view lacks, and the view that it then has."""


@dataclass(eq=False)
class Watcher:
    """One open page: whose it is, how it is told and its connection ended, what it shows, the last message, and the one under way."""

    user: User
    tell: Callable[[bytes], Awaitable[None]]
    end: Callable[[], Coroutine[None, None, None]]
    view: View = field(default_factory=View)
    last: bytes = b""
    under_way: asyncio.Task[None] | None = None


@dataclass
class LiveRuns:
    """All who watch runs. `draw` makes a run's messages; it is None until a page has been drawn that shows runs."""

    draw: Callable[[Store, RunRow], LiveRun] | None = None
    watchers: set[Watcher] = field(default_factory=set)
    _pulse: asyncio.Task[None] | None = None
    _seen: Overview | None = None
    _files: tuple[int, ...] = ()
    _drawn: dict[str, tuple[object, LiveRun | None]] = field(
        default_factory=dict
    )  # by run, with the stamp it was drawn for

    def join(self, watcher: Watcher) -> None:
        """Tell this watcher from now on; called on the server's event loop, as is `leave`."""
        self.watchers.add(watcher)
        if self._pulse is None or self._pulse.done():
            self._pulse = asyncio.create_task(self._run())

    def leave(self, watcher: Watcher) -> None:
        """Its page was closed."""
        self.watchers.discard(watcher)
        if watcher.under_way is not None:
            watcher.under_way.cancel()

    async def _run(self) -> None:
        pace = 0.0
        try:
            while self.watchers:
                await asyncio.sleep(pace)
                pace = await self._tell_all()
        finally:
            self._seen, self._files, self._drawn = None, (), {}
            for one in self.watchers:  # after an error: their pages connect again, or ask for themselves
                one.under_way = asyncio.create_task(one.end())

    async def _tell_all(self) -> float:
        """Tell those who have read their last message; gives the seconds until the next time."""
        idle = [one for one in self.watchers if one.under_way is None]
        views = [(one.user, one.view) for one in idle]
        news, pace = await asyncio.to_thread(self._news, views)
        for one, (_, view), (message, after) in zip(idle, views, news, strict=True):
            if one.view == view and one in self.watchers and message != one.last:
                one.view, one.last = after, message
                one.under_way = asyncio.create_task(_deliver(one, message))
        return pace

    def _news(self, views: list[tuple[User, View]]) -> tuple[list[tuple[bytes, View]], float]:
        """For each view its message, with the view after it; and the seconds until the next look. Runs in a thread of its own."""
        try:
            store = Store()
            now = self._look(store, {view.run for _, view in views if view.run})
            if now.busy:
                ensure_scheduler(store.home)
        except UserError:
            return [(UNREADABLE, view) for _, view in views], 1.0
        made: dict[tuple[str, bool, View], tuple[bytes, View]] = {}
        news = []
        for user, view in views:
            seen = not view.run or now.sees(user, view.run)
            key = now.circle(user), seen, view
            if key not in made:
                head = {"mark": now.mark(user) if seen else f"{now.mark(user)} gone", "shares": now.shares(user)}
                block, after = self._block(store, now, view) if seen else (b"", view)
                made[key] = json.dumps(head).encode() + b"\n" + block, after
            news.append(made[key])
        return news, min(LONGEST, now.pace + EACH * len(views))

    def _look(self, store: Store, watched: set[str]) -> Overview:
        """The store, which is read again only where a run waits or trains, its files have changed, or others are watched."""
        files = tuple(_changed(store.path.with_name(store.path.name + end)) for end in ("", "-wal"))
        before, cluster = self._seen, setting.state(store.home)
        known = before is not None and files == self._files and cluster == before.beside and not before.busy
        if before is None or not known or not watched <= before.watched.keys():
            before = look(store, watched, cluster)
            self._seen, self._files = before, files
            self._drawn = {id: drawn for id, drawn in self._drawn.items() if id in watched}
        return before

    def _block(self, store: Store, now: Overview, view: View) -> tuple[bytes, View]:
        """What of the run in view the browser lacks; nothing where there is none, or it is damaged."""
        if not view.run or self.draw is None:
            return b"", view
        stamp = now.watched[view.run].stamp
        if self._drawn.get(view.run, (None, None))[0] != stamp:
            drawn = None
            with suppress(UserError):  # its page says what is wrong with it
                drawn = self.draw(store, now.busy.get(view.run) or store.get(view.run))
            self._drawn[view.run] = stamp, drawn
        drawn = self._drawn[view.run][1]
        return (b"", view) if drawn is None else drawn.news(view)


async def _deliver(watcher: Watcher, message: bytes) -> None:
    with suppress(*GONE):  # which its own connection hears
        await watcher.tell(message)
    watcher.under_way = None


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache
def live_runs() -> LiveRuns:
    """Those of this process: the server is one."""
    return LiveRuns()
