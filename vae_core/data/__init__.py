"""DATASETS: name -> training, validation and test splits as tensors in memory; `download` is the only function with network access."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, Split, TestImages
from vae_core.data.digits import DIGITS
from vae_core.data.download import Progress, download
from vae_core.data.duplicates_and_imbalance import cleaned
from vae_core.data.fewer_training_images import fewer
from vae_core.data.made.points import POINTS
from vae_core.data.made.sprites import SPRITES
from vae_core.data.mnist import FASHION_MNIST, KMNIST, MNIST
from vae_core.data.own.pictures.own_pictures import PICTURES
from vae_core.data.published.cifar10 import CIFAR10
from vae_core.data.published.emnist import EMNIST
from vae_core.data.published.medmnist import MEDMNIST
from vae_core.data.published.omniglot import OMNIGLOT
from vae_core.data.published.svhn import SVHN
from vae_core.data.scaling_and_binarisation import binarised, to_input
from vae_core.data.some_classes import of_named_classes
from vae_core.data.tables.built_in import TABLES
from vae_core.data.text.molecules import MOLECULES
from vae_core.data.text.names import NAMES
from vae_core.data.text.own_text import TEXT
from vae_core.data.text.sentences import SENTENCES
from vae_core.errors import UserError
from vae_core.utils.paths import data_dir as find_data_dir

__all__ = ["DATASETS", "Dataset", "Progress", "Split", "TestImages", "download", "load", "load_test", "to_input"]

DATASETS: dict[str, DatasetEntry] = {
    one.name: one
    for one in (
        *(DIGITS, MNIST, FASHION_MNIST, KMNIST, EMNIST, CIFAR10, SVHN, OMNIGLOT, MEDMNIST),
        *(SPRITES, POINTS, PICTURES, SENTENCES, NAMES, TEXT, MOLECULES, *TABLES.values()),
    )
}


def load(config: DataConfig, data_dir: str | Path | None = None) -> Dataset:
    """The data set that `config` describes; raises UserError, saying what is missing or damaged and what to do.

    The target "static" is applied here (every pixel becomes 0 or 255 once, by the seed), "dynamic" in each batch by `to_input`.
    """
    entry = DATASETS.get(config.dataset)
    if entry is None:
        raise UserError(
            "There is no data set '{dataset}': choose one of {datasets}.",
            dataset=config.dataset,
            datasets=", ".join(DATASETS),
        )
    _refuse_unused(config, entry)
    read = of_named_classes(entry.read(config, find_data_dir(data_dir)), config)
    data = fewer(cleaned(read, config), config)
    if config.target != "static":
        return data
    rng = np.random.default_rng([config.seed, 1])
    train, val, test = (replace(part, x=binarised(part.x, rng)) for part in (data.train, data.val, data.test))
    return replace(data, train=train, val=val, test=test)


def load_test(config: DataConfig, data_dir: str | Path | None = None) -> TestImages | None:
    """The test split of `load`, read alone and without torch; None where it takes the whole data set to make it.

    Raises UserError as `load` for what is missing or damaged of it.
    """
    entry = DATASETS.get(config.dataset)
    if entry is None or entry.test is None or config.target == "static" or config.without_duplicates:
        return None
    return entry.test(find_data_dir(data_dir))


def _refuse_unused(config: DataConfig, entry: DatasetEntry) -> None:
    """Raise UserError for a setting that would change nothing for this data set."""
    usual, used = DataConfig(), (*entry.uses, *(["held_out"] if entry.held_out else []))
    for name in ("variant", "drawing", "noise", "held_out"):
        if getattr(config, name) != getattr(usual, name) and name not in used:
            raise UserError(
                "The data set '{dataset}' has no setting {setting}: leave it out.", dataset=entry.name, setting=name
            )
