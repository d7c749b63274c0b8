"""CIFAR-10 from its binary version; the pickled version is never loaded."""

from functools import partial
from pathlib import Path

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry
from vae_core.data.own.archives import opened
from vae_core.data.own.archives.files import File, damage_named
from vae_core.data.own.formats.cifar import cifar_arrays, label_bytes
from vae_core.data.published.sources import PUBLISHED, folder_of, missing, present
from vae_core.data.published.splits import Images, with_held_out
from vae_core.errors import UserError

NAME = "cifar10"
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """The official test split; 5,000 of the 50,000 training images are the validation split."""
    if not present(NAME, data_dir):
        raise missing(NAME, data_dir)
    path = folder_of(NAME, data_dir) / "cifar-10-binary.tar.gz"
    with damage_named(str(path)), opened(path) as archive:
        batches = [file for file in archive.files if label_bytes(file) == 1]
        train, test = (
            _images([file for file in batches if file.name.name.startswith("test") == held], path)
            for held in (False, True)
        )
    return with_held_out(NAME, CIFAR10.title, train, test, CLASSES, config.seed)


def _images(batches: list[File], path: Path) -> Images:
    pairs = [cifar_arrays(file) for file in sorted(batches, key=lambda file: file.name)]
    if not pairs:
        raise UserError("{path} lacks data_batch_1.bin or test_batch.bin: download it again.", path=path)
    labels = np.concatenate([y.whole() for _, y in pairs]).astype(np.int64)
    if labels.max() >= len(CLASSES):
        raise UserError("{path} holds something else than CIFAR-10: download it again.", path=path)
    return np.concatenate([x.whole() for x, _ in pairs]), labels


CIFAR10 = DatasetEntry(
    name=NAME,
    title="CIFAR-10",
    summary="60,000 photographs of animals and vehicles, 32x32 pixels in colour.",
    licence=PUBLISHED[NAME].licence,
    shape=(3, 32, 32),
    read=read,
    needs_download=True,
    available=partial(present, NAME),
)
