"""RawPictures: what every container gives before anything is recognised, so that range, axes, labels and sizes are found once for all."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from vae_core.data.own.values import ValueRange
from vae_core.messages import Message
from vae_core.utils.arrays import Int64, UInt8

Shape = tuple[int, ...]


class Pictures(Protocol):
    """Pictures that are read in order, more than once; `sizes` counts heights and widths, `colour` says that some may have colours.

    Each method raises UserError that names the file.
    """

    count: int
    sizes: Counter[tuple[int, int]]
    colour: bool
    axes: Message | None

    def find_range(self) -> ValueRange:
        """The levels of black and white, found in all pictures."""

    def blocks(self, values: ValueRange, shape: Shape) -> Iterator[UInt8]:
        """All pictures in order, as blocks (n, C, H, W) of this shape (C, H, W): the middle of each is resized where it differs."""


@dataclass(frozen=True)
class Factors:
    """The true factors of each picture: indices (N, F) of their values, and the names of the factors."""

    values: Int64
    names: tuple[str, ...]


@dataclass(frozen=True)
class RawPictures:
    """Pictures with labels as they were found (one for each picture, or None), and the container's own splits (0, 1, 2: train, val, test).

    `kind` says what was recognised, `left_out` what is not used and why.
    """

    place: str
    kind: Message
    pictures: Pictures
    labels: NDArray[Any] | None = None
    splits: NDArray[Any] | None = None
    factors: Factors | None = None
    notes: tuple[Message, ...] = ()
    left_out: tuple[Message, ...] = ()
