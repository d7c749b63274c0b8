"""A file whose reader may ask only so much: libraries take memory and time for what a file's header says, however short it is."""

from typing import IO, Any

from vae_core.errors import UserError


class Guarded:
    """A binary file that raises UserError(refusal) on a read of more than `most` bytes, and after `pieces` reads."""

    def __init__(self, file: IO[bytes], refusal: str, most: int, pieces: float = float("inf")) -> None:
        self.file, self.refusal, self.most, self.pieces = file, refusal, most, pieces

    def read(self, size: int = -1) -> bytes:
        self.pieces -= 1
        if size > self.most or self.pieces < 0:
            raise UserError(self.refusal)
        return self.file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)
