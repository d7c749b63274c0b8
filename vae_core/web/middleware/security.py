"""Security checks of every request: Host (against DNS rebinding), Origin (against other sites' pages), and security headers."""

from vae_core.web.middleware.asgi import App, Message, Receive, Send, respond
from vae_core.web.middleware.hosts import Hosts, same_origin

CORE = "/_stcore/"  # Streamlit's own routes; all but the ALLOWED ones are closed, such as the server's metrics
ALLOWED = ("health", "host-config", "stream", "upload_file/", "bidi-components/")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
UNKNOWN_HOST = (
    "This server does not have that name: open the address that it printed, or start it with HOSTS=that.name."
)
OTHER_ORIGIN = "A page of another site sent this request: open the app's own address."
HEADERS = [
    (b"content-security-policy", b"frame-ancestors 'self'"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"x-content-type-options", b"nosniff"),
]


class SecurityMiddleware:
    """ASGI middleware that refuses unknown hosts and other origins, and adds the security headers to every response."""

    def __init__(self, app: App, hosts: Hosts) -> None:
        self.app, self.hosts = app, hosts

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _with_security_headers(message["headers"])}
            await send(message)

        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not (refusal := self._refusal(scope)):
            await self.app(scope, receive, send_with_headers)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refusal[1]})
        else:
            await respond(send_with_headers, *refusal)

    def _refusal(self, scope: Message) -> tuple[int, str] | None:
        if not self.hosts.accepts(scope):
            return 403, UNKNOWN_HOST
        changing = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
        if changing and not same_origin(scope):
            return 403, OTHER_ORIGIN
        path = scope["path"]
        if path.startswith(CORE) and not path.removeprefix(CORE).startswith(ALLOWED):
            return 404, "There is nothing here."
        return None


def _with_security_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers with ours added, and without Streamlit's CORS headers, which let pages of other ports read the response."""
    ours = {name for name, _ in HEADERS}
    return [
        (name, value) for name, value in headers if name not in ours and not name.startswith(b"access-control-")
    ] + HEADERS
