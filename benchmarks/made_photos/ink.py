"""A digit as a mask of ink at the resolution of a photograph, from a picture of 28 x 28 pixels."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from vae_core.utils.arrays import UInt8

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

FINE = 6  # pixels of the thinned digit for each pixel of the picture
AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # the neighbours of a pixel, clockwise


def ink_mask(digit: UInt8, height: int, pen: float, angle: float = 0.0) -> Floats:
    """The strokes of a digit (28, 28) in [0, 1], `height` pixels high, rotated by `angle` degrees.

    `pen` is the width of the strokes in shares of `height`: pens on paper are thinner than the strokes of MNIST.
    """
    rows, columns = (np.flatnonzero((digit > 60).any(axis)) for axis in (1, 0))
    box = np.pad(digit[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 1)
    fine = Image.fromarray(box).resize((FINE * box.shape[1], FINE * box.shape[0]), Image.Resampling.BICUBIC)
    path = np.argwhere(_thinned(np.asarray(fine) > 110)) - FINE
    scale = height * (1 - pen) / (FINE * (box.shape[0] - 2))
    margin = round(height * pen / 2) + 3
    size = [round(scale * FINE * (side - 2)) + 2 * margin for side in box.shape]
    away = np.ones(size, np.float32)
    down, over = (np.rint(scale * path) + margin).astype(int).clip(0, np.subtract(size, 1)).T
    away[down, over] = 0
    strokes = (height * pen / 2 + 0.5 - ndimage.distance_transform_edt(away)).clip(0, 1)
    turned = Image.fromarray(strokes.astype(np.float32)).rotate(angle, Image.Resampling.BICUBIC, expand=True)
    return np.asarray(ndimage.gaussian_filter(np.asarray(turned, np.float32), 1).clip(0, 1))


def _thinned(strokes: Mask) -> Mask:
    """The middle lines of strokes, connected as the strokes are (Zhang and Suen 1984, Communications of the ACM 27(3))."""
    strokes, gone = np.pad(strokes, 1), True
    while gone:
        gone = False
        for first in (True, False):
            near = [np.roll(strokes, (-down, -over), (0, 1)) for down, over in AROUND]
            count = np.sum(near, 0)
            changes = np.sum([~a & b for a, b in zip(near, near[1:] + near[:1], strict=True)], 0)
            north, east, south, west = near[::2]
            free = ~(east & south & (north | west)) if first else ~(north & west & (east | south))
            peel = strokes & (count >= 2) & (count <= 6) & (changes == 1) & free
            strokes = strokes & ~peel
            gone |= bool(peel.any())
    return strokes[1:-1, 1:-1]
