"""Who may enter: a code that the class types or scans, and a key that gives the teacher's rights; both for one day of teaching."""

import hmac
import os
import secrets
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.runs.users import Signer
from vae_core.utils.files import read_file, write_atomically

FILE, FILE_BYTES = "room.json", 1000
DIGITS = 8  # with the limited tries, guessing for a whole day finds a code with a chance of about one in a thousand
LASTS = (
    18 * 3600.0
)  # seconds; a server that is started again within them keeps its code, so that nobody has to type it again
WISHES = ("auto", "new", "none")
Right = Literal["", "class", "teacher"]


class Kept(Frozen):
    """What the home folder keeps of a room; `made` in seconds since 1970."""

    code: Annotated[str, Field(pattern=r"^[0-9]{8}$")]
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    made: float


@dataclass(frozen=True)
class Room:
    """A room's code, "" where everybody on the network may enter; the teacher's key; and the secret that signs who has entered."""

    code: str
    key: str
    secret: bytes

    @property
    def signer(self) -> Signer:
        """Signs the rights of a browser: with another key no earlier signature holds."""
        return Signer(hmac.digest(self.secret, f"room {self.key}".encode(), "sha256"))

    def right(self, typed: str) -> Right:
        """What a typed or linked word opens: the code the class's rights, the key the teacher's, any other word nothing."""
        word = "".join(typed.split()).replace("-", "").casefold().encode()
        if hmac.compare_digest(word, self.key.encode()):
            return "teacher"
        return "class" if self.code and hmac.compare_digest(word, self.code.encode()) else ""

    def cookie(self, right: Right) -> str:
        """The signed value of a cookie that keeps a right; the class's holds for the present code only."""
        return self.signer.sign(f"class-{self._mark}" if right == "class" else right)

    def right_in(self, cookie: str) -> Right:
        """The right that a cookie keeps; none where its signature is not this room's."""
        found = self.signer.verify(cookie)
        if found == "teacher":
            return "teacher"
        return "class" if not self.code or found == f"class-{self._mark}" else ""

    @property
    def _mark(self) -> str:
        return hmac.digest(self.secret, f"code {self.code}".encode(), "sha256").hex()[:16]


def shown(code: str) -> str:
    """A code as it is printed and projected, in two groups of four digits."""
    return f"{code[:4]} {code[4:]}"


def open_room(home: Path, secret: bytes, wish: str = "auto") -> Room:
    """The room of a server. `wish`: "auto" keeps the code of the last LASTS seconds, "new" makes another one, "none" asks for none.

    Raises UserError where the home folder cannot be written.
    """
    kept = None if wish == "new" else _read(home)
    if kept is None:
        kept = Kept(code=_new_code(), key=secrets.token_hex(16), made=time.time())
        _write(home, kept)
    return Room("" if wish == "none" else kept.code, kept.key, secret)


def with_new_code(home: Path, room: Room) -> Room:
    """The same room with another code, which everyone in the class has to type anew; the teacher's key stays."""
    code = _new_code()
    _write(home, Kept(code=code, key=room.key, made=time.time()))
    return replace(room, code=code)


def _new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def _write(home: Path, kept: Kept) -> None:
    try:
        write_atomically({home / FILE: kept.model_dump_json().encode()})
        os.chmod(home / FILE, 0o600)
    except OSError as error:
        raise UserError("The folder {home} cannot be written: set LATENT_HOME to another folder.", home=home) from error


def _read(home: Path) -> Kept | None:
    try:
        found = Kept.parse(read_file(home / FILE, FILE_BYTES))
    except (OSError, UserError):
        return None
    return found if 0 <= time.time() - found.made < LASTS else None
