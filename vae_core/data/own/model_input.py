"""Pictures and labels that a person gives to a model, in whatever form, as the model's own input."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae_core.config import ModelConfig
from vae_core.data.own.image_axes import channels_first, recognise_axes
from vae_core.data.own.loaders_and_containers import is_one
from vae_core.data.own.to_numpy import plain_array
from vae_core.data.own.value_range import (
    CLEAR,
    SLACK,
    ValueRange,
    ValueSurvey,
    recognise_range,
    refuse_no_numbers,
    refuse_unusable,
    to_model,
)
from vae_core.errors import UserError, say
from vae_core.messages import Message

PLACE = "The input"
FAR = 1.0  # so far outside 0 to 1 are the values of pictures with noise, which keep them
BYTES = ValueRange(0, 255, Message("Bytes, taken as 0 (black) to 255 (white)."), plain=True)


def is_model_input(x: Tensor, model: ModelConfig, look: bool) -> bool:
    """Whether the model takes x as it is: floats (N, *shape), for images from 0 to 1; `look` at the values for that."""
    if not x.is_floating_point() or tuple(x.shape[1:]) != model.shape:
        return False
    if not look or model.kind != "picture" or not x.numel():
        return True
    low, high = (float(value) for value in torch.aminmax(x.detach()))
    return low >= -SLACK and high <= 1 + SLACK


def model_input(data: Any, model: ModelConfig, trained: ValueRange | None, stacklevel: int) -> Tensor:
    """Pictures as float32 (N, *shape) from 0 to 1: an array or tensor of any axes and values, a list, or one picture alone.

    Floats from 0 to 1 are the model's own values. Others are read in the range `trained`, of the pictures that the model was trained
    on, if they fit into it, else in the range that is recognised, which a warning says. Raises UserError for what cannot be meant.
    """
    x = plain_array(data, PLACE)
    refuse_no_numbers(x)
    x = x[None] if is_one(x.shape, model.shape) else x
    axes = recognise_axes(x.shape, model.shape)
    x = channels_first(x, axes)
    survey = ValueSurvey()
    survey.add(x)
    refuse_unusable(survey)
    if model.kind != "picture":
        return torch.from_numpy(np.array(x, np.float32, order="C"))
    values, said = _range(survey, x.dtype, trained)
    clear = CLEAR if axes.shape != model.shape else None
    say([note for note in (axes.sentence, clear, said) if note], stacklevel + 1)
    scaled = np.array(to_model(x, values, model.shape[0]), np.float32, order="C")
    return torch.from_numpy(scaled) / (1 if x.dtype.kind == "f" else 255)


def _range(
    survey: ValueSurvey, dtype: np.dtype[Any], trained: ValueRange | None
) -> tuple[ValueRange | None, Message | None]:
    """The range in which values are read, None where they are left as they are; and what is worth saying about it."""
    low, high, floats = survey.low, survey.high, dtype.kind == "f"
    if floats and low >= -SLACK and high <= 1 + SLACK:
        return None, None
    if trained and _holds(trained, survey) and (trained.high <= 1 or not {low, high} <= {0, 1}):
        return trained, None
    if dtype == np.uint8 and high > 1:
        return BYTES, None
    if floats and low >= -FAR and high <= 1 + FAR and low > -1 + SLACK:
        return None, Message(
            "Values {low:.4g} to {high:.4g}, left as they are: 0 is black, and 1 white.", low=low, high=high
        )
    found = recognise_range(survey, dtype)
    if found.stretched:
        raise UserError(
            "The model's images have values from 0 to 1, these range from {low:.4g} to {high:.4g}, which may mean any grey levels: "
            "scale them first.",
            low=low,
            high=high,
        )
    return found, None if found.plain else found.sentence


def _holds(values: ValueRange, survey: ValueSurvey) -> bool:
    slack = SLACK * (values.high - values.low)
    return values.low - slack <= survey.low and survey.high <= values.high + slack


def model_labels(y: Any, model: ModelConfig, classes: Sequence[str]) -> Tensor | None:
    """Labels (N,) as the numbers of a conditional model's classes, from numbers or from names among `classes`.

    Floats (N, K) stay as they are. Raises UserError for a number or a name that the model does not know.
    """
    if y is None or not model.classes or (isinstance(y, Tensor) and y.is_floating_point()):
        return y if isinstance(y, Tensor) else None
    labels = plain_array(y, PLACE)
    if labels.dtype.kind == "U":
        known = {name: number for number, name in enumerate(classes)}
        labels = np.array([known.get(name, -1) for name in labels.ravel().tolist()])
    if (
        labels.dtype.kind not in "biu"
        or labels.ndim != 1
        or (len(labels) and not 0 <= labels.min() <= labels.max() < model.classes)
    ):
        if not classes:
            raise UserError("Give one label for each picture: a number from 0 to {last}.", last=model.classes - 1)
        raise UserError(
            "Give one label for each picture: a number from 0 to {last}, or a name ({names}).",
            last=model.classes - 1,
            names=", ".join(classes),
        )
    return torch.from_numpy(np.array(labels, np.int64, order="C"))
