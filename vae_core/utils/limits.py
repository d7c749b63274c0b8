"""What a picture and a data set may cost, for every format and from the headers alone, and a reader that keeps to it.

docs/limits.md states the same numbers, which a test compares; other tests measure the peaks of memory.
"""

from typing import IO, Any

from vae_core.errors import UserError

MIB = 2**20

FILE_BYTES = 200 * MIB  # a picture file, one file of a zip, or an idx file, unpacked: MNIST takes 47 MB
PICTURE_BYTES = 512 * MIB  # a picture while it is decoded, all copies together; a process decodes one at a time
PICTURE_PIXELS = 120_000_000  # a phone's largest photograph has 108 million: a second's work

FEWEST, MOST = 10, 100_000  # pictures of a data set
KEPT_BYTES = 1024 * MIB  # its pictures, brought to their size: what stays in memory
LOAD_BYTES = KEPT_BYTES + PICTURE_BYTES + 256 * MIB  # the most that loading it takes, with lists of names
LOAD_PIXELS = 3_000_000_000  # decoded for it, in all: about half a minute's work
LOAD_SECONDS = 180  # of a processor, for whatever takes long without many pixels
ZIP_BYTES = 4096 * MIB  # all files of a zip, unpacked, one after another
DIRECTORY_BYTES = 16 * MIB  # the list of a zip's files, which takes ten times as much in memory
LABEL_BYTES = 1024  # one label


class LimitedReader:
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
