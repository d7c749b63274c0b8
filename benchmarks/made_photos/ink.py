"""A digit as a mask of ink at the resolution of a photograph, from the path of a pen."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from benchmarks.made_photos.strokes import Path

Floats = NDArray[np.float32]


def ink_mask(path: Path, height: int, pen: float, angle: float = 0.0) -> Floats:
    """The strokes in [0, 1], `height` pixels high, rotated by `angle` degrees.

    `pen` is the width of the strokes in shares of `height`: pens on paper are thinner than the strokes of MNIST.
    """
    margin, scale = round(height * pen / 2) + 3, height * (1 - pen)
    points = np.rint(scale * path).astype(int) + margin
    away = np.ones(points.max(0) + margin + 1, np.float32)
    away[points[:, 0], points[:, 1]] = 0
    strokes = (height * pen / 2 + 0.5 - ndimage.distance_transform_edt(away)).clip(0, 1)
    turned = Image.fromarray(strokes.astype(np.float32)).rotate(angle, Image.Resampling.BICUBIC, expand=True)
    return np.asarray(ndimage.gaussian_filter(np.asarray(turned, np.float32), 1).clip(0, 1))
