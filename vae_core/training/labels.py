"""Which images stand for each label: those shown in a strip, and those whose label a semi-supervised model is told."""

import numpy as np
import torch
from torch import Generator, Tensor

from vae_core.config import DataConfig


def one_of_each(labels: Tensor, count: int) -> Tensor:
    """Indices of `count` images, the first of each label in turn: a strip that shows every class."""
    turn = torch.zeros_like(labels)
    for label in labels.unique():
        mine = labels == label
        turn[mine] = torch.arange(int(mine.sum()))
    return torch.from_numpy(np.lexsort((labels.numpy(), turn.numpy()))[:count])


def shown_labels(labels: Tensor, config: DataConfig) -> Tensor:
    """Labels (N,), all but `labelled` of them hidden as -1; of each class as many are told as of any other, give or take one."""
    if config.labelled is None:
        return labels
    order = torch.randperm(len(labels), generator=Generator().manual_seed(config.seed))
    told = order[one_of_each(labels[order], config.labelled)]
    shown = torch.full_like(labels, -1)
    shown[told] = labels[told]
    return shown
