"""Who comes in: requests to this server by its own names, from its own pages; and what browsers are told about its answers."""

from vae_core.web.asgi import App, Message, Receive, Send, answer
from vae_core.web.hosts import Hosts, same_origin

CORE = (
    "/_stcore/"  # Streamlit's own rooms; those that the pages do not need are closed, figures of the server among them
)
OPEN = ("health", "host-config", "stream", "upload_file/", "bidi-components/")
READING = ("GET", "HEAD", "OPTIONS")
ELSEWHERE = "This server does not go by that name: open the address that it printed, or start it with HOSTS=that.name."
STRANGE = "Another page asked for this: open the app's own address."
HEADERS = [
    (b"content-security-policy", b"frame-ancestors 'self'"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
]


class Gate:
    """ASGI middleware that refuses foreign names and foreign pages, and forbids browsers to frame or to share the answers."""

    def __init__(self, app: App, hosts: Hosts) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _guarded(message["headers"])}
            await send(message)

        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not (refusal := self._refusal(scope)):
            await self.app(scope, receive, guarded)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[1]})
        else:
            await answer(guarded, *refusal)

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        if not self.hosts.knows(scope):
            return 403, ELSEWHERE
        changing = scope["type"] == "websocket" or scope["method"] not in READING
        if changing and not same_origin(scope):
            return 403, STRANGE
        path = scope["path"]
        if path.startswith(CORE) and not path.removeprefix(CORE).startswith(OPEN):
            return 404, "There is nothing here."
        return None


def _guarded(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers with ours, and without Streamlit's leave for pages of other ports to read the answer."""
    ours = {name for name, _ in HEADERS}
    return [
        (name, value) for name, value in headers if name not in ours and not name.startswith(b"access-control-")
    ] + HEADERS
