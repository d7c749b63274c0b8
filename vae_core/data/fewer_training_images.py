"""Training on some of the training images: what a model learns from few is measured on the same test images."""

from dataclasses import replace

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, Split
from vae_core.utils.lazy import torch


def fewer(data: Dataset, config: DataConfig) -> Dataset:
    """The data with `config.training_images` of the training images, chosen by the split seed; as they are where there are no more."""
    part, count = data.train, config.training_images
    if count is None or count >= len(part):
        return data
    rows = torch.from_numpy(np.sort(np.random.default_rng([config.seed, 4]).permutation(len(part))[:count]))
    factors = None if part.factors is None else part.factors[rows]
    return replace(data, train=Split(part.x[rows], part.labels[rows], factors))
