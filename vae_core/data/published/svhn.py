"""SVHN, cropped house numbers, from its two Matlab files."""

from functools import partial
from pathlib import Path

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry
from vae_core.data.own.archives.files import damage_named, on_disk
from vae_core.data.own.stored.mat_header import read_mat_headers
from vae_core.data.published.sources import PUBLISHED, folder_of, missing, present
from vae_core.data.published.splits import Images, with_held_out
from vae_core.errors import UserError

NAME = "svhn"


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """The official test split; 5,000 of the 73,257 training images are the validation split."""
    if not present(NAME, data_dir):
        raise missing(NAME, data_dir)
    train, test = (_images(folder_of(NAME, data_dir) / file) for file, _ in PUBLISHED[NAME].of(""))
    return with_held_out(NAME, SVHN.title, train, test, tuple("0123456789"), config.seed)


def _images(path: Path) -> Images:
    """X (32, 32, 3, N) and y (N, 1), in which the digit 0 has the label 10."""
    with damage_named(str(path)):
        arrays = {array.name: array for array in read_mat_headers(on_disk(path))}
        x, y = arrays.get("X"), arrays.get("y")
        if x is None or y is None or x.shape[:3] != (32, 32, 3) or y.shape != (x.shape[-1], 1) or x.dtype != np.uint8:
            raise UserError("{path} holds something else than SVHN's X and y: download it again.", path=path)
        labels = y.whole().ravel().astype(np.int64) % 10
        return np.ascontiguousarray(x.number_first().whole().swapaxes(2, 3)), labels


SVHN = DatasetEntry(
    name=NAME,
    title="SVHN",
    summary="99,289 digits of house numbers, 32x32 pixels in colour.",
    licence=PUBLISHED[NAME].licence,
    shape=(3, 32, 32),
    read=read,
    needs_download=True,
    available=partial(present, NAME),
)
