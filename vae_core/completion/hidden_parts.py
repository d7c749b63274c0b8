"""HIDDEN_PARTS: which pixels of a picture are hidden, by a name; and a mask that a person gives, checked."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError, entry
from vae_core.messages import Message

Hidden = NDArray[np.bool_]  # True for what is hidden


def _lower_half(height: int, width: int) -> Hidden:
    return np.arange(height)[:, None] + np.zeros(width) >= height // 2


def _right_half(height: int, width: int) -> Hidden:
    return np.zeros((height, 1)) + np.arange(width) >= width // 2


def _three_quarters(height: int, width: int) -> Hidden:
    """All but the upper left quarter."""
    return _lower_half(height, width) | _right_half(height, width)


HIDDEN_PARTS: dict[str, Callable[[int, int], Hidden]] = {
    "lower-half": _lower_half,
    "right-half": _right_half,
    "three-quarters": _three_quarters,
}


def hidden_part(name: str, height: int, width: int) -> Hidden:
    """The hidden pixels (H, W) by one of the names of HIDDEN_PARTS; raises UserError for another name."""
    return entry(HIDDEN_PARTS, name, Message("hidden part"))(height, width)


def check_masks(masks: NDArray[np.generic], count: int, height: int, width: int) -> Hidden:
    """Masks of pictures as True for what is hidden, (N, 1, H, W): one for each picture, or one for all, each (H, W).

    Any number but 0 hides a pixel. Raises UserError for other sizes, and for a picture of which nothing is hidden, or all.
    """
    if masks.dtype.kind not in "biuf" or masks.shape not in ((height, width), (count, height, width)):
        raise UserError(
            "The mask has the shape {shape}: give one of {height} x {width} numbers for all pictures, or one for each of the "
            "{count:,} pictures, with 0 for what is visible.",
            shape=" x ".join(map(str, masks.shape)),
            height=height,
            width=width,
            count=count,
        )
    hidden = np.broadcast_to(masks != 0, (count, height, width))
    amounts = hidden.sum((1, 2))
    if (amounts == 0).any() or (amounts == height * width).any():
        raise UserError(
            "Of picture {number} (counted from 0) nothing is hidden, or nothing visible: the mask needs both.",
            number=int(((amounts == 0) | (amounts == height * width)).argmax()),
        )
    return hidden[:, None]
