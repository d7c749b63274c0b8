"""Conversion of images of any mode (palette, transparent, CMYK, 16 bits, float) to 8-bit grey or RGB, with few copies."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vae_core.errors import UserError
from vae_core.messages import Message

THIS_PICTURE = Message("This picture")
BAND = 2**18  # pixels of a large image that are converted to 8 bits at once
Bands = Iterator[NDArray[Any]]  # an image of more than 8 bits, some rows (n, width) at a time
FindRange = Callable[
    [Bands], tuple[float, float]
]  # the levels of an image -> the level of black and the level of white


def smallest_to_largest(bands: Bands) -> tuple[float, float]:
    """Black is the smallest level of the image, white the largest."""
    ends = [(float(band.min()), float(band.max())) for band in bands]
    return min(low for low, _ in ends), max(high for _, high in ends)


def flatten(image: Image.Image, name: str = THIS_PICTURE, find_range: FindRange = smallest_to_largest) -> Image.Image:
    """The image in mode L or RGB, opaque, 8 bits per channel; the same object where it is so already.

    `find_range` says which levels of an image of 16 or 32 bits or of floats become black and white. Raises UserError
    naming the image where a pixel is not a finite number.
    """
    if high_precision(image):
        return _eight_bits(image, name, find_range)
    if transparent(image):
        return _on_background(in_mode(image, "RGBA"))
    return in_mode(image, "L" if image.mode in ("1", "L") else "RGB")


def bytes_a_pixel(image: Image.Image) -> int:
    """The most memory in bytes per pixel that an opened image takes while it is decoded, flattened and resized."""
    stored = 1 if image.mode in ("1", "L", "P") else 2 if image.mode.startswith("I;") else 4
    flat = image.mode in ("1", "L", "RGB") or high_precision(image)
    clear = 4 if image.mode == "RGBA" else 8  # conversion to RGBA, and to colours premultiplied by their opacity
    copies = clear if transparent(image) else 1 if flat else 4
    return stored + copies + 2  # resizing in two steps


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    return image if image.mode == mode else image.convert(mode)


def high_precision(image: Image.Image) -> bool:
    """Whether the image has levels of 16 or 32 bits or floats, whose black and white are not known from the file."""
    return image.mode.startswith("I") or image.mode == "F"


def transparent(image: Image.Image) -> bool:
    return image.has_transparency_data and not high_precision(image)


def _eight_bits(image: Image.Image, name: str, find_range: FindRange) -> Image.Image:
    """Grey levels of 16 or 32 bits or floats as 8 bits; levels outside the range are cut."""
    black, white = find_range(_finite(levels, row, name) for row, levels in _row_bands(image))
    scale = 255 / (white - black) if white > black else 0.0
    out = Image.new("L", image.size)
    for row, levels in _row_bands(image):
        grey = np.rint(((levels.astype(np.float64) - black) * scale).clip(0, 255)).astype(np.uint8)
        out.paste(Image.fromarray(grey), (0, row))
    return out


def _row_bands(image: Image.Image) -> Iterator[tuple[int, NDArray[Any]]]:
    """The image in bands of some rows, each with the number of its first row."""
    rows = max(1, BAND // image.width)
    for row in range(0, image.height, rows):
        yield row, np.asarray(image.crop((0, row, image.width, min(row + rows, image.height))))


def _finite(levels: NDArray[Any], row: int, name: str) -> NDArray[Any]:
    if levels.dtype.kind == "f" and not np.isfinite(levels).all():
        down, across = np.argwhere(~np.isfinite(levels))[0]
        raise UserError(
            "{name} has a pixel that is {levels} (row {row}, column {across}): give such pixels a number, or leave "
            "the picture out.",
            name=name,
            levels=levels[down, across],
            row=row + down + 1,
            across=across + 1,
        )
    return levels


def _on_background(image: Image.Image) -> Image.Image:
    """Transparent parts filled with white, or with black where nearly all visible pixels are white."""
    visible = image.getchannel("A").point(lambda alpha: 255 * (alpha > 127))
    levels = image.convert("L").histogram(visible)
    background = 0 if sum(levels[:200]) < 0.01 * sum(levels) else 255
    filled = Image.new("RGBA", image.size, (background, background, background, 255))
    filled.alpha_composite(image)
    return filled.convert("RGB")
