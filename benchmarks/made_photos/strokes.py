"""Digits as paths of a pen: drawn by the strokes below, each time by another hand, or read from pictures of 28 x 28 pixels."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image
from scipy.interpolate import CubicSpline

from vae_core.utils.arrays import UInt8

Path = NDArray[np.float32]  # (N, 2): points of the strokes, down and right, densely; the digit is 1 high

# The ways to write each digit: for each stroke its points (right, down) in tenths of the height; smooth strokes are splines through
# them, and a point that is written twice is a corner.
WAYS: dict[int, tuple[tuple[tuple[tuple[float, float], ...], ...], ...]] = {
    0: ((((3, 0), (0.6, 2.2), (0, 5.5), (1.2, 9.2), (3.4, 10), (5.8, 7.6), (6, 4), (4.8, 0.8), (2.8, 0)),),),
    1: ((((2, 0), (1.6, 5), (1.2, 10)),), (((0, 2.4), (2.2, 0), (2.2, 0), (2, 5), (1.8, 10)),)),
    2: ((((0.4, 2.4), (2, 0.2), (4.8, 0.8), (5, 3.4), (2.6, 7.2), (0, 10), (0, 10), (3, 9.7), (6.4, 9.9)),),),
    3: ((((0.4, 1), (3, 0), (5, 1.8), (4.2, 4), (2.2, 4.8), (2.2, 4.8), (4.8, 5.8), (5, 8.4), (2.8, 10), (0, 9)),),),
    4: (
        (((1.2, 0), (0.4, 3.4), (0, 5.8), (0, 5.8), (3.2, 5.6), (6, 5.3)), ((4.9, 0.4), (4.4, 5), (4, 10))),
        (((4.4, 10), (4.6, 5), (4.8, 0), (4.8, 0), (2.2, 3.4), (0, 6.8), (0, 6.8), (3, 6.8), (6.4, 6.6)),),
    ),
    5: ((((1.2, 0), (0.9, 2), (0.6, 4.4), (0.6, 4.4), (3, 3.8), (5.2, 5.8), (4.6, 8.8), (2.2, 10), (0, 9.2)), ((1.2, 0), (5.6, 0.1))),),
    6: ((((4.2, 0), (1.6, 3), (0.2, 6.6), (1.4, 9.6), (3.8, 9.8), (5, 7.6), (3.6, 5.6), (1.6, 6.2), (0.5, 7.8)),),),
    7: ((((0, 0.4), (3, 0.3), (5.8, 0), (5.8, 0), (4, 4.4), (2.4, 10)),),),
    8: (
        (
            (
                (4.8, 1.6), (3, 0), (0.8, 1.4), (1.6, 3.8), (4, 5.6), (4.8, 8), (2.8, 10), (0.6, 8.4), (1.4, 6), (4, 3.8), (4.8, 1.6)
            ),
        ),
    ),
    9: ((((4.8, 1.8), (2.6, 0), (0.3, 1.8), (0.8, 4.4), (3, 4.8), (4.8, 2), (4.8, 2), (4.7, 6), (4.2, 10)),),),
}  # fmt: skip
AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))  # the neighbours of a pixel, clockwise
FINE = 6  # pixels of the thinned digit for each pixel of the picture


def drawn(rng: Generator, digit: int) -> Path:
    """A digit as another hand would write it: points a little elsewhere, wider or narrower, leaning."""
    ways = WAYS[digit]
    lean, width = rng.uniform(-0.1, 0.25), rng.uniform(0.85, 1.15)
    strokes = [_stroke(rng, np.array(points, np.float64) / 10) for points in ways[rng.integers(len(ways))]]
    path = np.concatenate(strokes)
    across, down = width * path[:, 0] + lean * (0.5 - path[:, 1]), path[:, 1]
    return _upright(np.stack([down, across], 1))


def _stroke(rng: Generator, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points along a stroke, 400 for each smooth part of it."""
    corners = np.flatnonzero((np.diff(points, axis=0) == 0).all(1)) + 1
    moved = points + rng.normal(0, 0.02, points.shape)
    moved[corners] = moved[corners - 1]
    return np.concatenate([_spline(part) for part in np.split(moved, corners)])


def _spline(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """A smooth line through the points."""
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    return np.asarray(CubicSpline(length, points)(np.linspace(0, length[-1], 400)))


def thinned(picture: UInt8) -> Path:
    """The middle lines of the strokes of a digit (28, 28) of light on dark, connected as the strokes are."""
    rows, columns = (np.flatnonzero((picture > 60).any(axis)) for axis in (1, 0))
    box = np.pad(picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 1)
    fine = Image.fromarray(box).resize((FINE * box.shape[1], FINE * box.shape[0]), Image.Resampling.BICUBIC)
    return _upright(np.argwhere(_skeleton(np.asarray(fine) > 110)).astype(np.float64))


def _upright(path: NDArray[np.float64]) -> Path:
    """The path from (0, 0) on, 1 high."""
    moved = path - path.min(0)
    return np.asarray(moved / moved[:, 0].max(), np.float32)


def _skeleton(strokes: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Strokes of one pixel's width (Zhang and Suen 1984, Communications of the ACM 27(3))."""
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
