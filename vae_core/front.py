"""Tell the browser where the server is, so that a link to a page does not make it ask about and log two "not found"."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

# Streamlit's own setting for a page that lives elsewhere than its server; without it, the page guesses from its path.
HERE = b"<head><script>window.__streamlit = {BACKEND_BASE_URL: location.origin + '/'}</script>"


class NamesItsServer:
    """ASGI middleware that writes the server's address into the app's one HTML page."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def rewritten(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
            elif not start:
                await send(message)
            elif message["type"] == "http.response.body":
                body += message.get("body", b"")
                if not message.get("more_body"):
                    page = body.replace(b"<head>", HERE, 1)
                    await send({**start, "headers": _with_length(start, len(page))})
                    await send({"type": "http.response.body", "body": page})

        await self.app(scope, receive, rewritten)


def _is_html(message: Message) -> bool:
    headers = dict(message["headers"])
    return message["status"] == 200 and headers.get(b"content-type", b"").startswith(b"text/html")


def _with_length(message: Message, length: int) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in message["headers"] if name not in (b"content-length", b"etag")]
    return [*kept, (b"content-length", str(length).encode())]
