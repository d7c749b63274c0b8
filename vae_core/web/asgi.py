"""What the layers before Streamlit share: ASGI's types, a header's value, and a short answer."""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]


def header(scope: Message, name: bytes) -> str | None:
    """The value of a request's header, None without one."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), None)


async def answer(send: Send, status: int, words: str = "", headers: Headers = ()) -> None:
    """A plain sentence as the whole answer."""
    body = f"{words}\n".encode() if words else b""
    kind = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*kind, *headers]})
    await send({"type": "http.response.body", "body": body})
