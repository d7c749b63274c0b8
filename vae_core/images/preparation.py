"""Preparation of a person's picture as a model's input: grey, invert, crop, centre, resize; each step can be shown and switched off.

A model expects images like those of its training set. MNIST's digits are white on black, 20 pixels large, with their centre of mass in
the middle of 28 x 28 pixels (LeCun et al. 1998), so a photograph of a digit on paper must be converted to such an image first.

scipy is imported inside functions: its import takes 0.2 s, and a training worker imports this file without using scipy.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from vae_core.messages import Message
from vae_core.utils.arrays import UInt8

Floats = NDArray[np.float32]

UNEVEN = 6  # grey levels between the 10 % and 90 % quantiles of the corners above which a background is uneven
FAINT = 24  # grey levels of contrast below which an image counts as empty


@dataclass(frozen=True)
class Preparation:
    """Which steps to apply; None: decided from the picture and the data set."""

    grey: bool | None = None
    invert: bool | None = None
    crop: bool | None = None
    centre: bool | None = None


@dataclass(frozen=True)
class PreparationStep:
    """The picture after one step, uint8 (H, W) or (H, W, 3); `done` is False where the step was skipped."""

    name: str
    title: Message
    picture: UInt8
    done: bool = True


@dataclass(frozen=True)
class Style:
    """The look of a data set's images; lengths are fractions of the image's side.

    `on_black`: light objects on black; otherwise pictures are not changed. `fill`: the longest side of the object, 0 where size and
    position are factors of the data and are kept. `stroke`: the usual stroke width, 0 for objects without strokes. `mass`: the position
    of the centre of mass, None where the bounding box is centred instead.
    """

    on_black: bool = False
    fill: float = 0.0
    stroke: float = 0.0
    mass: float | None = None


STYLES: dict[str, Style] = {
    "digits": Style(on_black=True, fill=1.0, stroke=0.16),
    "mnist": Style(on_black=True, fill=20 / 28, stroke=0.085, mass=14.5 / 28),
    "fashion-mnist": Style(on_black=True, fill=1.0),
    "kmnist": Style(on_black=True, fill=1.0, stroke=0.085),
    "shapes": Style(on_black=True),
}


def prepare(
    image: Image.Image, shape: tuple[int, ...], steps: Preparation | None = None, dataset: str = "mnist"
) -> tuple[UInt8, list[PreparationStep]]:
    """The picture (mode L or RGB) as a model's input uint8 (C, H, W), and the picture after each of the five steps.

    By default it becomes grey for models with one channel. For a data set of light objects on black it is inverted if the background
    is lighter than the object, paper and shadows are removed, and it is cropped and centred like that data set's images; a picture of
    the model's size with a dark background is not changed. For other data sets the middle square is resized, as for training.
    """
    (channels, height, width), steps, style = shape, steps or Preparation(), STYLES.get(dataset, Style())
    grey = _choose(steps.grey, channels == 1)
    picture = np.asarray(image.convert("L" if grey else "RGB"))
    light = light_background(picture, style.stroke > 0)
    automatic = style.on_black and (light or image.size != (width, height))
    steps_taken = [PreparationStep("grey", Message("Grey") if grey else Message("Colours kept"), picture, grey)]

    invert = _choose(steps.invert, style.on_black and light)
    picture = 255 - picture if invert else picture
    if automatic and grey and invert == light:
        picture = remove_background(picture, style.stroke > 0)
    steps_taken.append(
        PreparationStep(
            "invert", Message("Inverted: light on dark") if invert else Message("Not inverted"), picture, invert
        )
    )

    crop = _choose(steps.crop, automatic and style.fill > 0)
    picture = _cropped(picture, style) if crop else picture
    steps_taken.append(
        PreparationStep("crop", Message("Cropped to what is drawn") if crop else Message("Not cropped"), picture, crop)
    )

    centre = _choose(steps.centre, automatic and style.mass is not None)
    picture = _centred(picture, style.mass or 0.5) if centre else picture
    steps_taken.append(
        PreparationStep(
            "centre", Message("Centre of mass in the middle") if centre else Message("Not moved"), picture, centre
        )
    )

    small = ImageOps.fit(Image.fromarray(picture), (width, height), Image.Resampling.BICUBIC)
    final = np.asarray(small.convert("L" if channels == 1 else "RGB"))
    if automatic and style.stroke and final.max() >= FAINT:
        final = np.rint(final * (255 / final.max())).astype(np.uint8)
    steps_taken.append(
        PreparationStep("resize", Message("Resized to {width} x {height}", width=width, height=height), final)
    )
    return np.ascontiguousarray(np.moveaxis(np.atleast_3d(final), -1, 0)), steps_taken


def light_background(picture: UInt8, strokes: bool) -> bool:
    """Whether the background is lighter than the object: by the corners, or for strokes on an uneven background by fine detail."""
    from scipy import ndimage

    grey = _grey(picture)
    corners = _corners(grey)
    low, background, high = np.percentile(corners, (10, 50, 90))
    if not strokes or high - low < UNEVEN:
        return bool(grey.mean() < background if grey.min() < grey.max() else background > 127)
    small = _reduced(grey)
    detail = small - ndimage.uniform_filter(small, max(3, min(small.shape) // 4))
    return bool((detail**3).mean() < 0)  # ink covers few pixels with high contrast, shadows many with low contrast


def remove_background(picture: UInt8, strokes: bool) -> UInt8:
    """Light objects (H, W) on a dark, uneven background -> the same on black.

    Illumination multiplies paper and ink alike, so with paper level p and pixel level v the ink covers (p - v) / p. For strokes, the
    paper level is estimated at each pixel (structures wider than a third of the picture), ink is scaled to full contrast, and specks
    and the paper's edges are removed; for other objects the background level is that of the corners.
    """
    level = _grey(picture) / np.float32(255)
    background = _paper_level(level) if strokes else np.median(_corners(level))
    ink = ((level - background) / np.maximum(1 - background, 1 / 255)).clip(0, 1)
    edge = _corners(ink)
    noise = float(np.median(edge) + 6 * np.median(abs(edge - np.median(edge))))
    noise = min(noise, 0.25)  # a larger value means that the object covers the corners
    ink = ((ink - noise) / max(1 - noise, 1 / 255)).clip(0, 1)
    if strokes and ink.any():
        strong = ink[ink > ink.max() / 2]
        ink = _without_specks((ink / np.percentile(strong, 90)).clip(0, 1))
    return np.rint(255 * ink).astype(np.uint8)


def _paper_level(level: Floats) -> Floats:
    from scipy import ndimage

    small = _reduced(level)
    opened = ndimage.grey_opening(small, size=max(5, min(small.shape) // 3))
    return np.asarray(Image.fromarray(opened).resize(level.shape[::-1], Image.Resampling.BILINEAR))


def _without_specks(ink: Floats) -> Floats:
    """Only the connected parts with much ink; parts at the edge only if they touch it briefly and no large part lies inside."""
    from scipy import ndimage

    parts, count = ndimage.label(ink > 0.08, np.ones((3, 3)))
    weights = ndimage.sum_labels(ink, parts, np.arange(count + 1))
    weights[0] = 0
    touching = np.bincount(np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]]), minlength=count + 1)
    short, inside = (np.where(touching <= most, weights, 0) for most in (0.3 * min(ink.shape), 0))
    weights = short if short.any() else weights
    weights = inside if inside.max() >= 0.15 * weights.max() else weights
    return np.where((weights >= 0.05 * weights.max())[parts], ink, 0)


def _cropped(picture: UInt8, style: Style) -> UInt8:
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
    square[:] = np.median(_corners(picture), 0)
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


def _centred(picture: UInt8, target: float) -> UInt8:
    """The picture moved by whole pixels, so that the centre of mass is at `target` of height and width, without cutting the object."""
    box = _bounding_box(picture)
    if box is None:
        return picture
    background = np.median(_corners(picture), 0)
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
    grey = _grey(picture)
    edge = _corners(grey)
    distance = abs(grey - np.median(edge))
    spread = float(np.median(abs(edge - np.median(edge))))
    return np.where(distance > FAINT / 2 + 6 * spread, distance, 0)


def _bounding_box(picture: UInt8, rim: float = 0.0) -> tuple[int, int, int, int] | None:
    """Top, bottom, left and right (exclusive) of the pixels above `rim` of the maximal contrast; None for an empty picture."""
    foreground = _foreground(picture)
    foreground = foreground > rim * foreground.max()
    rows, columns = (np.flatnonzero(foreground.any(axis)) for axis in (1, 0))
    return (int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1) if len(rows) else None


def _corners(picture: NDArray[Any]) -> NDArray[Any]:
    """The pixels of the four corners, each an eighth of the side: (N,) or (N, 3)."""
    high, wide = (max(1, n // 8) for n in picture.shape[:2])
    rows, columns = np.r_[:high, -high:0], np.r_[:wide, -wide:0]
    return picture[rows][:, columns].reshape(-1, *picture.shape[2:])


def _grey(picture: UInt8) -> Floats:
    return np.asarray(Image.fromarray(picture).convert("L"), np.float32)


def _reduced(grey: Floats, longest: int = 128) -> Floats:
    factor = max(1, max(grey.shape) // longest)
    return np.asarray(Image.fromarray(grey).reduce(factor))


def _choose(choice: bool | None, automatic: bool) -> bool:
    return automatic if choice is None else choice
