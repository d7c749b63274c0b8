"""Identifies users: a browser gets a signed cookie with its first page, and the pages read the user from a request header."""

import secrets

from vae_core.runs.users import USER_ID, Signer, User, new_user_id
from vae_core.web.middleware.asgi import App, Message, Receive, Send, cookies, header

HEADER = "X-Latent-User"
LIFETIME = 400 * 24 * 3600  # seconds; browsers keep no cookie longer
# Its key exists in this process only, so no client can forge the header.
_header_signer = Signer(secrets.token_bytes(32))


class CookieMiddleware:
    """ASGI middleware that sets `scope["latent_user"]` for the next layers, HEADER for the pages, and a cookie for a new browser.

    The door (door.py) has said whether the browser has an administrator's rights, in `scope["latent_admin"]`.
    """

    def __init__(self, app: App, key: bytes, base: str = "") -> None:
        self.app, self.base, self.signer = app, base, Signer(key)
        self.cookie = f"latent_{self.signer.fingerprint}"  # two servers on one machine share cookies but not the key

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        id = self._id(scope)
        user = User(id, scope.get("latent_admin", False))
        name = HEADER.lower().encode()
        signed = (name, _header_signer.sign(f"{user.id}:{int(user.is_admin)}").encode())
        headers = [*((key, value) for key, value in scope["headers"] if key != name), signed]

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(scope, message):
                message = {**message, "headers": [*message["headers"], (b"set-cookie", self._new_cookie(scope))]}
            await send(message)

        is_new = not id and scope["type"] == "http"
        scope = {**scope, "headers": headers, "latent_user": user}
        await self.app(scope, receive, send_with_cookie if is_new else send)

    def _id(self, scope: Message) -> str:
        """The user id in the browser's cookie, "" where it has no cookie or the signature is not ours."""
        id = self.signer.verify(cookies(scope).get(self.cookie, ""))
        return id if id and USER_ID.fullmatch(id) else ""

    def _new_cookie(self, scope: Message) -> bytes:
        return set_cookie(scope, self.cookie, self.signer.sign(new_user_id()), self.base)


def set_cookie(scope: Message, name: str, value: str, base: str) -> bytes:
    """The header that keeps a cookie for this app alone, which no script can read; over https it is sent back over https only."""
    secure = "; Secure" if scope.get("scheme") in ("https", "wss") else ""
    return f"{name}={value}; Path={base or '/'}; Max-Age={LIFETIME}; HttpOnly; SameSite=Lax{secure}".encode()


def user_from_header(value: str) -> User | None:
    """The user in a HEADER that this process wrote; None for any other value."""
    text = _header_signer.verify(value)
    if text is None:
        return None
    id, _, admin = text.partition(":")
    return User(id, admin == "1")


def _is_page(scope: Message, message: Message) -> bool:
    kinds = [header(scope, b"accept") or "", dict(message["headers"]).get(b"content-type", b"").decode("latin-1")]
    return scope["method"] == "GET" and message["status"] in (200, 304) and any("text/html" in kind for kind in kinds)
