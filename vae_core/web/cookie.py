"""Who it is: a browser gets a signed cookie with its first page, and the pages are told whose request they answer."""

import secrets

from vae_core.runs.persons import ID, Person, Signer, new_id
from vae_core.web.asgi import App, Message, Receive, Send, header
from vae_core.web.hosts import Hosts

HEADER = "X-Latent-Person"
LIFE = 400 * 24 * 3600  # seconds; browsers keep no cookie longer
_told = Signer(secrets.token_bytes(32))  # within this process: nobody outside can write the header


class Persons:
    """ASGI middleware: `scope["person"]` for the layers behind it, HEADER for the pages, a cookie for a new browser."""

    def __init__(self, app: App, key: bytes, hosts: Hosts) -> None:
        self.app, self.hosts, self.signer = app, hosts, Signer(key)
        self.cookie = f"latent_{self.signer.name}"  # two servers of one machine share its cookies, but not their key

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        id = self._id(scope)
        person = Person(id, self.hosts.at_machine(scope))
        name = HEADER.lower().encode()
        told = (name, _told.sign(f"{person.id}:{int(person.machine)}").encode())
        headers = [*((key, value) for key, value in scope["headers"] if key != name), told]

        async def introduced(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(scope, message):
                message = {**message, "headers": [*message["headers"], (b"set-cookie", self._new_cookie())]}
            await send(message)

        newcomer = not id and scope["type"] == "http"
        await self.app({**scope, "headers": headers, "person": person}, receive, introduced if newcomer else send)

    def _id(self, scope: Message) -> str:
        """The id in the browser's cookie, "" where there is none or it was not signed here."""
        pairs = (pair.strip().partition("=") for pair in (header(scope, b"cookie") or "").split(";"))
        id = self.signer.read({name: value for name, _, value in pairs}.get(self.cookie, ""))
        return id if id and ID.fullmatch(id) else ""

    def _new_cookie(self) -> bytes:
        value = self.signer.sign(new_id())
        return f"{self.cookie}={value}; Path=/; Max-Age={LIFE}; HttpOnly; SameSite=Lax".encode()


def read(told: str) -> Person | None:
    """The person in a HEADER that this process wrote; None for any other."""
    found = _told.read(told)
    if found is None:
        return None
    id, _, machine = found.partition(":")
    return Person(id, machine == "1")


def _is_page(scope: Message, message: Message) -> bool:
    kinds = [header(scope, b"accept") or "", dict(message["headers"]).get(b"content-type", b"").decode("latin-1")]
    return scope["method"] == "GET" and message["status"] in (200, 304) and any("text/html" in kind for kind in kinds)
