"""StoredArray: an array in a file of any format, of which only the header has been read; its numbers are read in pieces."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from vae_core.utils import limits

PIECE = limits.MIB  # bytes of an array in memory at a time, so that conversions copy only so much
PADDING = 8  # bytes after an array that may belong to it
Numbers = NDArray[Any]


@dataclass(frozen=True)
class StoredArray:
    """An array of this shape and type, whose numbers begin after `start` bytes of the stream that `open` gives.

    `stride` is the number of bytes from one row (along the first axis) to the next, where others lie between (0: none do).
    In Fortran order no row is complete before the whole array is read. `turned`: height and width are exchanged. `alone`: nothing
    may follow in the stream.
    """

    name: str
    open: Callable[[], IO[bytes]]
    start: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran_order: bool = False
    stride: int = 0
    turned: bool = False
    alone: bool = False

    def number_first(self) -> "StoredArray":
        """An array (H, W, C, N) in Fortran order as (N, C, W, H) in the usual order, with height and width exchanged.

        The bytes are the same, so that its pictures can be read in pieces.
        """
        return replace(self, shape=self.shape[::-1], fortran_order=False, turned=not self.turned)

    def of_shape(self, shape: tuple[int, ...]) -> "AnyArray":
        """The same numbers in another shape of as many rows."""
        if self.fortran_order:
            return HeldArray(self.name, self.whole().reshape(shape), self.turned)
        return replace(self, shape=shape)

    @property
    def nbytes(self) -> int:
        """The bytes of all its numbers."""
        return math.prod(self.shape) * self.dtype.itemsize

    def whole(self) -> Numbers:
        """All numbers; raises EOFError where the file ends early."""
        if not self.fortran_order:
            pieces = list(self.pieces()) if self.nbytes else []
            return np.concatenate(pieces) if pieces else np.empty(self.shape, self.dtype)
        with self.open() as stream:
            stream.read(self.start)
            data = _exactly(stream, self.nbytes)
            self._finish(stream)
            return np.frombuffer(data, self.dtype).reshape(self.shape, order="F")

    def pieces(self) -> Iterator[Numbers]:
        """Consecutive blocks of rows (n, ...); a row must have at least one byte."""
        row = self.nbytes // self.shape[0]
        step = self.stride or row
        most = max(1, PIECE // step)
        counts = [min(most, self.shape[0] - at) for at in range(0, self.shape[0], most)]
        if self.fortran_order:
            array = self.whole()
            yield from np.split(array, np.cumsum(counts)[:-1])
            return
        with self.open() as stream:
            stream.read(self.start)
            for number, count in enumerate(counts):
                length = count * step if number < len(counts) - 1 else (count - 1) * step + row
                rows = np.ndarray((count, row), np.uint8, _exactly(stream, length), strides=(step, 1))
                yield np.ascontiguousarray(rows).view(self.dtype).reshape(count, *self.shape[1:])
            self._finish(stream)

    def _finish(self, stream: IO[bytes]) -> None:
        """Read on a little, to the checksum of a packed stream; raises EOFError where more follows than may."""
        if stream.read(PADDING) and self.alone:
            raise EOFError("there is more in it than its header says")


@dataclass(frozen=True)
class HeldArray:
    """An array in memory, with the same verbs as a StoredArray."""

    name: str
    array: Numbers
    turned: bool = False
    fortran_order: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return self.array.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Its type."""
        return self.array.dtype

    def of_shape(self, shape: tuple[int, ...]) -> "HeldArray":
        """The same numbers in another shape of as many rows."""
        return replace(self, array=self.array.reshape(shape))

    @property
    def nbytes(self) -> int:
        """The bytes of all its numbers."""
        return self.array.nbytes

    def whole(self) -> Numbers:
        """All numbers."""
        return self.array

    def pieces(self) -> Iterator[Numbers]:
        """Consecutive blocks of rows (n, ...)."""
        most = max(1, PIECE // max(1, self.nbytes // len(self.array)))
        yield from (self.array[at : at + most] for at in range(0, len(self.array), most))


AnyArray = StoredArray | HeldArray


def _exactly(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError("an array ends early")
    return data
