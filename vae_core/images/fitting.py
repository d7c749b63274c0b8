"""An object on an even background is cropped, thickened and centred as a data set's images are."""

import numpy as np
from PIL import Image

from vae_core.images.background import Floats, corners
from vae_core.images.styles import Style
from vae_core.utils.arrays import UInt8

FAINT = 24  # grey levels of contrast below which an image counts as empty


def cropped(picture: UInt8, style: Style) -> UInt8:
    """A square around the object, which fills `style.fill` of it; strokes thinner than usual are thickened."""
    rim = 0.35 if style.stroke and min(picture.shape[:2]) >= 64 else 0.0  # strokes of large pictures have blurred edges
    box = _bounding_box(picture, rim)
    if box is None:
        return picture
    fill = style.fill or 1.0
    if style.stroke and picture.ndim == 2:
        picture = _thickened(picture, style.stroke * max(box[1] - box[0], box[3] - box[2]) / fill)
        box = _bounding_box(picture, rim) or box
    top, bottom, left, right = box
    height, width = bottom - top, right - left
    side = max(1, round(max(height, width) / fill))
    square = np.empty((side, side, *picture.shape[2:]), np.uint8)
    square[:] = np.median(corners(picture), 0)
    down, over = (side - height + 1) // 2, (side - width + 1) // 2
    square[down : down + height, over : over + width] = picture[top:bottom, left:right]
    return square


def _thickened(picture: UInt8, wanted: float) -> UInt8:
    from scipy import ndimage

    foreground = picture > 127
    rim = foreground.sum() - ndimage.binary_erosion(foreground).sum()
    width = 2 * foreground.sum() / max(1, rim)
    missing = round(wanted - width)
    return (
        ndimage.maximum_filter(np.pad(picture, missing), missing) if width < 0.75 * wanted and missing > 1 else picture
    )


def centred(picture: UInt8, target: float) -> UInt8:
    """The picture moved by whole pixels, so that the centre of mass is at `target` of height and width, without cutting the object."""
    box = _bounding_box(picture)
    if box is None:
        return picture
    background = np.median(corners(picture), 0)
    mass = _foreground(picture)
    moved = np.empty_like(picture)
    moved[:] = background
    (height, width), (top, bottom, left, right) = picture.shape[:2], box
    row, column = ((mass.sum(axis) @ np.arange(n)) / mass.sum() for axis, n in ((1, height), (0, width)))
    down = int(np.clip(round(height * target - 0.5 - row), -top, height - bottom))
    over = int(np.clip(round(width * target - 0.5 - column), -left, width - right))
    moved[top + down : bottom + down, left + over : right + over] = picture[top:bottom, left:right]
    return moved


def _foreground(picture: UInt8) -> Floats:
    """The absolute difference of each pixel from the background (H, W), 0 where it may be noise."""
    grey = np.asarray(Image.fromarray(picture).convert("L"), np.float32)
    edge = corners(grey)
    distance = abs(grey - np.median(edge))
    spread = float(np.median(abs(edge - np.median(edge))))
    return np.where(distance > FAINT / 2 + 6 * spread, distance, 0)


def _bounding_box(picture: UInt8, rim: float = 0.0) -> tuple[int, int, int, int] | None:
    """Top, bottom, left and right (exclusive) of the pixels above `rim` of the maximal contrast; None for an empty picture."""
    foreground = _foreground(picture)
    foreground = foreground > rim * foreground.max()
    rows, columns = (np.flatnonzero(foreground.any(axis)) for axis in (1, 0))
    return (int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1) if len(rows) else None
