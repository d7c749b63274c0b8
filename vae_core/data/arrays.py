"""Images in memory, as a tensor, a numpy array or a loader, as one Dataset."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae_core.config import ModelConfig
from vae_core.data.base import Dataset, Split
from vae_core.data.tables.dataset import read_table
from vae_core.errors import UserError
from vae_core.utils.finite_checks import describe_non_finite


def from_arrays(data: Any, model: ModelConfig, seed: int = 0) -> Dataset:
    """A Dataset of the model's shape, with a tenth for validation and test, from images (N, C, H, W), (N, H, W) or (N, D).

    `data` is a tensor, an array, a pair of images and labels, or a loader that yields batches of either; floats in
    [0, 1] or uint8. For a model of a table it is a DataFrame. A Dataset is taken as it is. Raises UserError when shape or values do
    not fit the model, and names the first value that is NaN or infinite.
    """
    if isinstance(data, Dataset):
        return data
    if model.columns and hasattr(data, "iloc"):
        return read_table(data, seed=seed)
    x, labels = _collect(data)
    if x.shape[1:].numel() != torch.Size(model.shape).numel():
        raise UserError(
            "The model takes images of shape {shape}, these have {given}: give image_size and in_channels to fit.",
            shape=model.shape,
            given=tuple(x.shape[1:]),
        )
    if x.dtype != torch.uint8:
        x = x.float()
        _check(x, model)
    x = x.reshape(-1, *model.shape)
    if model.classes and labels is None:
        raise UserError("This model is conditional: give pairs of images and labels.")
    y = torch.zeros(len(x), dtype=torch.int64) if labels is None else labels.long()
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))
    held_out = max(1, len(x) // 10)
    val, train = (Split(x[i], y[i], None) for i in (order[:held_out], order[held_out:]))
    classes = tuple(str(label) for label in range(model.classes))
    return Dataset("arrays", "Your arrays", train, val, val, classes, ())


def _check(x: Tensor, model: ModelConfig) -> None:
    if problem := describe_non_finite(x, "row" if x.dim() == 2 else "image"):
        raise UserError(
            "These data cannot be used for training: {problem}. Leave it out or correct it.", problem=problem
        )
    if model.kind == "picture" and (x.min() < 0 or x.max() > 1):
        raise UserError(
            "Pixels must lie in [0, 1], these range from {min:g} to {max:g}: leave out Normalize.",
            min=x.min(),
            max=x.max(),
        )


def _collect(data: Any) -> tuple[Tensor, Tensor | None]:
    if isinstance(data, Tensor | np.ndarray):
        return torch.as_tensor(data), None
    pair = isinstance(data, tuple) and len(data) == 2
    batches = [data] if pair else [batch if isinstance(batch, list | tuple) else (batch,) for batch in data]
    if not batches:
        raise UserError("There are no images to train on: the loader is empty.")
    x = torch.cat([torch.as_tensor(batch[0]) for batch in batches])
    labelled = all(len(batch) > 1 for batch in batches)
    return x, torch.cat([torch.as_tensor(batch[1]) for batch in batches]) if labelled else None
