"""EMNIST: handwritten digits and letters in six parts, read from its one zip; each image is stored with its axes exchanged."""

import string
from functools import partial
from pathlib import Path

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry
from vae_core.data.own.archives import opened
from vae_core.data.own.archives.files import File, damage_named
from vae_core.data.own.formats.idx import read_idx_header
from vae_core.data.published.sources import PUBLISHED, folder_of, missing, present
from vae_core.data.published.splits import Images, with_held_out
from vae_core.errors import UserError
from vae_core.messages import Message

NAME = "emnist"
MERGED = set("cijklmopsuvwxyz")  # small letters that count as the same class as the capital ones (Cohen et al. 2017)
ALL = string.digits + string.ascii_uppercase + string.ascii_lowercase
SOME = "".join(letter for letter in ALL if letter not in MERGED)
CLASSES = {  # part -> the classes by their labels in the files; `letters` begins at 1
    "balanced": SOME,
    "letters": string.ascii_lowercase,
    "digits": string.digits,
    "mnist": string.digits,
    "byclass": ALL,
    "bymerge": SOME,
}


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """One part with its official test split; 5,000 of its training images are the validation split."""
    part = config.variant or next(iter(CLASSES))
    if part not in CLASSES:
        raise UserError("EMNIST has no part '{name}': choose one of {parts}.", name=part, parts=", ".join(CLASSES))
    if not present(NAME, data_dir):
        raise missing(NAME, data_dir)
    path = folder_of(NAME, data_dir) / "gzip.zip"
    with damage_named(str(path)), opened(path) as archive:
        files = {file.name.name: file for file in archive.files}
        train, test = (_images(files, part, split, path) for split in ("train", "test"))
    return with_held_out(NAME, f"{EMNIST.title} {part}", train, test, tuple(CLASSES[part]), config.seed)


def _images(files: dict[str, File], part: str, split: str, path: Path) -> Images:
    names = [f"emnist-{part}-{split}-{kind}-ubyte.gz" for kind in ("images-idx3", "labels-idx1")]
    if not files.keys() >= set(names):
        raise UserError("{path} lacks {names}: download it again.", path=path, names=", ".join(names))
    x, y = (read_idx_header(files[name]) for name in names)
    first = 1 if part == "letters" else 0
    labels = y.whole().astype(np.int64) - first if y.shape == x.shape[:1] else np.array([-1])
    if x.shape[1:] != (28, 28) or labels.min() < 0 or labels.max() >= len(CLASSES[part]):
        raise UserError("{path} holds something else than EMNIST's images: download it again.", path=path)
    return np.ascontiguousarray(x.whole().swapaxes(1, 2))[:, None], labels


EMNIST = DatasetEntry(
    name=NAME,
    title="EMNIST",
    summary="Handwritten digits and letters of 28x28 pixels in six parts, of 70,000 to 814,255 images.",
    licence=PUBLISHED[NAME].licence,
    shape=(1, 28, 28),
    read=read,
    needs_download=True,
    available=partial(present, NAME),
    variants=tuple(CLASSES),
    variant_title=Message("Part"),
    uses=("variant",),
)
