"""A person's own pictures, from a folder, a zip or an .npz, all brought to one size; read in memory, never unpacked to disk.

A sub-folder's name is its pictures' label. One broken picture refuses the whole, by name: left out unseen, it could be half a class.
"""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from vae_core import images
from vae_core.config import DataConfig
from vae_core.datasets.base import Dataset, Family, UInt8, split
from vae_core.errors import UserError

FEWEST, MOST = 10, 100_000  # pictures
MEMBER_BYTES = 200 * 2**20  # one file of a zip, unpacked
TOTAL_BYTES = 4 * 2**30  # all of them
RESULT_BYTES = 2**30  # what stays in memory
UNSORTED = "(no folder)"
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, UnicodeDecodeError)


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """Pictures at `config.path` as (N, channels, size, size), split 80/10/10 by the seed.

    Each is scaled and cut in its middle to a square. Raises UserError naming the file and what to do.
    """
    path = Path(config.path).expanduser()
    if not config.path or not path.exists():
        where = f"Nothing lies at '{config.path}'" if config.path else "No place is given for your own pictures"
        raise UserError(f"{where}: give a folder, a .zip or an .npz file.")
    if path.is_dir():
        x, names = _pictures(_in_folder(path), config)
    elif path.suffix.lower() == ".zip":
        x, names = _pictures(_in_zip(path), config)
    elif path.suffix.lower() == ".npz":
        x, names = _in_npz(path, config)
    else:
        raise UserError(
            f"{path.name} is neither a folder nor a .zip nor an .npz file: put your pictures into one of these."
        )
    if len(x) < FEWEST:
        some = f"only {len(x)} pictures" if len(x) else f"no picture ({', '.join(sorted(images.SUFFIXES))})"
        raise UserError(
            f"{path.name} holds {some}: give at least {FEWEST}, since some are held out for validation and test."
        )
    classes, labels = np.unique(names, return_inverse=True)
    labelled = tuple(str(name) for name in classes) if len(classes) > 1 else ()
    return Dataset(PICTURES.name, path.stem, *split(x, labels.astype(np.int64), config.seed), classes=labelled)


def _pictures(files: Iterator[tuple[PurePosixPath, bytes | Path]], config: DataConfig) -> tuple[UInt8, list[str]]:
    """All pictures and, for each, the name of the folder it lies in."""
    x, names = [], []
    for name, data in files:
        x.append(_fixed(images.read(data, str(name), longest=8 * config.size), config))
        names.append(name.parent.name or UNSORTED)
        _refuse_too_many(len(x), config)
    return np.stack(x) if x else np.empty(0, np.uint8), names


def _refuse_too_many(count: int, config: DataConfig) -> None:
    most = min(MOST, RESULT_BYTES // (config.channels * config.size**2))
    if count > most:
        raise UserError(f"That is more than {most:,} pictures of this size: give fewer, or choose a smaller size.")


def _is_picture(name: PurePosixPath) -> bool:
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in name.parts)
    return not hidden and name.suffix.lower() in images.SUFFIXES


def _in_folder(folder: Path) -> Iterator[tuple[PurePosixPath, Path]]:
    for file in sorted(folder.rglob("*")):
        name = PurePosixPath(file.relative_to(folder).as_posix())
        if _is_picture(name) and file.is_file():
            yield name, file


def _in_zip(path: Path) -> Iterator[tuple[PurePosixPath, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in _checked(archive, path):
                if _is_picture(name := PurePosixPath(member.filename)):
                    yield name, archive.read(member)
    except ZIP_ERRORS as error:
        why = "has a password" if "password" in str(error) else f"is damaged or cut short ({error})"
        raise UserError(
            f"{path.name} {why}: make the zip again, without a password, and upload it once more."
        ) from None


def _checked(archive: zipfile.ZipFile, path: Path) -> list[zipfile.ZipInfo]:
    """The archive's files in order of name, after a look at all names and sizes, before anything is unpacked.

    zipfile never gives more bytes than a file's declared size, so that declared sizes can be relied on.
    """
    named = (m for m in archive.infolist() if m.filename)  # a damaged name may be empty, and is_dir() fails on that
    files = sorted((m for m in named if not m.is_dir()), key=lambda m: m.filename)
    for member in files:
        parts = PurePosixPath(member.filename.replace("\\", "/")).parts
        if ".." in parts or parts[:1] == ("/",) or ":" in member.filename.split("/")[0]:
            raise UserError(
                f"{path.name} holds '{member.filename}', a name that leads out of the zip: make the zip anew from one folder."
            )
        if member.file_size > MEMBER_BYTES and path.suffix.lower() == ".zip":
            raise UserError(
                f"'{member.filename}' in {path.name} unpacks to {member.file_size / 2**20:,.0f} MB,"
                f" more than the {MEMBER_BYTES // 2**20} MB allowed: leave it out or make it smaller."
            )
    if (total := sum(member.file_size for member in files)) > TOTAL_BYTES:
        limit = f"more than the {TOTAL_BYTES / 2**30:.0f} GB allowed"
        raise UserError(f"{path.name} unpacks to {total / 2**30:,.1f} GB, {limit}: give fewer or smaller pictures.")
    return files


def _in_npz(path: Path, config: DataConfig) -> tuple[UInt8, list[str]]:
    """Arrays `images` (or `x`) of (N, H, W), (N, H, W, C) or (N, C, H, W), and if present `labels` (or `y`) of (N,)."""
    try:
        with zipfile.ZipFile(path) as archive:
            _checked(archive, path)
        with np.load(path, allow_pickle=False) as arrays:
            given = [
                next((arrays[key] for key in keys if key in arrays), None)
                for keys in (("images", "x"), ("labels", "y"))
            ]
    except (*ZIP_ERRORS, ValueError, MemoryError) as error:
        if isinstance(error, UserError):
            raise
        why = "holds Python objects, which are never loaded" if "pickle" in str(error) else f"cannot be read ({error})"
        raise UserError(
            f"{path.name} {why}: save plain arrays with numpy.savez(file, images=..., labels=...)."
        ) from None
    x, labels = given
    if x is None:
        raise UserError(
            f"{path.name} has no array named 'images' or 'x': save it with numpy.savez(file, images=..., labels=...)."
        )
    x = _bytes(_channels_last(x, path), path)
    _refuse_too_many(len(x), config)
    if labels is not None and labels.shape != (len(x),):
        raise UserError(
            f"{path.name} has {len(x):,} images but labels of shape {labels.shape}: give one label for each image."
        )
    names = [UNSORTED] * len(x) if labels is None else _names(labels)
    if x.shape[1:] == (config.size, config.size, config.channels):
        return np.ascontiguousarray(np.moveaxis(x, -1, 1)), names
    return np.stack([_fixed(images.flatten(_image(picture)), config) for picture in x]) if len(x) else x, names


def _names(labels: NDArray[np.generic]) -> list[str]:
    """Labels as words; whole numbers with leading zeros, so that they sort as numbers."""
    if labels.dtype.kind not in "iub" or not len(labels):
        return [str(label) for label in labels]
    width = len(str(labels.max()))
    return [str(label).zfill(width) for label in labels]


def _channels_last(x: NDArray[np.generic], path: Path) -> NDArray[np.generic]:
    if x.ndim == 3:
        return x[..., None]
    if x.ndim == 4 and x.shape[-1] in (1, 3, 4):
        return x
    if x.ndim == 4 and x.shape[1] in (1, 3, 4):
        return np.moveaxis(x, 1, -1)
    raise UserError(
        f"{path.name} has images of shape {x.shape}: give (N, H, W), (N, H, W, C) or (N, C, H, W) with 1, 3 or 4 channels."
    )


def _bytes(x: NDArray[Any], path: Path) -> UInt8:
    """Grey levels 0..255 from bytes, from fractions of 1, or from 16 bits."""
    wrong = f"{path.name} has images of type {x.dtype} with values that are no grey levels: give 0 to 1, 0 to 255 or 0 to 65535."
    if 0 in x.shape[1:]:
        raise UserError(
            f"{path.name} has images without a pixel, of shape {x.shape}: give (N, H, W) with H and W above 0."
        )
    if x.dtype.kind not in "biuf":
        raise UserError(wrong)
    if x.dtype == np.uint8 or not len(x):
        return x.astype(np.uint8, copy=False)
    top = float(x.max())
    if not (float(x.min()) >= 0 and top <= 65535):  # NaN fails too
        raise UserError(wrong)
    fraction = x.dtype.kind in "bf" and top <= 1
    return np.rint(x * (255.0 if fraction else 1.0 if top <= 255 else 1 / 257)).astype(np.uint8)


def _image(picture: UInt8) -> Image.Image:
    return Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture)


def _fixed(image: Image.Image, config: DataConfig) -> UInt8:
    """The middle square of a picture at the one size, (C, H, W)."""
    square = ImageOps.fit(
        image.convert("L" if config.channels == 1 else "RGB"), (config.size, config.size), Image.Resampling.BICUBIC
    )
    return np.moveaxis(np.atleast_3d(np.asarray(square)), -1, 0)


PICTURES = Family(
    name="pictures",
    title="Your own pictures",
    summary="A folder, a zip or an .npz of any pictures; names of sub-folders become labels.",
    licence="yours",
    shape=None,
    read=read,
)
