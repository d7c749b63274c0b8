"""The path below which a proxy offers the app, such as /vae: taken off each request, whether the proxy has done so already or not."""

import re

from vae_core.errors import UserError
from vae_core.web.middleware.asgi import App, Message, Receive, Send, redirect


def normalised(path: str) -> str:
    """A base path with one slash in front and none behind, "" for the root; UserError for what is no path."""
    parts = [part for part in path.strip().split("/") if part]
    if any(not re.fullmatch(r"[A-Za-z0-9._~@%+-]+", part) or set(part) == {"."} for part in parts):
        raise UserError("'{path}' is not a base path: write it as in --base-path /vae.", path=path)
    return "".join(f"/{part}" for part in parts)


class BasePath:
    """ASGI middleware that takes `base` off the path of each request that has it; the base alone leads to its first page."""

    def __init__(self, app: App, base: str) -> None:
        self.app, self.base = app, base

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if self.base and scope["type"] in ("http", "websocket"):
            path = scope["path"]
            if path == self.base and scope["type"] == "http":
                await redirect(send, 307, f"{self.base}/", scope.get("query_string", b""))
                return
            if path.startswith(f"{self.base}/"):
                rest = path.removeprefix(self.base)
                scope = {**scope, "path": rest, "raw_path": rest.encode()}
        await self.app(scope, receive, send)
