"""LOSSY: picture formats with loss, as Pillow writes them, each in several settings, coarsest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from vae_core.compression.lossy.coded import Settings
from vae_core.utils.arrays import UInt8


@dataclass(frozen=True)
class Format:
    """The name of a format in Pillow, its settings from coarse to fine, and the options of one."""

    kind: str
    settings: Sequence[float]
    options: Callable[[float], dict[str, object]]


LOSSY = {
    "JPEG": Format(
        "JPEG",
        (1, 3, 6, 10, 15, 22, 30, 40, 55, 70, 85, 95),
        lambda quality: {"quality": int(quality), "optimize": True},
    ),
    "JPEG 2000": Format(
        "JPEG2000",
        (30, 8, 7, 6, 5, 4.5, 4, 3.5, 3, 2.5, 2, 1.5),
        lambda rate: {"quality_mode": "rates", "quality_layers": [rate], "irreversible": True, "no_jp2": True},
    ),
    "WebP": Format(
        "WEBP", (0, 2, 5, 10, 20, 30, 40, 55, 70, 80, 90, 97), lambda quality: {"quality": int(quality), "method": 6}
    ),
    "AVIF": Format(
        "AVIF", (0, 3, 6, 10, 18, 26, 35, 45, 58, 70, 82, 95), lambda quality: {"quality": int(quality), "speed": 6}
    ),
}


def of_format(name: str, x: UInt8) -> Settings:
    """Pictures x (N, C, H, W), each in a file of its own, without the bytes of the header.

    The header is what a picture of one grey takes in the coarsest setting: it says the format, the size and the tables.
    """
    one = LOSSY[name]
    header = len(_written(np.full_like(x[0], 128), one, one.settings[0]))
    sizes, errors = np.empty((2, len(one.settings), len(x)))
    for row, setting in enumerate(one.settings):
        for column, picture in enumerate(x):
            data = _written(picture, one, setting)
            sizes[row, column] = max(0, len(data) - header)
            errors[row, column] = np.square(_read(data, len(picture)) - picture.astype(np.float64)).mean()
    return Settings(sizes, errors)


def _written(picture: UInt8, one: Format, setting: float) -> bytes:
    file = BytesIO()
    pixels = picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0)
    Image.fromarray(np.ascontiguousarray(pixels)).save(file, one.kind, **one.options(setting))
    return file.getvalue()


def _read(data: bytes, channels: int) -> UInt8:
    levels = np.asarray(Image.open(BytesIO(data)).convert("L" if channels == 1 else "RGB"))
    return levels[None] if channels == 1 else levels.transpose(2, 0, 1)
