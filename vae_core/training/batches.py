"""Training batches: inputs and labels of the images at given indices, labelled batches, and class-balanced choices of images."""

import torch
from torch import Generator, Tensor

from vae_core.config import DataConfig
from vae_core.data import Dataset, to_input
from vae_core.devices.choice import fits
from vae_core.devices.noise import whole
from vae_core.presets.run_config import RunConfig
from vae_core.utils.arrays import balanced_order


class Batches:
    """The training split, with hidden labels as -1; `noise` draws binary pixels and the labelled batches.

    Batches lie on the `device`. The images stay there too where they fit, else each batch is copied to it.
    """

    def __init__(self, data: Dataset, run: RunConfig, noise: Generator, device: torch.device) -> None:
        self.target, self.size, self.noise, self.device = run.data.target, run.train.batch_size, noise, device
        self.x = data.train.x.to(device) if fits(data.train.x, device) else data.train.x
        self.labels = mask_labels(data.train.labels, run.data).to(device)
        words = data.words_of(data.train).to(device) if run.model.words else None
        self.told = self.labels if words is None and run.model.classes else words
        self.labelled_rows = None if run.data.labelled is None else (self.labels >= 0).nonzero().squeeze(1)

    def take(self, indices: Tensor) -> tuple[Tensor, Tensor | None]:
        """Inputs x (B, *shape) of the images at `indices` (B,), and what the model is told: labels (B,), words (B, W) or None."""
        return self._input(indices), None if self.told is None else self.told[indices.to(self.device)]

    def labelled(self) -> tuple[Tensor, Tensor] | None:
        """Inputs and labels of at most one batch of labelled images, drawn with replacement; None where all are labelled."""
        rows = self.labelled_rows
        if rows is None:
            return None
        if len(rows) > self.size:
            rows = rows[whole(len(rows), (self.size,), rows, self.noise)]
        return self._input(rows), self.labels[rows]

    def _input(self, rows: Tensor) -> Tensor:
        chosen = self.x.index_select(0, rows.to(self.x.device))
        return to_input(chosen.to(self.device), self.target, self.noise)


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
