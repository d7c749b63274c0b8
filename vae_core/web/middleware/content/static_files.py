"""Streamlit's own files compressed: 3.2 MB become 1.3 for each new browser. Each is compressed once, since its name changes with it."""

import gzip

from vae_core.web.middleware.asgi import App, Message, Receive, Send, collected, header

STATIC = "/static/"
KINDS = (b"text/", b"application/javascript", b"application/json", b"image/svg")
LEAST = 1000  # bytes below which the headers are most of it
MOST = 500  # files


class StaticFiles:
    """ASGI middleware that answers for a file which it has compressed before, and compresses what the app below answers with."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.known: dict[str, tuple[Message, bytes]] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        plain = scope["type"] != "http" or scope["method"] != "GET" or not path.startswith(STATIC)
        if plain or "gzip" not in (header(scope, b"accept-encoding") or "") or header(scope, b"range"):
            await self.app(scope, receive, send)
            return
        if path not in self.known and not await self._compress(scope, receive, send):
            return
        start, body = self.known[path]
        await send(start)
        await send({"type": "http.response.body", "body": body})

    async def _compress(self, scope: Message, receive: Receive, send: Send) -> bool:
        """Keep the app's answer compressed; False where it has been sent as it is."""
        found = await collected(self.app, scope, receive, send, _suits)
        if found is None:
            return False
        start, body = found
        packed = gzip.compress(body, mtime=0)
        told = [(name, value) for name, value in start["headers"] if name not in (b"content-length", b"etag")]
        told += [
            (b"content-length", str(len(packed)).encode()),
            (b"content-encoding", b"gzip"),
            (b"vary", b"accept-encoding"),
        ]
        if len(self.known) >= MOST:
            self.known.clear()
        self.known[scope["path"]] = {**start, "headers": told}, packed
        return True


def _suits(message: Message) -> bool:
    told = dict(message["headers"])
    fits = told.get(b"content-type", b"").startswith(KINDS) and int(told.get(b"content-length", b"0")) >= LEAST
    # A page that the server makes anew each time, such as the index, is not kept.
    return (
        message["status"] == 200
        and fits
        and b"content-encoding" not in told
        and b"immutable" in told.get(b"cache-control", b"")
    )
