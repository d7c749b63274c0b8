"""A file whose reader may ask only so much: libraries take memory and time for what a file's header says, however short it is."""

from typing import IO, Any

from vae_core.errors import UserError


class Guarded:
    """A binary file that raises UserError(refusal) once more than `most` bytes are asked for, or `pieces` reads were made.

    A read of all that is left is not counted: it gives no more than the file has.
    """

    def __init__(self, file: IO[bytes], refusal: str, most: float, pieces: float = float("inf")) -> None:
        self.file, self.refusal, self.most, self.pieces = file, refusal, most, pieces

    def read(self, size: int = -1) -> bytes:
        self.pieces -= 1
        self.most -= max(0, size)
        if min(self.pieces, self.most) < 0:
            raise UserError(self.refusal)
        return self.file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)
