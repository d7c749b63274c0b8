"""A person's picture -> a model's input, step by step: grey, invert, crop, centre, resize; each can be seen and switched.

A model knows pictures of one kind only. MNIST's digits are white ink on black, 20 pixels large, with their centre of mass in the
middle of 28 (LeCun et al. 1998); a photograph of a digit on paper has to become such a picture before a model can tell anything.

scipy is imported where it is used: it takes 0.2 s, and a training worker, which loads this file with the data sets, never needs it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

UInt8 = NDArray[np.uint8]
Floats = NDArray[np.float32]

UNEVEN = 6  # grey levels between the darkest and the lightest tenth of a ground that is not plain
FAINT = 24  # grey levels of contrast below which a picture is taken for empty


@dataclass(frozen=True)
class Preparation:
    """Which steps to take; None lets the picture and the data set decide."""

    grey: bool | None = None
    invert: bool | None = None
    crop: bool | None = None
    centre: bool | None = None


@dataclass(frozen=True)
class PreparationStep:
    """What one step made of the picture: uint8 (H, W) or (H, W, 3); `done` is False where the step was left out."""

    name: str
    title: str
    picture: UInt8
    done: bool = True


@dataclass(frozen=True)
class Style:
    """How the pictures of a data set look.

    `on_black`: light things on black; else pictures taken as they are. `fill`: longest side of the thing / side of the picture, 0 where
    size and place mean something and stay. `stroke`: usual width of a stroke / side of the picture, 0 for things that are not drawn.
    `mass`: where the centre of mass lies / side of the picture, None where the box around the thing is centred instead.
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
    """The picture (mode L or RGB) as a model's input uint8 (C, H, W), and what each of the five steps made of it.

    By default grey for models with one channel. For a data set of light things on black: inverted if the ground is lighter than
    what is on it, paper and shadows taken off, cropped and centred as that data set is; a picture that has the model's size and a
    dark ground already stays untouched. Anything else, a person's own pictures too: the middle, resized, as it was read for training.
    """
    (channels, height, width), steps, style = shape, steps or Preparation(), STYLES.get(dataset, Style())
    grey = _choose(steps.grey, channels == 1)
    picture = np.asarray(image.convert("L" if grey else "RGB"))
    light = light_background(picture, style.stroke > 0)
    automatic = style.on_black and (light or image.size != (width, height))
    steps_taken = [PreparationStep("grey", "Grey" if grey else "Colours kept", picture, grey)]

    invert = _choose(steps.invert, style.on_black and light)
    picture = 255 - picture if invert else picture
    if automatic and grey and invert == light:
        picture = remove_background(picture, style.stroke > 0)
    steps_taken.append(
        PreparationStep("invert", "Inverted: light on dark" if invert else "Not inverted", picture, invert)
    )

    crop = _choose(steps.crop, automatic and style.fill > 0)
    picture = _cropped(picture, style) if crop else picture
    steps_taken.append(PreparationStep("crop", "Cropped to what is drawn" if crop else "Not cropped", picture, crop))

    centre = _choose(steps.centre, automatic and style.mass is not None)
    picture = _centred(picture, style.mass or 0.5) if centre else picture
    steps_taken.append(
        PreparationStep("centre", "Centre of mass in the middle" if centre else "Not moved", picture, centre)
    )

    small = ImageOps.fit(Image.fromarray(picture), (width, height), Image.Resampling.BICUBIC)
    final = np.asarray(small.convert("L" if channels == 1 else "RGB"))
    if automatic and style.stroke and final.max() >= FAINT:
        final = np.rint(final * (255 / final.max())).astype(np.uint8)
    steps_taken.append(PreparationStep("resize", f"Resized to {width} x {height}", final))
    return np.ascontiguousarray(np.moveaxis(np.atleast_3d(final), -1, 0)), steps_taken


def light_background(picture: UInt8, strokes: bool) -> bool:
    """Whether the ground is lighter than the thing on it: by the corners, or for strokes on uneven ground by their fine detail."""
    from scipy import ndimage

    grey = _grey(picture)
    corners = _corners(grey)
    low, background, high = np.percentile(corners, (10, 50, 90))
    if not strokes or high - low < UNEVEN:
        return bool(grey.mean() < background if grey.min() < grey.max() else background > 127)
    small = _reduced(grey)
    detail = small - ndimage.uniform_filter(small, max(3, min(small.shape) // 4))
    return bool((detail**3).mean() < 0)  # ink is rare and far from its surroundings, shadows are neither


def remove_background(picture: UInt8, strokes: bool) -> UInt8:
    """Light things (H, W) on a dark ground that is not quite black or even -> on black.

    Light falls on ground and ink alike, so where the paper's level is p and the picture's v, the ink covers (p - v) / p. For strokes
    the paper is followed everywhere (it is all that is wider than a third of the picture), ink is brought to full strength, and
    specks and the paper's edges go; for other things the ground is the corners' level.
    """
    level = _grey(picture) / np.float32(255)
    background = _paper_level(level) if strokes else np.median(_corners(level))
    ink = ((level - background) / np.maximum(1 - background, 1 / 255)).clip(0, 1)
    edge = _corners(ink)
    noise = float(np.median(edge) + 6 * np.median(abs(edge - np.median(edge))))
    noise = min(noise, 0.25)  # or else the thing itself lies in the corners
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
    """Only the parts that carry weight; those at the picture's edge only if they touch it shortly and nothing of weight lies inside."""
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
    """A square around what is drawn, which fills the data set's share of it; thin strokes are drawn out to the usual width."""
    rim = (
        0.35 if style.stroke and min(picture.shape[:2]) >= 64 else 0.0
    )  # a large picture's strokes end where they are half dark
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
    """Moved by whole pixels so that the centre of mass lies at this share of height and width, as far as nothing is pushed out."""
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
    """How far each pixel is from the ground (H, W), 0 where it may be noise."""
    grey = _grey(picture)
    edge = _corners(grey)
    distance = abs(grey - np.median(edge))
    spread = float(np.median(abs(edge - np.median(edge))))
    return np.where(distance > FAINT / 2 + 6 * spread, distance, 0)


def _bounding_box(picture: UInt8, rim: float = 0.0) -> tuple[int, int, int, int] | None:
    """Top, bottom, left and right of what is drawn, at this share of its strength, ends not included; None for an empty picture."""
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
