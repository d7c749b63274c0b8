"""Pictures from a file, as they are, and back: an .npy array of many, or one picture in any format that the app reads."""

from io import BytesIO
from pathlib import PurePosixPath

import numpy as np

from vae_core.data.own.archives.files import File
from vae_core.data.own.image_axes import channels_first, recognise_axes
from vae_core.data.own.pictures.one_picture import read_picture
from vae_core.data.own.stored.npy import read_npy_header
from vae_core.errors import UserError
from vae_core.images.writing import png
from vae_core.utils.arrays import UInt8

ARRAY, PICTURE = ".npy", ".png"


def read_pictures(data: bytes, name: str, shape: tuple[int, ...]) -> UInt8:
    """The pictures (N, C, H, W) in the bytes of a file, for a model of pictures of `shape`; nothing is resized.

    Truth values become 0 and 1. Raises UserError for a damaged file, another size, colours where the model has none, and other numbers
    than those from 0 to 255.
    """
    if PurePosixPath(name).suffix.lower() != ARRAY:
        return _one_picture(data, name, shape)
    stored = read_npy_header(File(PurePosixPath(name), len(data), lambda: BytesIO(data)), name)
    array = stored.whole()
    if array.dtype not in (np.uint8, np.bool_):
        raise UserError(
            "{name} has numbers of the type {type}: give whole numbers from 0 to 255, as uint8.",
            name=name,
            type=array.dtype,
        )
    if array.shape == shape:
        array = array[None]
    return np.ascontiguousarray(channels_first(array, recognise_axes(array.shape, shape)), np.uint8)


def write_pictures(pictures: UInt8, name: str) -> bytes:
    """Pictures (N, C, H, W) as a file of the kind that the name has: an .npy array, or a .png of one picture.

    The array is (N, H, W) for grey pictures, else (N, C, H, W). Raises UserError for another kind, and a .png of several pictures.
    """
    kind = PurePosixPath(name).suffix.lower()
    if kind == ARRAY:
        out = BytesIO()
        np.save(out, pictures[:, 0] if pictures.shape[1] == 1 else pictures)
        return out.getvalue()
    if kind != PICTURE or len(pictures) != 1:
        raise UserError("{name}: {count:,} pictures are written as one .npy file.", name=name, count=len(pictures))
    return png(np.ascontiguousarray(pictures[0, 0] if pictures.shape[1] == 1 else pictures[0].transpose(1, 2, 0)))


def _one_picture(data: bytes, name: str, shape: tuple[int, ...]) -> UInt8:
    picture, _ = read_picture(data, name)
    levels = np.asarray(picture, np.uint8)
    planes = levels[None] if levels.ndim == 2 else levels.transpose(2, 0, 1)
    if planes.shape[1:] != shape[1:]:
        raise UserError(
            "{name} has {width} x {height} pixels, and the model {wide} x {high}: without loss it takes no other size.",
            name=name,
            width=planes.shape[2],
            height=planes.shape[1],
            wide=shape[2],
            high=shape[1],
        )
    if len(planes) > shape[0] and (planes != planes[:1]).any():
        raise UserError("{name} has colours, and the model compresses grey pictures.", name=name)
    return np.ascontiguousarray(np.broadcast_to(planes[: shape[0]], (shape[0], *planes.shape[1:])))[None]
