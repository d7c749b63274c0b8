"""Reading a picture file as 8-bit grey or RGB; the memory and time of decoding are estimated and limited before decoding."""

import struct
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from PIL import AvifImagePlugin, Image, ImageOps
from PIL.ImageFile import ImageFile

from vae_core.errors import UserError, reason
from vae_core.images.colour_modes import (
    FindRange,
    bytes_a_pixel,
    flatten,
    high_precision,
    in_mode,
    smallest_to_largest,
    transparent,
)
from vae_core.messages import Message
from vae_core.utils.arrays import UInt8
from vae_core.utils.limits import FILE_BYTES, MIB, PICTURE_BYTES, PICTURE_PIXELS, LimitedReader
from vae_core.utils.memory import release_freed_memory

HEIC = "pillow_heif" if find_spec("pillow_heif") else None  # the library that reads HEIC, where it is installed
HEIC_SUFFIXES = frozenset({".heic", ".heif", ".hif"})
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM", *(["HEIF"] if HEIC else []))
SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".avif"})
SUFFIXES |= {".ppm", ".pgm", ".pbm", ".pnm"} | (HEIC_SUFFIXES if HEIC else frozenset())
HEADER_BYTES = 16 * MIB  # the most bytes before the pixels: metadata may contain a preview picture
LONGEST = 1024  # pixels of the longer side after reading, so that all further steps are fast; no model needs more
TURNS = {  # EXIF orientation -> the transposition that makes the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
DECODER_BYTES = {"WEBP": 12, "GIF": 2, "AVIF": 12, "HEIF": 12}  # per pixel, that the decoder needs beside the picture
SLOW = {"bmp_rle": 10, "ppm": 20, "ppm_plain": 20}  # decoders in Python -> how many times the usual time they take
AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # so that the time limit, which counts this thread alone, holds

warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)  # this module has limits of its own
_decoding = (
    threading.Lock()
)  # one picture at a time, since the memory limit is that of the process, for all users together


def read(
    data: bytes | Path, name: str = "", longest: int = LONGEST, find_range: FindRange = smallest_to_largest
) -> Image.Image:
    """The first frame of a picture file, in mode L or RGB, at most `longest` pixels wide and high.

    It is rotated by its EXIF orientation; transparent parts become white (black if the visible part is white); CMYK and palettes
    become 8 bits, and so do 16 bits and floats, with the black and white that `find_range` gives. Raises UserError naming the
    file if it is no picture, is damaged or is too large.
    """
    with _decoding:
        picture, cost = _decoded(data, name or _name(data), longest, find_range)
        if cost.bytes > PICTURE_BYTES / 16:
            release_freed_memory()
    return picture


@dataclass(frozen=True)
class Header:
    """What a picture file's header says: size upright, whether it may have colours, or more than 8 bits, and the pixels to decode."""

    width: int
    height: int
    colour: bool
    high_precision: bool
    pixels: int


def header(data: bytes | Path, name: str = "", longest: int = LONGEST) -> Header:
    """The header of a picture file, without decoding; raises UserError as `read` does."""
    with _opened(data, name or _name(data), longest) as (image, size, cost):
        width, height = size[::-1] if _orientation(image, Image.Image.getexif) > 4 else size
        deep = high_precision(image)
        colour = not deep and image.mode not in ("1", "L", "LA", "La")
        return Header(width, height, colour, deep, cost.pixels)


def fitted(image: Image.Image, shape: tuple[int, ...]) -> UInt8:
    """A picture (mode L or RGB) as `shape` (C, H, W): its middle, cut to the shape of the sides and resized where it differs."""
    channels, height, width = shape
    picture = in_mode(image, "L" if channels == 1 else "RGB")
    if picture.size != (width, height):
        picture = ImageOps.fit(picture, (width, height), Image.Resampling.BICUBIC)
    return np.moveaxis(np.atleast_3d(np.asarray(picture)), -1, 0)


@dataclass(frozen=True)
class Cost:
    """The cost of decoding: time, as an equivalent number of pixels, and peak memory in bytes."""

    pixels: int
    bytes: int


@cache
def _load_heic() -> None:
    """Teach Pillow to read HEIC, where the library for it is installed."""
    if HEIC:
        import_module(HEIC).register_heif_opener(thumbnails=False)


def _name(data: bytes | Path) -> str:
    return data.name if isinstance(data, Path) else Message("This file")


def _decoded(data: bytes | Path, name: str, longest: int, find_range: FindRange) -> tuple[Image.Image, Cost]:
    with _opened(data, name, longest) as (image, _, cost):
        image.load()
        picture = _flattened(image, longest, name, find_range)
        turn = TURNS.get(_orientation(image))
        return (picture.copy() if turn is None else picture.transpose(turn)), cost


@contextmanager
def _opened(data: bytes | Path, name: str, longest: int) -> Iterator[tuple[Image.Image, tuple[int, int], Cost]]:
    """The file opened, not decoded, with its full size, and its cost, which is within the limits.

    Every error is a UserError that names the file.
    """
    _load_heic()
    try:
        raw = data.read_bytes() if isinstance(data, Path) and data.stat().st_size <= FILE_BYTES else data
    except OSError as error:
        raise UserError("{name} cannot be read: {strerror}.", name=name, strerror=reason(error)) from None
    if isinstance(raw, Path) or len(raw) > FILE_BYTES:
        raise UserError(
            "{name} is larger than {file_bytes} MB: save it smaller, for instance as a JPEG.",
            name=name,
            file_bytes=FILE_BYTES // MIB,
        )
    odd = Message(
        "{name} is compressed in a way that takes too long to read: save it again, for instance as a PNG.", name=name
    )
    source = LimitedReader(BytesIO(raw), odd, most=HEADER_BYTES, pieces=100_000 + len(raw) // 512)
    try:
        with Image.open(cast(IO[bytes], source), formats=FORMATS) as image:
            source.most = float("inf")
            if image.format == "PPM":  # its decoder reads each pixel for itself, as many as the cost says
                source.pieces = float("inf")
            width, height = image.size
            if width * height > PICTURE_PIXELS:
                raise UserError(_too_large(name, Message("{width:,} x {height:,} pixels", width=width, height=height)))
            image.draft(None, (longest, longest))  # a JPEG is decoded at the size needed
            cost = _cost(image, width * height, raw)
            _refuse_costly(cost, name, odd)
            yield image, (width, height), cost
    except UserError:
        raise
    except Image.UnidentifiedImageError:
        kinds = Message("{others} or {last}", others=", ".join(FORMATS[:-1]), last=FORMATS[-1])
        raise UserError(
            "{name} is not a picture that can be read: save it as {kinds}.", name=name, kinds=kinds
        ) from None
    except Image.DecompressionBombError:
        raise UserError(_too_large(name, Message("far too many pixels"))) from None
    except Exception as error:  # decoders raise almost anything on damaged bytes
        raise UserError("{name} is damaged or was cut short: save it again, or leave it out.", name=name) from error


def _too_large(name: str, size: Message) -> Message:
    return Message(
        "{name} has {size}, more than {most} million: make it smaller first.",
        name=name,
        size=size,
        most=PICTURE_PIXELS // 10**6,
    )


def _refuse_costly(cost: Cost, name: str, odd: str) -> None:
    if cost.bytes > PICTURE_BYTES:
        raise UserError(
            "{name} takes {bytes:,} MB of memory while it is decoded, more than the {picture_bytes} MB allowed: make "
            "it smaller, or save it as a JPEG.",
            name=name,
            bytes=cost.bytes // MIB,
            picture_bytes=PICTURE_BYTES // MIB,
        )
    if cost.pixels > PICTURE_PIXELS:
        raise UserError(odd)


def _cost(image: Image.Image, full: int, raw: bytes) -> Cost:
    """The cost by format and mode; `full` is the number of pixels of the file, which a JPEG decoder may reduce."""
    pixels = image.width * image.height
    size = len(raw) + pixels * bytes_a_pixel(image)
    codec = image.tile[0].codec_name if isinstance(image, ImageFile) and image.tile else ""
    if image.format in (
        "JPEG",
        "MPO",
    ):  # a progressive JPEG keeps all coefficients, 2 bytes each, and each scan reads them
        layers = [(wide, high) for _, wide, high, _ in getattr(image, "layer", ())]
        share = sum(w * h for w, h in layers) / max(1, max(w for w, _ in layers) * max(h for _, h in layers))
        return Cost(pixels + full * raw.count(b"\xff\xda") // 16, size + round(2 * full * share))
    if image.format == "TIFF":
        return Cost(pixels, size + _tiff_overhead(image, codec == "libtiff"))
    slow = SLOW[codec] * len(image.getbands()) if codec in SLOW else 2 if image.format in ("AVIF", "HEIF") else 1
    return Cost(slow * pixels, size + pixels * DECODER_BYTES.get(image.format or "", 8 if slow > 10 else 0))


def _tiff_overhead(image: Image.Image, packed: bool) -> int:
    """Bytes that a TIFF needs beside its pixels: its largest strip or tile, decompressed, and a copy where it is rotated."""
    tags: dict[int, Any] = getattr(image, "tag_v2", {})
    wide, high = tags.get(322, image.width), tags.get(323) or min(image.height, tags.get(278, image.height))
    strip = int(wide) * int(high) * max(tags.get(258, (1,))) * int(tags.get(277, 1)) // 8
    return packed * strip + (4 * image.width * image.height if tags.get(274, 1) != 1 else 0)


def _orientation(image: Image.Image, metadata: Callable[[Any], Image.Exif] | None = None) -> int:
    """The EXIF orientation; 1 (upright) where the metadata are damaged. A PNG's own method decodes it to look behind the pixels."""
    with suppress(SyntaxError, ValueError, KeyError, TypeError, struct.error):
        return int((metadata or type(image).getexif)(image).get(0x0112, 1))
    return 1


def _flattened(image: Image.Image, longest: int, name: str, find_range: FindRange) -> Image.Image:
    """In mode L or RGB, reduced to `longest`; with at most one full-size copy, since one may take half of the allowed memory."""
    picture = in_mode(image, "RGBA") if transparent(image) else flatten(image, name, find_range)
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return flatten(picture, name)
