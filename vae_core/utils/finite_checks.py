"""Finds NaN and infinity in a tensor, and describes where the first one is."""

import torch
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


def describe_non_finite(x: Tensor, thing: str) -> str:
    """A clause such as "image 3 (counted from 0) holds nan at pixel (0, 2), which is not a finite number"; "" where all is finite.

    `thing` names a row of x (N, ...), such as "image".
    """
    index = first_non_finite(x)
    if index is None:
        return ""
    row, *place = index
    at = "" if not place else f" in column {place[0]}" if len(place) == 1 else f" at pixel {tuple(place)}"
    return f"{thing} {row} (counted from 0) holds {x[index].item():g}{at}, which is not a finite number"
