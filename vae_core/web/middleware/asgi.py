"""Shared parts of the ASGI middleware: ASGI's types, a header and the cookies, whole and short responses, and redirections."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import quote

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]


def header(scope: Message, name: bytes) -> str | None:
    """The value of a request's header, None where it has none of that name."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


def cookies(scope: Message) -> dict[str, str]:
    """The cookies of a request, by name."""
    pairs = (pair.strip().partition("=") for pair in (header(scope, b"cookie") or "").split(";"))
    return {name: value for name, _, value in pairs}


async def collected(
    app: App, scope: Message, receive: Receive, send: Send, wanted: Callable[[Message], bool]
) -> tuple[Message, bytes] | None:
    """The app's response whole, start and body, where its start is `wanted`; another one is sent on, and gives None."""
    start: Message = {}
    parts: list[bytes] = []

    async def take(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start" and wanted(message):
            start = message
        elif not start:
            await send(message)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, take)
    return (start, b"".join(parts)) if start else None


async def respond(send: Send, status: int, text: str = "", headers: Headers = ()) -> None:
    """Send a complete response with a line of plain text, or an empty body."""
    body = f"{text}\n".encode() if text else b""
    own = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*own, *headers]})
    await send({"type": "http.response.body", "body": body})


async def redirect(send: Send, status: int, path: str, query: bytes = b"", headers: Headers = ()) -> None:
    """Send the browser to another path of this server; never to another server, whatever the path begins with."""
    local = "/" + quote(path.lstrip("/\\"), safe="/@:+~")
    await respond(send, status, headers=[(b"location", local.encode() + (b"?" + query if query else b"")), *headers])
