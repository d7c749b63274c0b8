"""The websocket on which a page that shows runs is told of what changes; it asks, and is told, only what its person may see.

It is no stream of HTTP: of those a browser opens six at most to one server, for all its windows together.
"""

from contextlib import suppress

from vae_core.errors import UserError
from vae_core.web.live_runs import GONE, View, Watcher, live_runs
from vae_core.web.middleware.asgi import App, Message, Receive, Send

PATH = "/_latent/runs"
ASKED_CHARACTERS = 10_000


class LiveRunsMiddleware:
    """ASGI middleware that answers at PATH; it stands behind the one that knows the user, and before the one that counts pages."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket" or scope["path"] != PATH:
            await self.app(scope, receive, send)
            return

        async def tell(message: bytes) -> None:
            await send({"type": "websocket.send", "bytes": message})

        async def end(code: int = 1011) -> None:
            with suppress(*GONE):
                await send({"type": "websocket.close", "code": code})

        await receive()
        await send({"type": "websocket.accept"})
        runs, watcher = live_runs(), Watcher(scope["latent_user"], tell, end)
        runs.join(watcher)
        try:
            while (message := await receive())["type"] == "websocket.receive":
                if (view := _view(message.get("text"))) is None:
                    break
                watcher.view, watcher.last = view, b""
        finally:
            runs.leave(watcher)
        if message["type"] == "websocket.receive":
            await end(1008)


def _view(text: str | None) -> View | None:
    """What a browser says that it shows; None for anything else."""
    try:
        return None if text is None or len(text) > ASKED_CHARACTERS else View.parse(text)
    except UserError:
        return None
