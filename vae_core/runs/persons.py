"""Who asks: a browser, known by a signed cookie, or whoever sits at the server's machine."""

import hashlib
import hmac
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ID = re.compile(r"[0-9a-f]{16}")
KEY_BYTES = 32


@dataclass(frozen=True)
class Person:
    """`id` names a browser, "" where it keeps no cookie; `machine`: the command line, or a browser on the server's machine."""

    id: str = ""
    machine: bool = False

    def may_change(self, owner: str) -> bool:
        """Whether this person may change what `owner` made; what has no owner belongs to the machine."""
        return self.machine or (bool(owner) and owner == self.id)


MACHINE = Person(machine=True)


def new_id() -> str:
    """A random name for a browser that has none."""
    return secrets.token_hex(8)


class Signer:
    """Signs short texts with a key (HMAC-SHA-256) and knows its own signature again."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    @property
    def name(self) -> str:
        """Differs between keys and gives nothing away of them."""
        return hashlib.sha256(b"name" + self.key).hexdigest()[:8]

    def sign(self, text: str) -> str:
        return f"{text}.{hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()}"

    def read(self, signed: str) -> str | None:
        """The text that was signed, or None where this key did not sign it so."""
        text = signed.rpartition(".")[0]
        return text if hmac.compare_digest(self.sign(text).encode(), signed.encode("utf-8", "replace")) else None


def home_key(home: Path) -> bytes:
    """The secret of a home folder, made on first use, readable by its owner alone; OSError where it cannot be kept."""
    path = home / "secret"
    home.mkdir(parents=True, exist_ok=True)
    while True:
        with suppress(FileNotFoundError):
            if len(key := path.read_bytes()) == KEY_BYTES:
                path.chmod(0o600)
                return key
            path.unlink()  # cut short: all browsers are new ones
        with suppress(FileExistsError):  # another server was quicker: its key counts
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(file, secrets.token_bytes(KEY_BYTES))
            os.close(file)
