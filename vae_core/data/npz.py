"""Pictures in a numpy .npz file: shapes and types are checked from the headers first, and the arrays are read in pieces."""

import math
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray
from PIL import Image

from vae_core.config import DataConfig
from vae_core.data.picture_sources import UNSORTED, PictureSource, refuse_count, refuse_pixels, within_time_limit
from vae_core.data.zip_archives import open_zip
from vae_core.errors import UserError
from vae_core.images.colour_modes import flatten
from vae_core.images.reading import centre_square
from vae_core.messages import Message
from vae_core.utils import limits
from vae_core.utils.arrays import UInt8
from vae_core.utils.limits import LimitedReader

PIECE = 4 * limits.MIB  # bytes of an array in memory at a time, so that conversions copy only so much
SAVE = "save plain arrays with numpy.savez(file, images=..., labels=...)."
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
Numbers = NDArray[Any]


@dataclass(frozen=True)
class StoredArray:
    """An array in an .npz file, of which only the header has been read."""

    archive: zipfile.ZipFile
    member: zipfile.ZipInfo
    start: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran_order: bool  # in Fortran order no picture is complete before the whole array is read

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize

    def whole(self) -> Numbers:
        with self.archive.open(self.member) as stream:
            return np.asarray(npy.read_array(stream, allow_pickle=False))

    def pieces(self) -> Iterator[tuple[int, Numbers]]:
        """Blocks of pictures (n, ...), each with the index of its first picture; a picture must have at least one byte."""
        row = self.bytes // self.shape[0]
        step = max(1, PIECE // row)
        ranges = [(at, min(step, self.shape[0] - at)) for at in range(0, self.shape[0], step)]
        if self.fortran_order:
            array = self.whole()
            yield from ((at, array[at : at + count]) for at, count in ranges)
            return
        with self.archive.open(self.member) as stream:
            stream.read(self.start)
            for at, count in ranges:
                raw = stream.read(count * row)
                if len(raw) < count * row:
                    raise EOFError("an array ends early")
                yield at, np.frombuffer(raw, self.dtype).reshape(count, *self.shape[1:])


@contextmanager
def pictures_in(path: Path, config: DataConfig) -> Iterator[PictureSource]:
    """Arrays `images` (or `x`) of (N, H, W), (N, H, W, C) or (N, C, H, W), and if present `labels` (or `y`) of (N,)."""
    with open_zip(path, SAVE) as (archive, members):
        files = {member.filename.removesuffix(".npy"): member for member in members}
        images, labels = (
            next((_read_header(archive, files[key], path) for key in keys if key in files), None)
            for keys in (("images", "x"), ("labels", "y"))
        )
        if images is None:
            raise UserError(
                "{name} has no array named 'images' or 'x': save it with numpy.savez(file, images=..., labels=...).",
                name=path.name,
            )
        _refuse(images, path, config)
        names = [UNSORTED] * images.shape[0] if labels is None else _names(labels, images.shape[0], path)
        yield PictureSource(names, _blocks(images, _factor(images, path), path, config))


def _read_header(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> StoredArray:
    cannot = Message("{name} cannot be read: {save}", name=path.name, save=SAVE)
    try:
        with archive.open(member) as stream:
            guarded = cast(IO[bytes], LimitedReader(stream, cannot, most=2**16))
            version = npy.read_magic(guarded)
            shape, fortran_order, dtype = HEADERS[version](guarded)
            stored = StoredArray(archive, member, stream.tell(), shape, dtype, fortran_order and len(shape) > 1)
    except UserError:
        raise
    except Exception as error:  # on damaged bytes numpy's parser raises almost anything
        raise UserError(cannot) from error
    if dtype.hasobject:
        raise UserError("{name} holds Python objects, which are never loaded: {save}", name=path.name, save=SAVE)
    held = member.file_size - stored.start
    if min(shape, default=0) < 0 or stored.bytes != held:
        raise UserError(
            "{name} is damaged: '{filename}' says that its shape is {shape}, which does not fit the {held:,} bytes "
            "that it holds: save it again.",
            name=path.name,
            filename=member.filename,
            shape=shape,
            held=held,
        )
    return stored


def _refuse(images: StoredArray, path: Path, config: DataConfig) -> None:
    """Raise UserError where shape, type, number or size of the pictures, known from the header, cannot be used."""
    shape, dtype = images.shape, images.dtype
    if len(shape) not in (3, 4) or (len(shape) == 4 and not {shape[1], shape[3]} & {1, 3, 4}):
        raise UserError(
            "{name} has images of shape {shape}: give (N, H, W), (N, H, W, C) or (N, C, H, W) with 1, 3 or 4 channels.",
            name=path.name,
            shape=shape,
        )
    if 0 in shape[1:]:
        raise UserError(
            "{name} has images without a pixel, of shape {shape}: give (N, H, W) with H and W above 0.",
            name=path.name,
            shape=shape,
        )
    if dtype.kind not in "biuf":
        raise UserError(_no_grey_levels(images, path))
    refuse_count(shape[0], path.name, config)
    refuse_pixels(math.prod(shape), path.name)
    one = math.prod(shape[1:])
    if one * (dtype.itemsize + 16) > limits.PICTURE_BYTES:
        raise UserError(
            "{name} has images of shape {shape}, too large to be resized here: make them smaller.",
            name=path.name,
            shape=shape[1:],
        )
    if images.fortran_order and images.bytes > limits.PICTURE_BYTES // 2:
        raise UserError(
            "{name} keeps its images in Fortran order, which has to be read whole, and {bytes:,} MB is too much: "
            "save numpy.ascontiguousarray(images).",
            name=path.name,
            bytes=images.bytes // limits.MIB,
        )


def _no_grey_levels(images: StoredArray, path: Path) -> Message:
    return Message(
        "{name} has images of type {dtype} with values that are not grey levels: give 0 to 1, 0 to 255 or 0 to 65535.",
        name=path.name,
        dtype=images.dtype,
    )


def _factor(images: StoredArray, path: Path) -> float:
    """The factor that scales values in 0..1, 0..255 or 0..65535 to 0..255, from the largest of all values."""
    if images.dtype == np.uint8:
        return 1.0
    low, top = 0.0, 0.0
    for at, piece in within_time_limit(images.pieces(), path.name):
        _refuse_non_finite(piece, at, path)
        low, top = min(low, float(piece.min())), max(top, float(piece.max()))
    if low < 0 or top > 65535:
        raise UserError(_no_grey_levels(images, path))
    fraction = images.dtype.kind in "bf" and top <= 1
    return 255.0 if fraction else 1.0 if top <= 255 else 1 / 257


def _refuse_non_finite(piece: Numbers, at: int, path: Path) -> None:
    if piece.dtype.kind == "f" and not np.isfinite(piece).all():
        index, *_ = where = tuple(np.argwhere(~np.isfinite(piece))[0])
        raise UserError(
            "{name} has a pixel that is {piece}, in picture {at} (the first is 0): give such pixels a number, for "
            "instance with numpy.nan_to_num, or leave the picture out.",
            name=path.name,
            piece=piece[where],
            at=at + index,
        )


def _names(labels: StoredArray, count: int, path: Path) -> list[str]:
    """Labels as strings; integers with leading zeros, so that they sort as numbers."""
    if labels.shape != (count,):
        raise UserError(
            "{name} has {count:,} images but labels of shape {shape}: give one label for each image.",
            name=path.name,
            count=count,
            shape=labels.shape,
        )
    if labels.dtype.itemsize > limits.LABEL_BYTES:
        raise UserError(
            "{name} has labels that are longer than 256 letters: give short names or numbers.", name=path.name
        )
    array = labels.whole()
    width = len(str(array.max())) if array.dtype.kind in "iub" else 0
    try:
        names = [str(label).zfill(width) for label in array]
        "".join(names).encode()
        return names
    except (ValueError, SystemError):  # code points that are not valid Unicode
        raise UserError("{name} has labels that are not text: give names or numbers.", name=path.name) from None


def _blocks(images: StoredArray, factor: float, path: Path, config: DataConfig) -> Iterator[UInt8]:
    for _, piece in within_time_limit(images.pieces(), path.name):
        grey = _channels_last(piece if piece.dtype == np.uint8 else np.rint(piece * factor).astype(np.uint8))
        if grey.shape[1:] == (config.size, config.size, config.channels):
            yield np.moveaxis(grey, -1, 1)
        else:
            yield from (centre_square(flatten(_image(picture)), config.size, config.channels)[None] for picture in grey)


def _channels_last(x: UInt8) -> UInt8:
    return x[..., None] if x.ndim == 3 else x if x.shape[-1] in (1, 3, 4) else np.moveaxis(x, 1, -1)


def _image(picture: UInt8) -> Image.Image:
    return Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture)
