"""Class-balanced choice of images: which keep their labels in a semi-supervised training, and which a snapshot shows."""

import torch
from torch import Generator, Tensor

from vae_core.config import DataConfig
from vae_core.utils.arrays import balanced_order


def balanced_indices(labels: Tensor, count: int) -> Tensor:
    """Indices of `count` images: the first of each class, then the second of each class, and so on."""
    return torch.from_numpy(balanced_order(labels.numpy())[:count])


def mask_labels(labels: Tensor, config: DataConfig) -> Tensor:
    """Labels (N,) with all but `config.labelled` of them replaced by -1, which means unlabelled.

    The labelled images are drawn at random with the data's seed; the counts per class differ by at most one.
    """
    if config.labelled is None:
        return labels
    order = torch.randperm(len(labels), generator=Generator().manual_seed(config.seed))
    labelled = order[balanced_indices(labels[order], config.labelled)]
    masked = torch.full_like(labels, -1)
    masked[labelled] = labels[labelled]
    return masked
