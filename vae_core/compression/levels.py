"""Which values the pixels of pictures may have for a model, and those values as levels from 0."""

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError
from vae_core.utils.arrays import UInt8


def levels_of(pictures: NDArray[np.generic], shape: tuple[int, ...], count: int) -> tuple[UInt8, int]:
    """Pictures (N, *shape) as `count` levels from 0, and the value of the highest level in them.

    A model of two levels takes pixels that are 0 and 255, or 0 and 1. Raises UserError for pictures of another shape, or other values.
    """
    if pictures.dtype != np.uint8 or pictures.shape[1:] != shape or not len(pictures):
        raise UserError(
            "The model compresses pictures of whole numbers from 0 to 255 and the shape {wanted}, not of the shape {given}.",
            wanted=_written(shape),
            given=_written(pictures.shape[1:]),
        )
    highest = count - 1
    top = int(pictures.max()) if highest == 1 and pictures.max() == 1 else 255
    step = top // highest
    levels = pictures // step
    if highest == 1 and not ((pictures == 0) | (pictures == top)).all():
        raise UserError(
            "The model compresses pictures of black and white only, and these have grey levels: make them black and white first."
        )
    return levels.astype(np.uint8), top


def black_and_white(pictures: UInt8) -> UInt8:
    """Pictures whose pixels are 0 where they were at most 127, else 255."""
    return np.where(pictures > 127, np.uint8(255), np.uint8(0))


def _written(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
