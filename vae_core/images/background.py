"""Ink and paper: whether the background is light, and how much of each pixel is covered with ink.

scipy is imported inside functions here and in the other files on pictures: its import takes 0.2 s, and a training worker imports
these files without using scipy.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vae_core.utils.arrays import UInt8

Floats = NDArray[np.float32]

WIDEST, NARROWEST = 6, 20  # windows in such shares of the picture's shorter side: no stroke is wider than the first
BROAD = 0.12  # of the side: strokes of drawings that are usually wider may fill a third of the picture
EDGE = 24  # in such a share of the picture's shorter side around a shadow, what is no darker than the shadow is no ink
GRAIN = 0.8  # pixels: a photograph is smoothed by so much against the camera's noise
DARKEST = 0.2  # of full brightness: on darker paper noise would look like ink
NOISE = 0.04  # share of ink that the texture of paper looks like
LONGEST = 512  # pixels of the longer side at which the ink of a photograph is looked for: it takes a quarter of the time of 1024


def light_background(picture: UInt8, strokes: bool) -> bool:
    """Whether the background is lighter than the object: by the corners; for strokes by the most frequent level, or in a photograph by
    what differs from its surroundings.
    """
    grey = lightness(picture)
    if strokes and not has_one_background(picture):
        return _has_dark_strokes(np.asarray(Image.fromarray(grey).reduce(max(1, max(grey.shape) // 256))))
    background = np.bincount(np.rint(grey).astype(int).ravel()).argmax() if strokes else np.median(corners(grey))
    return bool(grey.mean() < background if grey.min() < grey.max() else background > 127)


def _has_dark_strokes(grey: Floats) -> bool:
    """Whether what differs from most of its surroundings is dark, without wide structures such as shadows; contrasts are ratios."""
    from scipy import ndimage

    median = np.median(grey)
    likely = 4 if median > 127 else 1 / 4 if median < 50 else 1  # dark strokes on dark are rare, and light on light
    grey = np.log(grey + 8)  # near black a ratio would be noise
    tiny = np.asarray(Image.fromarray(grey).reduce(max(1, max(grey.shape) // 64)))
    usual = ndimage.median_filter(tiny, max(3, min(tiny.shape) // 3))
    darker = np.asarray(Image.fromarray(usual).resize(grey.shape[::-1], Image.Resampling.BILINEAR)) - grey
    window = max(3, min(grey.shape) // 6)
    dark = np.minimum(darker, ndimage.black_tophat(grey, window)).clip(0)
    light = np.minimum(-darker, ndimage.white_tophat(grey, window)).clip(0)
    return bool(likely * (dark**3).sum() > (light**3).sum())


def object_on_black(picture: UInt8) -> UInt8:
    """A light object (H, W) on a dark background of one level -> the same on black."""
    level = _level(picture)
    return np.rint(255 * _in_drawing(level, np.median(corners(level), keepdims=True))).astype(np.uint8)


def ink_cover(picture: UInt8, drawn: bool, stroke: float) -> Floats:
    """Light strokes (H, W) or (H, W, 3) on a dark background -> the share of each pixel that is covered with ink (H, W).

    `stroke` is the usual stroke width of the data set, in shares of the picture's side.

    Illumination multiplies paper and ink alike, so with paper level p and pixel level v in a photograph the ink covers (p - v) / p;
    here v and p are those of the negative. Each colour has its own paper level, and the one with the most ink counts: yellow ink is
    seen in blue light. A photograph, which is not `drawn`, comes back with about LONGEST pixels on its longer side.
    """
    if not drawn:
        picture = np.asarray(Image.fromarray(picture).reduce(max(1, round(max(picture.shape[:2]) / LONGEST))))
    planes = [picture]
    if picture.ndim == 3:
        planes = [*np.moveaxis(picture, -1, 0), np.asarray(Image.fromarray(picture).convert("L"))]
    if not drawn:
        return _photographed_cover(planes)
    share = 1 / 3 if stroke < BROAD else 1.0
    return np.asarray(np.max([_drawn_cover(_level(plane), share) for plane in planes], 0))


def has_one_background(picture: UInt8) -> bool:
    """Whether the background has exactly one level, as in a drawing that a program made.

    That level then has many pixels, also at the picture's edge, and the levels next to it have few. In a photograph the levels
    differ because of light and noise.
    """
    grey = np.asarray(Image.fromarray(picture).convert("L"))
    counts = np.bincount(grey.ravel(), minlength=256)
    level = int(counts.argmax())
    near = counts[max(0, level - 1) : level + 2].sum() - counts[level]
    at_edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]) == level
    return bool(counts[level] >= counts.sum() / 8 and counts[level] > 5 * near and at_edge.mean() >= 1 / 4)


def _drawn_cover(level: Floats, share: float) -> Floats:
    """The share of ink in a drawing; its background is what is left without structures narrower than such a share of it."""
    from scipy import ndimage

    small = np.asarray(Image.fromarray(level).reduce(max(1, max(level.shape) // 128)))
    opened = ndimage.grey_opening(small, size=max(5, int(min(small.shape) * share)))
    return _in_drawing(level, np.asarray(Image.fromarray(opened).resize(level.shape[::-1], Image.Resampling.BILINEAR)))


def _in_drawing(level: Floats, background: Floats) -> Floats:
    """The share of ink on the background, above the noise in the corners."""
    cover = ((level - background) / np.maximum(1 - background, 1 / 255)).clip(0, 1)
    corner = corners(cover)
    noise = np.median(corner) + 6 * np.median(abs(corner - np.median(corner)))
    return _above(cover, min(noise, 0.25))  # a larger value means that the object covers the corners


def _photographed_cover(planes: list[UInt8]) -> Floats:
    """The paper is looked for twice: the second time with a window as narrow as the strokes allow, which shadows seldom fit into."""
    from scipy import ndimage

    levels = [ndimage.gaussian_filter(_level(plane), GRAIN) for plane in planes]
    shortest = min(levels[0].shape)
    ink = _ink(levels, shortest // WIDEST)
    strokes = 2 * ndimage.distance_transform_edt(ink > 0.7 * np.percentile(ink, 99.9)).max()
    window = max(shortest // NARROWEST, round(1.3 * strokes) + 4)
    return _ink(levels, window) if window < 0.7 * shortest / WIDEST else ink


def _ink(levels: list[Floats], window: int) -> Floats:
    """The most that any colour shows of ink in strokes narrower than the window."""
    covers = []
    for level in levels:
        paper = _paper(level, max(5, window))
        cover = ((level - paper) / np.maximum(1 - paper, DARKEST)).clip(0, 1)
        covers.append(
            _above(cover, max(NOISE, 5 * np.percentile(cover, 40)))
        )  # ink and printed lines cover less than the other 60 %
    return np.asarray(np.max(covers, 0))


def _paper(level: Floats, window: int) -> Floats:
    """The background with the edges of shadows, without structures narrower than the window."""
    from scipy import ndimage

    opened = ndimage.grey_opening(level, size=window, mode="nearest")
    near = ndimage.maximum_filter(opened, max(3, min(level.shape) // EDGE))
    return np.asarray(np.minimum(level, near))  # the wedges that opening cuts off at bends of a shadow's edge


def _level(plane: UInt8) -> Floats:
    return np.asarray(plane, np.float32) / np.float32(255)


def _above(cover: Floats, noise: float) -> Floats:
    return np.asarray(((cover - noise) / max(1 - noise, 1 / 255)).clip(0, 1), np.float32)


def lightness(picture: UInt8) -> Floats:
    """The mean of the strongest and the weakest colour of each pixel: yellow is darker than paper and lighter than a board."""
    if picture.ndim == 2:
        return picture.astype(np.float32)
    planes = [np.asarray(plane) for plane in Image.fromarray(picture).split()]
    return (np.maximum.reduce(planes).astype(np.float32) + np.minimum.reduce(planes)) / 2


def corners(picture: NDArray[Any]) -> NDArray[Any]:
    """The pixels of the four corners, each an eighth of the side: (N,) or (N, 3)."""
    high, wide = (max(1, n // 8) for n in picture.shape[:2])
    rows, columns = np.r_[:high, -high:0], np.r_[:wide, -wide:0]
    return picture[rows][:, columns].reshape(-1, *picture.shape[2:])
