"""Limits on memory, pixels and time for pictures and data sets of every format, and a file reader that enforces a limit.

docs/limits.md states the same numbers, which a test compares; other tests measure the peaks of memory.
"""

from typing import IO, Any

from vae_core.errors import UserError

MIB = 2**20

FILE_BYTES = 200 * MIB  # a picture file, one file of a zip, or an idx file, unpacked: MNIST takes 47 MB
PICTURE_BYTES = 512 * MIB  # of all copies of a picture while it is decoded; a process decodes one picture at a time
PICTURE_PIXELS = 120_000_000  # the largest photograph of a phone has 108 million and takes about 1 s

FEWEST, MOST = 10, 100_000  # pictures of a data set
KEPT_BYTES = 1024 * MIB  # of its resized pictures, which stay in memory
LOAD_BYTES = KEPT_BYTES + PICTURE_BYTES + 256 * MIB  # peak while it is loaded, with the lists of names
LOAD_PIXELS = 3_000_000_000  # decoded in all: about 30 s
LOAD_SECONDS = 180  # of processor time, for files that take long without many pixels
ZIP_BYTES = 4096 * MIB  # of all unpacked files of a zip together
DIRECTORY_BYTES = 16 * MIB  # of the list of files in a zip, which takes 10 times as much in memory
LABEL_BYTES = 1024  # of one label

TABLE_BYTES = 100 * MIB  # a file with a table
TABLE_ROWS, TABLE_COLUMNS, TABLE_CELLS = 200_000, 1000, 5_000_000
TABLE_WIDTH = 2000  # numbers of a row, with one for each value of a category

TEXT_BYTES = 50 * MIB  # a file of text
TEXT_LINES, LINE_CHARACTERS = 200_000, 2000  # a longer line is left out
LINE_WORDS, LINE_TOKENS = 63, 127  # of a line whose tokens are words, or characters
WORDS, CHARACTERS = 8000, 4000  # of a vocabulary; a line has so many logits for each of its tokens
DIFFERENT_WORDS = 1_000_000  # that are counted before the vocabulary is chosen


class LimitedReader:
    """A binary file that raises UserError(refusal) after reads of more than `most` bytes in all, or after `pieces` reads.

    `read()` without a size counts as a read of 0 bytes, because it returns no more than the file has.
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
