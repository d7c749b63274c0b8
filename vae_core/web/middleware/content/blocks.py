"""Serves the blocks of bytes that pages name (vae_core/web/blocks.py); a browser keeps each for ever."""

import gzip

from vae_core.web.blocks import PATH, blocks
from vae_core.web.middleware.asgi import App, Message, Receive, Send, header, respond

# Behind a room's door only browsers that were let in may have them, so no cache between keeps them.
KEPT = (b"cache-control", b"private, max-age=31536000, immutable")


class BlocksMiddleware:
    """ASGI middleware that answers below PATH; it stands behind the one that lets people in."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PATH):
            await self.app(scope, receive, send)
            return
        block = blocks().get(scope["path"].removeprefix(PATH))
        if scope["method"] not in ("GET", "HEAD"):
            await respond(send, 405, "Blocks are only read.")
        elif (
            block is None
        ):  # no error: the browser asks the page for it, and a "not found" would be written into its console
            await respond(send, 204, headers=[(b"cache-control", b"no-store")])
        else:
            packed = "gzip" in (header(scope, b"accept-encoding") or "")
            body = block.packed if packed else gzip.decompress(block.packed)
            told = [(b"content-type", block.kind.encode()), (b"content-length", str(len(body)).encode()), KEPT]
            told += [(b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")] if packed else []
            await send({"type": "http.response.start", "status": 200, "headers": told})
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
