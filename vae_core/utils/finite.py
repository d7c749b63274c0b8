"""Where a value stands that is no finite number: looked for before a training, and told so that a person finds it."""

import torch
from torch import Tensor

ROWS = 4096  # looked at together: the whole would take memory of its own


def first_bad(x: Tensor) -> tuple[int, ...] | None:
    """The index of the first NaN or infinity in x (N, ...), or None; whole numbers have none."""
    if not x.is_floating_point():
        return None
    for start in range(0, len(x), ROWS):
        bad = ~torch.isfinite(x[start : start + ROWS])
        if bad.any():
            row, *place = bad.nonzero()[0].tolist()
            return (start + row, *place)
    return None


def non_finite(x: Tensor, thing: str) -> str:
    """What is wrong with x (N, ...), whose rows are each a `thing`, as half a sentence; nothing where all is finite."""
    index = first_bad(x)
    if index is None:
        return ""
    row, *place = index
    at = "" if not place else f" in column {place[0]}" if len(place) == 1 else f" at pixel {tuple(place)}"
    return f"{thing} {row} (counted from 0) holds {x[index].item():g}{at}, which is not a finite number"
