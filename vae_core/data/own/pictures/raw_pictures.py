"""RawPictures: what every container gives, so that range, axes, labels and sizes are recognised once for all of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from vae_core.data.own.value_range import ValueRange
from vae_core.data.own_caption import OwnCaption
from vae_core.messages import Message
from vae_core.utils.arrays import Int64, UInt8

Shape = tuple[int, ...]


class Pictures(Protocol):
    """Pictures that are read in order, and more than once. What is wrong with them is a UserError that names the file."""

    @property
    def count(self) -> int:
        """How many there are."""

    @property
    def sizes(self) -> Counter[tuple[int, int]]:
        """How many have each height and width in pixels."""

    @property
    def colour(self) -> bool:
        """Whether some may have colours."""

    @property
    def axes(self) -> Message | None:
        """How the axes of an array are read, where that is not the usual way."""

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
    """Pictures, with the labels that were found for them, and the container's own splits (0: train, 1: val, 2: test), or None.

    `kind` says what was recognised, `left_out` what is not used and why; `words` are those beside the pictures, (N, W).
    """

    place: str
    kind: Message
    pictures: Pictures
    labels: NDArray[Any] | None = None
    splits: NDArray[Any] | None = None
    factors: Factors | None = None
    words: tuple[OwnCaption, Int64] | None = None
    notes: tuple[Message, ...] = ()
    left_out: tuple[Message, ...] = ()
