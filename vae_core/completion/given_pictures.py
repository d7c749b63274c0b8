"""Pictures and masks that a person names: one file, or a folder with a file for each picture."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vae_core.completion.hidden_parts import Hidden, check_masks
from vae_core.completion.masked_pictures import read_mask
from vae_core.compression.picture_files import read_pictures
from vae_core.errors import UserError
from vae_core.images.reading import SUFFIXES
from vae_core.utils.arrays import UInt8
from vae_core.utils.files import read_file
from vae_core.utils.limits import FILE_BYTES

MOST = 10_000  # files of a folder


@dataclass(frozen=True)
class GivenPictures:
    """Pictures x (N, C, H, W), and of a folder the name of each one's file."""

    x: UInt8
    names: tuple[str, ...] = ()


def given_pictures(path: Path, shape: tuple[int, ...]) -> GivenPictures:
    """The pictures of a file, or of all picture files in a folder in the order of their names, of the model's `shape`.

    Raises UserError for a folder without pictures and for those that `read_pictures` refuses.
    """
    if not path.is_dir():
        return GivenPictures(_pictures(path, shape))
    names = sorted(file.name for file in path.iterdir() if file.suffix.lower() in SUFFIXES and file.is_file())
    if not 0 < len(names) <= MOST:
        raise UserError(
            "{folder} has {count:,} pictures: give a folder with 1 to {most:,} of them.",
            folder=path.name,
            count=len(names),
            most=MOST,
        )
    return GivenPictures(np.concatenate([_pictures(path / name, shape) for name in names]), tuple(names))


def given_masks(path: Path, pictures: GivenPictures, shape: tuple[int, ...]) -> Hidden:
    """What is hidden of the pictures, (N, 1, H, W): by one file for all, or by a folder with a mask of the same name for each.

    Raises UserError where a picture has no mask, and for masks that `check_masks` refuses.
    """
    if not path.is_dir():
        return read_mask(read_file(path, FILE_BYTES), path.name, len(pictures.x), shape)
    lacking = [name for name in pictures.names if not (path / name).is_file()]
    if lacking or not pictures.names:
        raise UserError(
            "A folder of masks needs a folder of pictures, and in it a mask of the same name for each; there is none for '{name}'.",
            name=lacking[0] if lacking else "",
        )
    masks = [_pictures(path / name, (1, *shape[1:]))[0, 0] for name in pictures.names]
    return check_masks(np.stack(masks), len(masks), *shape[1:])


def _pictures(path: Path, shape: tuple[int, ...]) -> UInt8:
    return read_pictures(read_file(path, FILE_BYTES), path.name, shape)
