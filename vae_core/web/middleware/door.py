"""The door of a room: whoever has not typed its code, or come by its link, gets a page that asks for it, and nothing else."""

from urllib.parse import parse_qs, parse_qsl, urlencode

from vae_core.messages import Message
from vae_core.room.access import Right, Room
from vae_core.room.classroom import classroom
from vae_core.room.tries import Tries
from vae_core.web.middleware.asgi import App, Receive, Send, cookies, header, redirect, respond
from vae_core.web.middleware.asgi import Message as Event
from vae_core.web.middleware.cookie import set_cookie
from vae_core.web.middleware.door_page import door_page
from vae_core.web.middleware.hosts import Hosts

OPEN = ("/_stcore/health",)  # what a proxy or a service manager asks without a code
LINKS = ("room", "teacher")  # names in an address whose value is the code or the key
FORM_BYTES = 1000
WRONG = Message("That is not this room's code: look at it again.")
TOO_MANY = Message("There were too many wrong codes: wait a minute, then try again.")
CLOSED = "This room asks for its code: open the app's address in a browser, and type it."


class Door:
    """ASGI middleware that lets in who has the room's code, the teacher's key or sits at this machine.

    It sets `scope["latent_admin"]`: whether the browser has the teacher's rights. The class has no room where the server is for its
    own machine alone, and asks for nothing.
    """

    def __init__(self, app: App, hosts: Hosts, base: str = "") -> None:
        self.app, self.hosts, self.base = app, hosts, base
        self.tries = Tries()

    async def __call__(self, scope: Event, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        local = self.hosts.is_local(scope)
        right: Right = "teacher" if local else "class"
        if (room := classroom().room) is not None:
            right = "teacher" if local else room.right_in(cookies(scope).get(_name(room), ""))
            word = _linked(scope)
            if word is not None:
                await self._try(room, scope, send, word, right)
                return
            if not right and scope["path"] not in OPEN:
                await self._stop(room, scope, receive, send)
                return
        await self.app({**scope, "latent_admin": right == "teacher"}, receive, send)

    async def _stop(self, room: Room, scope: Event, receive: Receive, send: Send) -> None:
        """Answer a browser that may not enter yet."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": CLOSED})
        elif scope["method"] == "POST":
            await self._try(room, scope, send, await _typed(receive))
        elif scope["method"] == "GET" and "text/html" in (header(scope, b"accept") or ""):
            await _show(scope, send)
        else:
            await respond(send, 403, CLOSED)

    async def _try(self, room: Room, scope: Event, send: Send, word: str, has: Right = "") -> None:
        """Let in who gives a right word, and lead to the same page without it in the address; nobody loses a right they have."""
        address = str((scope.get("client") or ("",))[0])
        if not self.tries.allowed(address):
            await _show(scope, send, TOO_MANY)
            return
        right = room.right(word)
        if not right and has != "teacher":
            self.tries.wrong(address)
            await _show(scope, send, WRONG)
            return
        kept = (
            [(b"set-cookie", set_cookie(scope, _name(room), room.cookie(right), self.base))] if has != "teacher" else []
        )
        await redirect(send, 303, f"{self.base}{scope['path']}", _query(scope), kept)


def _name(room: Room) -> str:
    return f"latent_room_{room.signer.fingerprint}"


def _linked(scope: Event) -> str | None:
    """The word that an address brings along, None where it brings none."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    found = parse_qs(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    return next((found[name][-1] for name in LINKS if name in found), None)


def _query(scope: Event) -> bytes:
    """The query of the address without the words of a link."""
    parts = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    return urlencode([(name, value) for name, value in parts if name not in LINKS]).encode()


async def _typed(receive: Receive) -> str:
    """The field `code` of a form; "" for anything else."""
    body, more = b"", True
    while more and len(body) <= FORM_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return parse_qs(body[:FORM_BYTES].decode("utf-8", "replace")).get("code", [""])[-1]


async def _show(scope: Event, send: Send, sentence: Message | None = None) -> None:
    page = door_page(scope, sentence)
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": page})
