"""MEASURED: properties of a picture that are measured on its pixels: ink, slant, width and height.

All are moments of the ink: how far each pixel is from the background, the most frequent level at the border of all pictures. So dark
drawings on white are measured as light ones on black.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae_core.messages import Message

Ink = NDArray[np.float64]  # (N, H, W), 0 on the background
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Measured:
    """A property by the name that people see, its unit, and its values (N,) from the ink (N, H, W); NaN for a picture without ink."""

    title: Message
    unit: Message
    of: Callable[[Ink], Values]


def ink(x: NDArray[np.generic]) -> Ink:
    """Pictures (N, C, H, W), uint8 or floats in [0, 1] -> how far each pixel is from the background, the mean over the channels."""
    levels = np.asarray(x, np.float64) / (255 if x.dtype == np.uint8 else 1)
    return np.abs(levels - _background(levels)).mean(1)


def _background(levels: Values) -> Values:
    """The most frequent level of each channel at the border, (C, 1, 1), in steps of a grey level."""
    edges = (levels[:, :, 0], levels[:, :, -1], levels[:, :, :, 0], levels[:, :, :, -1])
    border = np.rint(255 * np.concatenate(edges, 2)).astype(np.int64).clip(0, 255)
    found = [np.bincount(border[:, c].ravel(), minlength=256).argmax() / 255 for c in range(levels.shape[1])]
    return np.reshape(found, (-1, 1, 1))


def _amount(of: Ink) -> Values:
    return 100 * of.mean((1, 2))


def _slant(of: Ink) -> Values:
    """The angle of the line that is fitted to the ink by its distance across, in degrees; upright is 0, leaning right is positive."""
    across, down = _offsets(of)
    return np.degrees(np.arctan2(-_mean(of, across * down), _mean(of, down**2)))


def _width(of: Ink) -> Values:
    return _side(_mean(of, _offsets(of)[0] ** 2))


def _height(of: Ink) -> Values:
    return _side(_mean(of, _offsets(of)[1] ** 2))


def _side(variance: Values) -> Values:
    """The side of an evenly inked bar of so many whole pixels that has this variance."""
    return np.sqrt(12 * variance + 1)


def _offsets(of: Ink) -> tuple[Ink, Ink]:
    """How far each pixel is from the middle of the ink: (N, 1, W) across and (N, H, 1) down."""
    across, down = (
        np.arange(of.shape[2], dtype=float)[None, None, :],
        np.arange(of.shape[1], dtype=float)[None, :, None],
    )
    return across - _mean(of, across)[:, None, None], down - _mean(of, down)[:, None, None]


def _mean(of: Ink, values: Ink) -> Values:
    """The mean of values, which spread to (N, H, W), over the ink of each picture."""
    total = of.sum((1, 2))
    with np.errstate(invalid="ignore"):
        return np.asarray((of * values).sum((1, 2)) / np.where(total > 0, total, np.nan))


MEASURED = {
    "ink": Measured(Message("ink"), Message("% of the picture"), _amount),
    "slant": Measured(Message("slant"), Message("degrees"), _slant),
    "width": Measured(Message("width"), Message("pixels"), _width),
    "height": Measured(Message("height"), Message("pixels"), _height),
}
