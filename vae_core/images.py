"""Pictures in and out: a person's file to a plain 8-bit picture, and arrays to PNG, GIF and contact sheets."""

import struct
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from vae_core.errors import UserError
from vae_core.preparation import Preparation, Step, prepare

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "Preparation",
    "Step",
    "flatten",
    "gif",
    "pictures",
    "png",
    "prepare",
    "read",
    "sheet",
    "upscale",
]

UInt8 = NDArray[np.uint8]

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
FILE_BYTES = 200 * 2**20
PIXELS = 120_000_000  # a phone's largest photograph has 108 million; JPEG needs little memory for them, others up to half a GB
LONGEST = 1024  # what a picture is reduced to at once: all that follows is fast, and no model here takes more


def read(data: bytes | Path, name: str = "", longest: int = LONGEST) -> Image.Image:
    """A file as an upright picture in mode L or RGB, at most `longest` pixels wide and high; the first frame of several.

    Turns it as its EXIF orientation says, puts transparent parts on white (on black if what is drawn is white), and brings 16 bits,
    floats, CMYK and palettes to 8 bits. Raises UserError naming the file when it is no such picture, is damaged or too large.
    """
    name = name or (data.name if isinstance(data, Path) else "This file")
    try:
        raw = data.read_bytes() if isinstance(data, Path) and data.stat().st_size <= FILE_BYTES else data
    except OSError as error:
        raise UserError(f"{name} cannot be read: {error.strerror or error}.") from None
    if isinstance(raw, Path) or len(raw) > FILE_BYTES:
        raise UserError(f"{name} is larger than {FILE_BYTES // 2**20} MB: save it smaller, for instance as a JPEG.")
    try:
        with _open(raw) as image:
            width, height = image.size
            if width * height <= PIXELS:
                image.draft(None, (2 * longest, 2 * longest))  # a JPEG is decoded at the size needed
                picture = flatten(_upright(image))
                picture.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
                return picture
    except Image.UnidentifiedImageError:
        kinds = f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
        raise UserError(f"{name} is not a picture that can be read: save it as {kinds}.") from None
    except Image.DecompressionBombError:
        width, height = 0, 0
    except Exception as error:  # decoders raise almost anything on damaged bytes
        raise UserError(f"{name} is damaged or was cut short: save it again, or leave it out.") from error
    size = f"{width:,} x {height:,} pixels" if width else "far too many pixels"
    raise UserError(f"{name} has {size}, more than {PIXELS // 10**6} million: make it smaller first.")


def _open(raw: bytes) -> Image.Image:
    return Image.open(BytesIO(raw), formats=FORMATS)


def _upright(image: Image.Image) -> Image.Image:
    """Turned as the camera was held; a picture whose notes alone are damaged stays as it is."""
    image.load()
    with suppress(SyntaxError, ValueError, KeyError, TypeError, struct.error):
        ImageOps.exif_transpose(image, in_place=True)
    return image


def flatten(image: Image.Image) -> Image.Image:
    """The picture in mode L or RGB, opaque, 8 bits a channel."""
    if image.mode.startswith("I") or image.mode == "F":
        return Image.fromarray(_eight_bits(np.asarray(image)))
    if image.has_transparency_data:
        return _on_ground(image.convert("RGBA"))
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _eight_bits(levels: NDArray[np.generic]) -> UInt8:
    """Grey levels of 16 or 32 bits or floats, by the usual white (1, 255 or 65535) that holds them all."""
    finite = np.nan_to_num(levels.astype(np.float32), posinf=0, neginf=0)
    top = finite.max(initial=0)
    floating = levels.dtype.kind == "f"
    white = next((w for w in (1.0, 255.0, 65535.0) if top <= w and (floating or w > 1)), top)
    return np.rint(finite.clip(0) * (255 / white)).astype(np.uint8)


def _on_ground(image: Image.Image) -> Image.Image:
    """Transparent parts filled with white, or with black where all that is drawn is white and would vanish."""
    visible = image.getchannel("A").point(lambda alpha: 255 * (alpha > 127))
    levels = image.convert("L").histogram(visible)
    ground = 0 if sum(levels[:200]) < 0.01 * sum(levels) else 255
    filled = Image.new("RGBA", image.size, (ground, ground, ground, 255))
    filled.alpha_composite(image)
    return filled.convert("RGB")


def pictures(x: NDArray[Any]) -> UInt8:
    """Model inputs or outputs as pictures: (N, C, H, W), uint8 or floats in [0, 1], or points (N, 2) -> (N, H, W) or (N, H, W, 3)."""
    if x.ndim == 2 and x.shape[1] == 2:
        return _dots(x.astype(np.float32))
    if x.ndim != 4 or x.shape[1] not in (1, 3):
        raise ValueError(f"expected (N, 1 or 3, H, W) or (N, 2), not {x.shape}")
    if x.dtype != np.uint8:
        x = np.rint(np.nan_to_num(x).clip(0, 1) * 255).astype(np.uint8)
    return x[:, 0] if x.shape[1] == 1 else np.moveaxis(x, 1, -1)


def _dots(points: NDArray[np.float32], side: int = 64, reach: float = 3.0, radius: float = 3.0) -> UInt8:
    """Each point as a white dot on a plane of -reach..reach with faint axes, y upwards; points beyond stay at the edge: (N, 64, 64)."""
    axes = np.zeros((side, side), np.float32)
    axes[side // 2 - 1 : side // 2 + 1] = axes[:, side // 2 - 1 : side // 2 + 1] = 56
    to_pixels = side / (2 * reach)
    column, row = (np.nan_to_num(points * (1, -1)).T * to_pixels + side / 2).clip(radius, side - radius)
    at = np.arange(side) + 0.5
    distance = np.hypot(at[None, None, :] - column[:, None, None], at[None, :, None] - row[:, None, None])
    return np.rint(np.maximum(axes, 255 * (radius + 0.5 - distance).clip(0, 1))).astype(np.uint8)


def png(picture: UInt8) -> bytes:
    """An array (H, W) or (H, W, 3) as a PNG file."""
    out = BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return out.getvalue()


def gif(frames: Sequence[UInt8], ms: int = 80) -> bytes:
    """Arrays of one shape as an endless GIF with so many milliseconds a frame (in steps of 10, as the format has it)."""
    first, *rest = [Image.fromarray(frame) for frame in frames]
    out = BytesIO()
    first.save(out, "GIF", save_all=True, append_images=rest, duration=max(20, round(ms, -1)), loop=0)
    return out.getvalue()


def sheet(pictures: UInt8, columns: int, gap: int = 1, ground: int = 0) -> UInt8:
    """Pictures (N, H, W) or (N, H, W, 3) in rows, with `gap` pixels of grey level `ground` between them."""
    count, height, width, *colour = pictures.shape
    rows = -(-count // columns)
    out = np.full((rows, height + gap, columns, width + gap, *colour), ground, np.uint8)
    out.swapaxes(1, 2)[np.arange(count) // columns, np.arange(count) % columns, :height, :width] = pictures
    return out.reshape(rows * (height + gap), columns * (width + gap), *colour)[: -gap or None, : -gap or None]


def upscale(picture: UInt8, factor: int) -> UInt8:
    """Every pixel as factor x factor pixels, hard."""
    return picture.repeat(factor, 0).repeat(factor, 1)
