"""Users: a browser that is identified by a signed cookie, or an administrator at the server's machine."""

import hashlib
import hmac
import os
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

USER_ID = re.compile(r"[0-9a-f]{16}")
KEY_BYTES = 32


@dataclass(frozen=True)
class User:
    """`id` identifies a browser, "" where it keeps no cookie; `is_admin`: the command line or a browser on the server's machine."""

    id: str = ""
    is_admin: bool = False

    def may_change(self, owner: str) -> bool:
        """Whether this user may change a run of `owner`; only administrators may change runs without an owner."""
        return self.is_admin or (bool(owner) and owner == self.id)


ADMIN = User(is_admin=True)


def new_user_id() -> str:
    """A random id for a new browser: 16 hexadecimal digits."""
    return secrets.token_hex(8)


class Signer:
    """Signs short texts with a secret key (HMAC-SHA-256) and verifies its own signatures."""

    def __init__(self, key: bytes) -> None:
        self.key = key

    @property
    def fingerprint(self) -> str:
        """Eight hexadecimal digits that differ between keys and do not reveal the key."""
        return hashlib.sha256(b"name" + self.key).hexdigest()[:8]

    def sign(self, text: str) -> str:
        """The text with its signature, as "text.signature"."""
        return f"{text}.{hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()}"

    def verify(self, signed: str) -> str | None:
        """The text of a signed text, or None where the signature is not from this key."""
        text = signed.rpartition(".")[0]
        return text if hmac.compare_digest(self.sign(text).encode(), signed.encode("utf-8", "replace")) else None


def secret_key(home: Path) -> bytes:
    """The secret key of a home folder, created on first use and readable by its owner alone; OSError where it cannot be written."""
    path = home / "secret"
    home.mkdir(parents=True, exist_ok=True)
    while True:
        with suppress(FileNotFoundError):
            if len(key := path.read_bytes()) == KEY_BYTES:
                path.chmod(0o600)
                return key
            path.unlink()  # truncated: with a new key, all browsers get new cookies
        with suppress(FileExistsError):  # another server created it first: use that key
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(file, secrets.token_bytes(KEY_BYTES))
            os.close(file)
