"""Upload limits: uploaded files are held in the server's memory, so their sizes are counted before they are read."""

import time
from dataclasses import dataclass
from typing import Protocol

from vae_core.errors import UserError
from vae_core.people.limits import MB, in_force
from vae_core.runs.users import User
from vae_core.utils.paths import home
from vae_core.web.middleware.asgi import App, Message, Receive, Send, header, respond

MIN_COUNTED = 64 * 1024  # bytes that each file counts at least, which limits the number of small files
ROUTE = "/_stcore/upload_file/"

SHOWN = 60.0  # seconds for which a page shows why a file was refused

_refusals: dict[str, tuple[str, float]] = {}  # session -> sentence, and until when it is shown


def refusal_reason(session: str) -> str | None:
    """Why this session's last upload was refused, for SHOWN seconds; None otherwise."""
    sentence, until = _refusals.get(session, ("", 0.0))
    return sentence if time.monotonic() < until else None


class UploadStore(Protocol):
    """The memory that holds uploaded files, by session and file id."""

    def holds(self, session: str, file: str) -> bool:
        """Whether the file is in memory."""

    def drop_departed(self, sessions: set[str]) -> None:
        """Remove the files of those sessions whose browser has left."""

    def redraw(self, session: str) -> None:
        """Run the session's page again."""


@dataclass(eq=False)
class Upload:
    """One uploaded file: its session, its id, its user's id, the bytes that it counts, and whether it is still arriving."""

    session: str
    file: str
    user: str
    bytes: int
    arriving: bool = True


class UploadLimits:
    """ASGI middleware that refuses an upload which would exceed the limit of the user or of all users."""

    def __init__(self, app: App, shelf: UploadStore) -> None:
        self.app, self.shelf = app, shelf
        self.files: list[Upload] = []
        in_force(home())  # a wrong file of limits is named as the server starts

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(ROUTE):
            await self.app(scope, receive, send)
            return
        size = header(scope, b"content-length") or ""
        if (
            not size.isdecimal() or header(scope, b"transfer-encoding") is not None
        ):  # the server enforces the declared length
            await respond(send, 411, "An upload needs a Content-Length header with the size of the file.")
            return
        session, _, name = scope["path"].removeprefix(ROUTE).partition("/")
        try:
            file = self._admit(session, name, scope["latent_user"], int(size))
        except UserError as error:
            now = time.monotonic()
            for old in [key for key, (_, until) in _refusals.items() if until < now]:
                del _refusals[old]
            _refusals[session] = error.message, now + SHOWN
            self.shelf.redraw(session)
            await respond(send, 413, str(error))
            return
        try:
            await self.app(scope, receive, send)
        finally:
            file.arriving = False

    def _admit(self, session: str, name: str, user: User, size: int) -> Upload:
        file = Upload(session, name, user.id, max(size, MIN_COUNTED))
        if self._refusal(file):
            self.shelf.drop_departed({held.session for held in self.files})
        if reason := self._refusal(file):
            raise reason
        self.files.append(file)
        _refusals.pop(session, None)
        return file

    def _refusal(self, file: Upload) -> UserError | None:
        self.files = [held for held in self.files if held.arriving or self.shelf.holds(held.session, held.file)]
        limits = in_force(home())
        own = sum(held.bytes for held in self.files if held.user == file.user)
        if own + file.bytes > limits.person.upload_mb * MB:
            return UserError(
                "Your files would take {own:,.0f} MB, more than the {bytes_per_user} MB that a person may have here at a "
                "time: remove one, or reload the page, and try again.",
                own=(own + file.bytes) / MB,
                bytes_per_user=limits.person.upload_mb,
            )
        if sum(held.bytes for held in self.files) + file.bytes > limits.everyone.upload_mb * MB:
            return UserError("The memory that this server has for uploaded files is full: try again in some minutes.")
        return None
