"""A person's pictures, in whatever form they are given, as one Dataset, with notes on how they were read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vae_core.config import ModelConfig
from vae_core.data.base import Dataset, Split
from vae_core.data.own.image_axes import channels_first, recognise_axes
from vae_core.data.own.labels import Labels, for_model, one_a_picture, recognise_labels
from vae_core.data.own.loaders_and_containers import PLACE, gather
from vae_core.data.own.to_numpy import joined, refuse_unlike_types
from vae_core.data.own.value_range import CLEAR, ValueRange, ValueSurvey, recognise_range, refuse_no_numbers, to_model
from vae_core.data.tables.dataset import is_frame, of_frame
from vae_core.errors import UserError, say
from vae_core.messages import Message
from vae_core.utils.arrays import Int64
from vae_core.utils.finite_checks import ROWS, describe_non_finite

Array = NDArray[Any]


@dataclass(frozen=True)
class OwnData:
    """A person's pictures, and the range of the values that they came with; None for points and rows, which keep theirs."""

    data: Dataset
    values: ValueRange | None = None


def from_arrays(data: Any, model: ModelConfig, seed: int = 0) -> Dataset:
    """A Dataset of the model's shape, from pictures with or without labels, with a tenth held out for validation and test.

    `data` is an array or tensor (N, C, H, W), (N, H, W, C), (N, H, W) or (N, D); a list of pictures; a pair of these and labels, or
    of pictures to train on and others to hold out; a loader or a data set; a dict or a table. How values, axes and labels were
    recognised is in `notes`, and a warning says it, wherever it is not plain. Raises UserError for what cannot be meant.
    """
    own = read_own(data, model, seed)
    say(own.data.notes, stacklevel=3)
    return own.data


def read_own(data: Any, model: ModelConfig, seed: int = 0) -> OwnData:
    """As `from_arrays`, without a warning, and with the range of the values."""
    if isinstance(data, Dataset):
        return OwnData(data)
    if is_frame(data) and model.kind == "row":
        return OwnData(of_frame(data, model.classes > 0, seed))
    found = gather(data, model.shape)
    parts = [found] if found.held_out is None else [found, found.held_out]
    axes = [recognise_axes(part.images.shape, model.shape) for part in parts]
    pictures = [channels_first(part.images, one) for part, one in zip(parts, axes, strict=True)]
    values = _range(pictures, model)
    labels = _labels([part.labels for part in parts], [len(x) for x in pictures], model.classes)
    splits = _splits(pictures, np.split(labels.y, [len(pictures[0])]), values, model, seed)
    clear = CLEAR if any(one.shape != model.shape for one in axes) else None
    said = [*found.notes, *(one.sentence for one in axes), clear, _sentence(values), labels.sentence]
    notes = tuple(dict.fromkeys(note for note in said if note))
    return OwnData(Dataset("arrays", "Your arrays", *splits, classes=labels.classes, notes=notes), values)


def _sentence(values: ValueRange | None) -> Message | None:
    return None if values is None or values.plain else values.sentence


def _range(pictures: Sequence[Array], model: ModelConfig) -> ValueRange | None:
    """The range of all pictures together; None for points, which are only checked."""
    if model.kind != "picture":
        _refuse_bad_points(pictures)
        return None
    survey = ValueSurvey()
    refuse_unlike_types(pictures, PLACE)
    for block in _blocks(*pictures):
        survey.add(block)
    return recognise_range(survey, pictures[0].dtype)


def _blocks(*arrays: Array) -> Iterator[Array]:
    """All rows, a few thousand at a time, so that a conversion needs little memory."""
    return (x[at : at + ROWS] for x in arrays for at in range(0, len(x), ROWS))


def _splits(
    pictures: Sequence[Array], labels: Sequence[Int64], values: ValueRange | None, model: ModelConfig, seed: int
) -> tuple[Split, Split, Split]:
    """Training pictures, and those held out, which are both validation and test: the person's own, or a tenth at random."""
    count = len(pictures[0])
    order = torch.randperm(count, generator=torch.Generator().manual_seed(seed)).numpy()
    held_out = max(1, count // 10)
    rows = [order[held_out:], order[:held_out]] if len(pictures) == 1 else [order, np.arange(len(pictures[-1]))]
    train, val = (
        Split(_converted(x, row, values, model), torch.from_numpy(y[row]))
        for x, y, row in zip((pictures[0], pictures[-1]), (labels[0], labels[len(pictures) - 1]), rows, strict=True)
    )
    return train, val, val


def _converted(x: Array, rows: Int64, values: ValueRange | None, model: ModelConfig) -> Tensor:
    """The rows as the model takes them: whole numbers as bytes, floats as float32 from 0 to 1, points as they are."""
    whole = values is not None and x.dtype.kind != "f"
    out = np.empty((len(rows), *model.shape), np.uint8 if whole else np.float32)
    for at in range(0, len(rows), ROWS):
        block = x[rows[at : at + ROWS]]
        out[at : at + ROWS] = block if values is None else to_model(block, values, model.shape[0])
    return torch.from_numpy(out)


def _refuse_bad_points(points: Sequence[Array]) -> None:
    for x in points:
        refuse_no_numbers(x)
        if problem := describe_non_finite(torch.tensor(x), Message("row")):
            raise UserError("These data cannot be used: {problem}. Leave it out or correct it.", problem=problem)


def _labels(parts: Sequence[Array | None], counts: Sequence[int], classes: int) -> Labels:
    """The labels of all parts, one after the other, with as many classes as a conditional model has."""
    given = [labels for labels in parts if labels is not None]
    if len(given) < len(parts):
        if classes:
            raise UserError("This model is conditional: give pairs of images and labels.")
        return Labels(np.zeros(sum(counts), np.int64), ())
    each = [one_a_picture(labels, count, PLACE) for labels, count in zip(given, counts, strict=True)]
    found = recognise_labels(joined(each, PLACE), sum(counts), PLACE)
    return for_model(found, classes) if classes else found
