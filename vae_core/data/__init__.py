"""DATASETS: name -> three splits of tensors in memory; nothing is downloaded unless asked for."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Generator, Tensor

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, Split
from vae_core.data.digits import DIGITS
from vae_core.data.download import Progress, download
from vae_core.data.mnist import FASHION_MNIST, KMNIST, MNIST
from vae_core.data.own_pictures import PICTURES
from vae_core.data.points import POINTS
from vae_core.data.sprites import SPRITES
from vae_core.errors import UserError
from vae_core.utils.paths import data_dir as find_data_dir

__all__ = ["DATASETS", "Dataset", "Family", "Progress", "Split", "download", "load", "to_input"]

DATASETS: dict[str, DatasetEntry] = {
    f.name: f for f in (DIGITS, MNIST, FASHION_MNIST, KMNIST, SPRITES, POINTS, PICTURES)
}


def load(config: DataConfig, data_dir: str | Path | None = None) -> Dataset:
    """The data set that `config` describes; raises UserError saying what is missing or broken and what to do.

    The target "static" is applied here (every image becomes 0 or 255 once, by the seed), "dynamic" batch by batch in `to_input`.
    """
    entry = DATASETS.get(config.dataset)
    if entry is None:
        raise UserError(f"There is no data set '{config.dataset}': choose one of {', '.join(DATASETS)}.")
    data = entry.read(config, find_data_dir(data_dir))
    if config.target != "static":
        return data
    rng = np.random.default_rng([config.seed, 1])
    train, val, test = (replace(part, x=_binarise(part.x, rng)) for part in (data.train, data.val, data.test))
    return replace(data, train=train, val=val, test=test)


def _binarise(x: Tensor, rng: np.random.Generator) -> Tensor:
    """White with probability x / 255, exactly (Salakhutdinov and Murray 2008); drawn in place to keep memory low."""
    for rows in x.split(4096):
        chance = rng.integers(0, 255, tuple(rows.shape), dtype=np.uint8)
        rows.copy_(torch.from_numpy((chance < rows.numpy()).astype(np.uint8) * 255))
    return x


def to_input(x: Tensor, target: str = "grey", generator: Generator | None = None) -> Tensor:
    """Model input float32: uint8 becomes [0, 1], and for "dynamic" 0 or 1 drawn with that probability; points pass through."""
    if x.dtype != torch.uint8:
        return x.float()
    if target != "dynamic":
        return x / 255
    # 0 to 254, as in _draw: exact, and in a quarter of torch.bernoulli's time.
    chance = torch.empty_like(x).random_(0, 255, generator=generator)
    return (chance < x).float()
