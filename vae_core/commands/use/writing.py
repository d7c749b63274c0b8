"""Writes what a command made to the file that a person named."""

from pathlib import Path

from vae_core.errors import UserError, reason


def write_bytes(out: str, content: bytes) -> None:
    """Write the file whole or not at all; raises UserError where that cannot be done."""
    from vae_core.utils.files import write_atomically

    try:
        write_atomically({Path(out): content})
    except OSError as error:
        raise UserError("Cannot write {out}: {strerror}.", out=out, strerror=reason(error)) from None
