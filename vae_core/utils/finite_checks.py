"""Finds NaN and infinity in a tensor, and describes where the first one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vae_core.messages import Message
from vae_core.utils.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor

ROWS = 4096  # checked together: checking the whole tensor at once would need much memory


def first_non_finite(x: Tensor) -> tuple[int, ...] | None:
    """The index of the first NaN or infinity in x (N, ...), or None; integer tensors have none."""
    if not x.is_floating_point():
        return None
    for start in range(0, len(x), ROWS):
        bad = ~torch.isfinite(x[start : start + ROWS])
        if bad.any():
            row, *place = bad.nonzero()[0].tolist()
            return (start + row, *place)
    return None


def describe_non_finite(x: Tensor, thing: Message) -> Message | None:
    """A clause such as "image 3 (counted from 0) holds nan at pixel (0, 2), which is not a finite number"; None where all is finite.

    `thing` is what a row of x (N, ...) is, such as an image.
    """
    index = first_non_finite(x)
    return None if index is None else place_of_non_finite(thing, index, x[index].item())


def place_of_non_finite(thing: Message, index: tuple[int, ...], value: float) -> Message:
    """The clause of `describe_non_finite` for a value that was found at this index."""
    row, *place = index
    found = {"thing": thing, "row": row, "value": value}
    if not place:
        return Message("{thing} {row} (counted from 0) holds {value:g}, which is not a finite number", **found)
    if len(place) == 1:
        return Message(
            "{thing} {row} (counted from 0) holds {value:g} in column {column}, which is not a finite number",
            column=place[0],
            **found,
        )
    return Message(
        "{thing} {row} (counted from 0) holds {value:g} at pixel {place}, which is not a finite number",
        place=tuple(place),
        **found,
    )
