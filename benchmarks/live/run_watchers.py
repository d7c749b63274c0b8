"""Clients that are told of a run as browsers on the Train page are, all read by one thread; and what two processes take meanwhile."""

import asyncio
import json
import threading
import time
from typing import Self

from websockets.asyncio.client import ClientConnection, connect

from benchmarks.live.browser_control import used
from tests.browser.server import Server
from vae_core.web.live_runs import View
from vae_core.web.middleware.live_runs import PATH
from vae_ui.stage.payload import unpack


class Watchers:
    """One connection for each of the `cookies`. Counts messages and their bytes, and how often a page would be drawn again."""

    def __init__(self, server: Server, cookies: list[str], run: str) -> None:
        self.server, self.cookies, self.view = server, cookies, View(run=run)
        self.count_anew()
        self.drawn: object = None  # what the first page would show
        self.loop = asyncio.new_event_loop()
        self.connected = threading.Event()
        self.thread = threading.Thread(target=self.loop.run_until_complete, args=(self._all(),), daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        self.connected.wait(180)
        return self

    def __exit__(self, *of_an_error: object) -> None:
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join()

    def count_anew(self) -> None:
        """Begin at 0."""
        self.messages = self.bytes = self.redraws = 0

    async def _all(self) -> None:
        self.over = asyncio.Event()
        sockets = [await self._one(cookies) for cookies in self.cookies]
        reading = [asyncio.create_task(self._read(socket, first=socket is sockets[0])) for socket in sockets]
        self.connected.set()
        await self.over.wait()
        for one in reading:
            one.cancel()
        await asyncio.gather(*(socket.close() for socket in sockets))

    async def _one(self, cookies: str) -> ClientConnection:
        address = f"ws://127.0.0.1:{self.server.port}{PATH}"
        socket = await connect(
            address, origin=self.server.url, additional_headers={"Cookie": cookies}, open_timeout=180, max_size=None
        )
        await socket.send(self.view.model_dump_json())
        return socket

    async def _read(self, socket: ClientConnection, first: bool) -> None:
        async for message in socket:
            self.messages += 1
            self.bytes += len(message)
            if first:
                line, _, block = bytes(message).partition(b"\n")
                shown = json.loads(line)["mark"], unpack(block)[0]["shown"] if block else None
                self.redraws += self.drawn not in (None, shown)
                self.drawn = shown


def spent(pids: list[int], seconds: float) -> list[float]:
    """Per cent of a core that each of the processes takes in the next `seconds`, its ended threads included."""
    began, before = time.perf_counter(), [used(pid) for pid in pids]
    time.sleep(seconds)
    past = time.perf_counter() - began
    return [100 * (used(pid) - then) / past for pid, then in zip(pids, before, strict=True)]
