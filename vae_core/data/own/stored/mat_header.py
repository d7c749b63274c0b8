"""The numeric arrays of a Matlab file of version 5, from its bytes: nothing in it is executed, and nothing but headers is read.

scipy.io.loadmat reads the same files, but it believes the lengths that a file declares, so that a few kilobytes can ask for
gigabytes of memory. The format is described in "MAT-File Format" (The MathWorks), "Level 5 MAT-File Format".
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BufferedReader, RawIOBase
from typing import IO, Any, Literal, cast

import numpy as np

from vae_core.data.own.archives.files import File
from vae_core.data.own.stored.stored_array import StoredArray
from vae_core.errors import UserError

HEADER = 128  # bytes
MATRIX, COMPRESSED = 14, 15
TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
NUMERIC_CLASSES = range(6, 16)  # double to uint64; cells, structures, objects, texts and sparse matrices are others
COMPLEX = 0x0800
MOST_VARIABLES, MOST_AXES = 1000, 8
HEAD = 4096  # bytes at the start of a variable, within which its numbers begin


def read_mat_headers(file: File) -> Iterator[StoredArray]:
    """Each numeric array of the file; raises UserError for another version, and where a header does not fit its data."""
    name = file.name.name
    with file.open() as stream:
        order = _byte_order(stream.read(HEADER), name)
    at, end = HEADER, file.size or 0
    for _ in range(MOST_VARIABLES):
        if at + 8 > end:
            return
        with file.open() as stream:
            _skip(stream, at)
            kind, length = struct.unpack(order + "II", stream.read(8))
        if kind in (MATRIX, COMPRESSED):
            found = _array(partial(_variable, file, at, length, kind), order, name)
            if found is not None:
                yield found
        at += 8 + length
    raise UserError("{name} has more than {most:,} variables: save the pictures alone.", name=name, most=MOST_VARIABLES)


def _byte_order(head: bytes, name: str) -> Literal["<", ">"]:
    """The byte order for struct; raises UserError for a file of another version."""
    if (
        head.startswith(b"MATLAB 7.3")
        or b"\x89HDF" in head
        or len(head) < HEADER
        or head[126:128] not in (b"IM", b"MI")
    ):
        raise UserError(
            "{name} is not a Matlab file of version 5 to 7.2: save it in Matlab with save(file, 'X', 'y', '-v7'), or from "
            "Python as an .npz.",
            name=name,
        )
    return "<" if head[126:128] == b"IM" else ">"


class _Inflated(RawIOBase):
    """The bytes of a zlib stream of `length` bytes, unpacked a little at a time."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        super().__init__()
        self.stream, self.left, self.unpack = stream, length, zlib.decompressobj()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = b""
        while not data and not self.unpack.eof:
            packed = self.unpack.unconsumed_tail or self.stream.read(min(self.left, 2**16))
            self.left -= 0 if self.unpack.unconsumed_tail else len(packed)
            if not packed:
                break
            data = self.unpack.decompress(packed, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self.stream.close()
        super().close()


def _variable(file: File, at: int, length: int, kind: int) -> IO[bytes]:
    """The matrix at this place of the file as a stream that begins with its tag, unpacked where it is packed."""
    stream = file.open()
    _skip(stream, at + 8 if kind == COMPRESSED else at)
    return cast(IO[bytes], BufferedReader(_Inflated(stream, length), 2**16)) if kind == COMPRESSED else stream


def _skip(stream: IO[bytes], count: int) -> None:
    """Go forward; not every stream can seek, and one inside an archive has to be read anyway."""
    if stream.seekable():
        stream.seek(count)
        return
    while count > 0 and (data := stream.read(min(count, 2**20))):
        count -= len(data)


@dataclass(frozen=True)
class _Element:
    """A part of a matrix: its type, the length of its data, where these begin, and where the next element begins."""

    kind: int
    length: int
    at: int
    end: int


def _element(head: bytes, at: int, order: str) -> _Element:
    """The element at this place; raises struct.error beyond the end of `head`."""
    (word,) = struct.unpack_from(order + "I", head, at)
    if word >> 16:  # a short element: type and length in one word, then up to 4 bytes of data
        return _Element(word & 0xFFFF, word >> 16, at + 4, at + 8)
    (length,) = struct.unpack_from(order + "I", head, at + 4)
    return _Element(word, length, at + 8, at + 8 + length + -length % 8)


def _array(open: Callable[[], IO[bytes]], order: Literal["<", ">"], place: str) -> StoredArray | None:
    """The numeric array whose matrix the stream begins with; None for anything else, such as a text or a structure."""
    with open() as stream:
        head = stream.read(HEAD)
    try:
        matrix = _element(head, 0, order)
        flags = _element(head, 8, order)
        sizes = _element(head, flags.end, order)
        name = _element(head, sizes.end, order)
        data = _element(head, name.end, order)
        (bits,) = struct.unpack_from(order + "I", head, flags.at)
        shape = struct.unpack_from(f"{order}{sizes.length // 4}i", head, sizes.at)
    except struct.error:
        raise UserError("{name} is damaged: a header cannot be read. Save it again.", name=place) from None
    if matrix.kind != MATRIX or bits & 0xFF not in NUMERIC_CLASSES or bits & COMPLEX or data.kind not in TYPES:
        return None
    dtype = np.dtype(TYPES[data.kind]).newbyteorder(order)
    array = StoredArray(
        head[name.at : name.at + name.length].decode("ascii", "replace"), open, data.at, shape, dtype, True
    )
    if len(shape) > MOST_AXES or min(shape, default=0) < 0 or array.nbytes != data.length:
        raise UserError(
            "{name} is damaged: '{array}' says that its shape is {shape}, which does not fit the {held:,} bytes that it holds: "
            "save it again.",
            name=place,
            array=array.name,
            shape=shape,
            held=data.length,
        )
    return array
