"""Streamlit's own files, smaller: compressed, each once, since its name changes with it; of its fonts the part that the app shows.

A new browser loads 0.6 MB of them in place of 3.2.
"""

import gzip
from pathlib import Path

from vae_core.web.middleware.asgi import App, Message, Receive, Send, collected, header

STATIC = "/static/"
KINDS = (b"text/", b"application/javascript", b"application/json", b"image/svg")
LEAST = 1000  # bytes below which the headers are most of it
MOST = 500  # files
FONTS = (
    Path(__file__).resolve().parents[2] / "fonts"
)  # made by tools/fonts.py, each named as the whole font of this version of Streamlit
FOREVER = (b"cache-control", b"public, immutable, max-age=31536000")


class StaticFiles:
    """ASGI middleware that answers for a file which it has compressed before, and compresses what the app below answers with."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.known: dict[str, tuple[Message, bytes]] = {}
        self.fonts = {f"{STATIC}media/{path.name}": path for path in FONTS.glob("*.woff2")}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path in self.fonts and scope["method"] in ("GET", "HEAD"):
            await _send_font(send, self.fonts[path].read_bytes(), scope["method"] == "GET")
            return
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


async def _send_font(send: Send, content: bytes, whole: bool) -> None:
    length = str(len(content)).encode()
    headers = [(b"content-type", b"font/woff2"), (b"content-length", length), FOREVER]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content if whole else b""})


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
