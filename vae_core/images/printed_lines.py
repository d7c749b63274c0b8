"""Removal of the printed lines of paper: ruled, squared, and margins.

A printed line is thin, straight, and goes through most of the picture, which no stroke of a digit does. Lines of one direction are
looked for in a copy of the picture that is rotated so that they are horizontal.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vae_core.images.background import Floats

SMALLEST = 64  # pixels of the shorter side below which a picture is not looked at
DIRECTIONS = (
    6  # at most so many directions: two for squared paper, one for a margin, and some for lines that are not parallel
)
MISSES = 1  # directions without a line, which straight strokes have, after which no others are looked at
INK = 0.04  # a pixel with more ink may belong to a line
BLOCK = 8  # pixels along a line that are averaged
PIECE = 0.4  # of the picture's width: within a piece of this length a line is straight
COVERED = 0.65  # of the blocks of a piece that have ink
LONG = 0.6  # of the picture's width: shorter lines are strokes
THICK = 1 / 35  # of the picture's shorter side: thicker lines are no printed lines


def without_printed_lines(ink: Floats) -> Floats:
    """Ink (H, W) in [0, 1] without printed lines; where a stroke crosses a line it stays connected."""
    lines, angles, missed = np.zeros_like(ink), np.arange(-45.0, 135.0), 0
    for _ in range(DIRECTIONS if min(ink.shape) >= SMALLEST else 0):
        rest = np.where(lines > 0, 0, ink)
        angle = angles[_scores(rest, angles).argmax()]
        found = _lines(rest, _refined(rest, angle))
        missed = 0 if found.any() else missed + 1
        if missed > MISSES:
            break
        lines = np.maximum(lines, found)
        angles = angles[abs((angles - angle + 90) % 180 - 90) >= 2]
    return _erased(ink, lines) if lines.any() else ink


def _refined(ink: Floats, angle: float) -> float:
    near = angle + np.arange(-1.0, 1.01, 0.1)
    return float(near[_scores(ink, near).argmax()])


def _scores(ink: Floats, angles: NDArray[np.float64]) -> NDArray[np.float64]:
    """For each angle how unevenly the ink is distributed over parallel lines."""
    from scipy import ndimage

    rows, columns = np.nonzero(ink > INK)
    step = 1 + len(rows) // 6000
    rows, columns = rows[::step].astype(np.float32), columns[::step].astype(np.float32)
    scores = []
    for angle in np.deg2rad(angles):
        across = rows * np.cos(angle) - columns * np.sin(angle) + sum(ink.shape)
        counts = np.bincount(across.astype(np.int32), minlength=9).astype(np.float64)
        scores.append(np.square((counts - ndimage.uniform_filter1d(counts, 9)).clip(0)).sum())
    return np.array(scores)


def _lines(ink: Floats, angle: float) -> Floats:
    """The ink of the printed lines at each of their pixels, 0 elsewhere (H, W), for lines at `angle` degrees."""
    from scipy import ndimage

    side = BLOCK * (int(np.hypot(*ink.shape)) // BLOCK + 1)
    inside = _blocks(_turned(np.ones_like(ink), angle, (side, side)))
    level = _blocks(ndimage.maximum_filter1d(_turned(ink, angle, (side, side)), 3, axis=0)) / np.maximum(inside, 0.5)
    seen = inside > 0.5
    piece = max(3, round(PIECE * min(ink.shape) / BLOCK))
    dark, all_of_it = (
        ndimage.uniform_filter1d(blocks.astype(np.float32), piece, axis=1, mode="constant")
        for blocks in (seen & (level > INK), seen)
    )
    broad = seen.sum(1)
    parts, _ = ndimage.label(seen & (dark > COVERED * all_of_it), np.ones((3, 3)))
    found = np.zeros_like(level)
    for part, box in enumerate(ndimage.find_objects(parts), 1):
        length, mine = box[1].stop - box[1].start, parts[box] == part
        if length >= LONG * broad[box[0]].max() and mine.sum() <= length * max(6, THICK * min(ink.shape)):
            found[box][mine] = np.median(level[box][mine])
    return _turned(np.asarray(found.repeat(BLOCK, 1), np.float32), -angle, ink.shape)


def _erased(ink: Floats, lines: Floats) -> Floats:
    """Ink without the lines: darker or thicker strokes on them are kept, and strokes that end at both sides of a line are joined."""
    from scipy import ndimage

    on_line = lines > 0.01
    thick = ndimage.grey_opening(ink, size=7)
    rest = np.where(on_line & (ink < 1.3 * lines + 0.15), np.where(on_line, thick, 0), ink)
    down, over = np.mgrid[-4:5, -4:5]
    joined = ndimage.grey_closing(rest, footprint=down**2 + over**2 <= 18)
    return np.where(on_line, joined, rest)


def _blocks(picture: Floats) -> Floats:
    return picture.reshape(len(picture), -1, BLOCK).mean(2)


def _turned(picture: Floats, angle: float, shape: tuple[int, ...]) -> Floats:
    """The picture in the middle of one of that shape, rotated so that what is at `angle` degrees downwards becomes horizontal."""
    (high, wide), (tall, broad) = picture.shape, shape
    cos, sin = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    across = (cos, -sin, wide / 2 - cos * broad / 2 + sin * tall / 2)
    down = (sin, cos, high / 2 - sin * broad / 2 - cos * tall / 2)
    turned = Image.fromarray(picture).transform(
        (broad, tall), Image.Transform.AFFINE, (*across, *down), Image.Resampling.BILINEAR
    )
    return np.asarray(turned)
