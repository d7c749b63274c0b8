"""How much one may bring: files that browsers upload lie in the server's memory, so they are counted before they are read."""

import time
from dataclasses import dataclass
from typing import Protocol

from vae_core.errors import UserError
from vae_core.runs.persons import Person
from vae_core.web.asgi import App, Message, Receive, Send, answer, header

MB = 2**20
A_PERSON, ALL = 200 * MB, 1024 * MB  # bytes in memory
LEAST = 64 * 1024  # bytes that a file counts at least, so that many small ones are few enough
ROUTE = "/_stcore/upload_file/"

SHOWN = 60.0  # seconds for which a page says why a file was refused

_refusals: dict[str, tuple[str, float]] = {}  # session -> sentence, and until when it is said


def refusal(session: str) -> str | None:
    """Why this session's last upload was refused, while that is news."""
    sentence, until = _refusals.get(session, ("", 0.0))
    return sentence if time.monotonic() < until else None


class Shelf(Protocol):
    """Where uploaded files lie, by session and file."""

    def holds(self, session: str, file: str) -> bool: ...

    def drop_departed(self, sessions: set[str]) -> None:
        """Forget the files of those sessions whose browser has left."""

    def redraw(self, session: str) -> None:
        """Have the session's page run again."""


@dataclass(eq=False)
class File:
    """One upload: whose it is, what it counts, and whether it is still on its way."""

    session: str
    file: str
    person: str
    bytes: int
    arriving: bool = True


class Uploads:
    """ASGI middleware that refuses an upload which would take a person, or all of them, over what memory is for."""

    def __init__(self, app: App, shelf: Shelf) -> None:
        self.app, self.shelf = app, shelf
        self.files: list[File] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(ROUTE):
            await self.app(scope, receive, send)
            return
        size = header(scope, b"content-length") or ""
        if not size.isdecimal() or header(scope, b"transfer-encoding") is not None:  # the server holds it to its word
            await answer(send, 411, "Say how long the file is: an upload needs a Content-Length.")
            return
        session, _, name = scope["path"].removeprefix(ROUTE).partition("/")
        try:
            file = self._admit(session, name, scope["person"], int(size))
        except UserError as error:
            now = time.monotonic()
            for old in [key for key, (_, until) in _refusals.items() if until < now]:
                del _refusals[old]
            _refusals[session] = str(error), now + SHOWN
            self.shelf.redraw(session)
            await answer(send, 413, str(error))
            return
        try:
            await self.app(scope, receive, send)
        finally:
            file.arriving = False

    def _admit(self, session: str, name: str, person: Person, size: int) -> File:
        file = File(session, name, person.id, max(size, LEAST))
        if self._refusal(file):
            self.shelf.drop_departed({held.session for held in self.files})
        if reason := self._refusal(file):
            raise UserError(reason)
        self.files.append(file)
        _refusals.pop(session, None)
        return file

    def _refusal(self, file: File) -> str:
        self.files = [held for held in self.files if held.arriving or self.shelf.holds(held.session, held.file)]
        mine = sum(held.bytes for held in self.files if held.person == file.person)
        if mine + file.bytes > A_PERSON:
            return (
                f"Your files would take {(mine + file.bytes) / MB:,.0f} MB, more than the {A_PERSON // MB} MB"
                " that a person may have here at a time: remove one, or reload the page, and try again."
            )
        if sum(held.bytes for held in self.files) + file.bytes > ALL:
            return "All files here fill the memory that this server has for them: try again in some minutes."
        return ""
