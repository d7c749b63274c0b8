"""Masks from files: beside pictures, in an .npy file or a picture, or with them, in an .npz file with the arrays `x` and `mask`."""

from io import BytesIO
from pathlib import PurePosixPath

import numpy as np

from vae_core.completion.hidden_parts import Hidden, check_masks
from vae_core.compression.picture_files import ARRAY, read_pictures
from vae_core.data.own.archives.files import File
from vae_core.data.own.stored.npy import read_npy_header
from vae_core.errors import UserError
from vae_core.utils import npz
from vae_core.utils.arrays import UInt8
from vae_core.utils.limits import FILE_BYTES

ARCHIVE = ".npz"


def is_archive(name: str) -> bool:
    """Whether a file of that name holds pictures and masks together."""
    return PurePosixPath(name).suffix.lower() == ARCHIVE


def read_masked(data: bytes, name: str, shape: tuple[int, ...]) -> tuple[UInt8, Hidden]:
    """The pictures `x` (N, C, H, W) of an .npz file and what its `mask` hides, (N, 1, H, W); see `check_masks`.

    Raises UserError for a file that is damaged or lacks one of them, and for pictures of another size than the model's.
    """
    try:
        arrays = npz.read(data, {"x": "ub", "mask": "biuf"}, FILE_BYTES)
    except ValueError as error:
        raise UserError(
            "{name} needs two arrays, x with pictures of whole numbers from 0 to 255 and mask: {why}.",
            name=name,
            why=error,
        ) from None
    raw = BytesIO()
    np.save(raw, arrays["x"])
    pictures = read_pictures(raw.getvalue(), f"{name}.npy", shape)
    return pictures, check_masks(arrays["mask"], len(pictures), *shape[1:])


def read_mask(data: bytes, name: str, count: int, shape: tuple[int, ...]) -> Hidden:
    """What a mask hides of `count` pictures of the model's `shape`, (N, 1, H, W): an array (H, W) or (N, H, W), or one grey picture.

    Raises UserError for another size, see `check_masks`.
    """
    if PurePosixPath(name).suffix.lower() == ARRAY:
        masks = read_npy_header(File(PurePosixPath(name), len(data), lambda: BytesIO(data)), name).whole()
    else:
        masks = read_pictures(data, name, (1, *shape[1:]))[0, 0]
    return check_masks(masks, count, *shape[1:])
