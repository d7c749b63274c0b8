"""Omniglot: 1,623 characters of 50 alphabets, each drawn by 20 people, from its two zips of pictures."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
from PIL import ImageOps

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, split
from vae_core.data.own.archives import opened
from vae_core.data.own.archives.files import damage_named
from vae_core.data.own.formats.picture_files import is_picture
from vae_core.data.published.sources import PUBLISHED, folder_of, missing, present
from vae_core.errors import UserError
from vae_core.images.reading import fitted
from vae_core.images.reading import read as read_picture
from vae_core.utils.arrays import UInt8

NAME = "omniglot"
SHAPE = (1, 28, 28)  # of 105x105 pixels, as in Burda et al. 2016, arXiv:1509.00519


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """All 32,460 drawings, white on black, split 80/10/10 by the seed; the label is the alphabet.

    The two parts that are published have no alphabet in common, so they are not used as splits.
    """
    if not present(NAME, data_dir):
        raise missing(NAME, data_dir)
    found = [pair for file, _ in PUBLISHED[NAME].of("") for pair in _drawings(folder_of(NAME, data_dir) / file)]
    alphabets = sorted({alphabet for alphabet, _ in found})
    labels = np.array([alphabets.index(alphabet) for alphabet, _ in found], np.int64)
    parts = split(np.stack([picture for _, picture in found]), labels, config.seed)
    classes = tuple(alphabet.replace("_", " ") for alphabet in alphabets)
    return Dataset(NAME, OMNIGLOT.title, *parts, classes=classes)


def _drawings(path: Path) -> Iterator[tuple[str, UInt8]]:
    """The alphabet and the picture of each file named part/alphabet/character/drawing.png."""
    with damage_named(str(path)), opened(path) as archive:
        pictures = [file for file in archive.files if is_picture(file)]
        if not pictures or any(len(file.name.parts) < 4 for file in pictures):
            raise UserError("{path} holds something else than Omniglot's drawings: download it again.", path=path)
        for file in pictures:
            picture = read_picture(file.content(str(path)), str(file))
            yield file.name.parts[-3], fitted(ImageOps.invert(picture.convert("L")), SHAPE)


OMNIGLOT = DatasetEntry(
    name=NAME,
    title="Omniglot",
    summary="32,460 handwritten characters of 50 alphabets, resized to 28x28 pixels.",
    licence=PUBLISHED[NAME].licence,
    shape=SHAPE,
    read=read,
    needs_download=True,
    available=partial(present, NAME),
)
