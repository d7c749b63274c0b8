"""Checks of the parts of a checkpoint; each raises ValueError with what is wrong."""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from vae_core.axes.table_layout import TableLayout
from vae_core.config import ModelConfig
from vae_core.data.tables.columns import Column, Columns, layout_of
from vae_core.errors import UserError
from vae_core.utils.npz import Arrays
from vae_core.utils.strict_json import is_count, is_finite

Figures = dict[str, float | int | None]  # measured figures by name
WEIGHTS, RUN, LATENTS = "weights.safetensors", "run.json", "latents.npz"
REQUIRED_FIGURES = ("distortion", "images")  # figures that every checkpoint must have
BOUND_FIGURES = ("elbo", "rate")  # figures that a model with a density must also have
LARGEST_FIGURE = 1e12  # largest absolute value of a figure
LARGEST_CODE = 1e6  # largest absolute value of a code: squares of larger ones overflow in the browser
MAX_CLASSES, LONGEST_NAME = 256, 200  # classes with a colour each on a map, characters of a name


def figures(value: Any, is_autoencoder: bool) -> Figures:
    """The figures by name, each a finite number or None, with all required ones."""
    found = _mapping(value, "figures")
    for name, number in found.items():
        if number is not None and not (is_finite(number) and abs(number) <= LARGEST_FIGURE):
            raise ValueError(f"its figure '{name[:LONGEST_NAME]}' is not a finite number")
    for name in REQUIRED_FIGURES if is_autoencoder else REQUIRED_FIGURES + BOUND_FIGURES:
        if found.get(name) is None:
            raise ValueError(f"its figures lack '{name}'")
    if not is_count(found["images"]):
        raise ValueError("its figure 'images' is not a whole number")
    return found


def training(value: Any) -> dict[str, str | int | float | None]:
    """Facts about the training, texts and numbers by name; `seconds`, if present, is a number."""
    found = _mapping(value, "training")
    if not all(isinstance(item, str) or item is None or is_finite(item) for item in found.values()):
        raise ValueError("a fact about its training is neither text nor number")
    if not is_finite(found.get("seconds", 0.0)):
        raise ValueError("the seconds of its training are not a number")
    return found


def classes(value: Any, model: ModelConfig) -> tuple[str, ...]:
    """The names of the classes; their number is that of the model's classes, if both are given."""
    if not isinstance(value, list) or not all(isinstance(name, str) and len(name) <= LONGEST_NAME for name in value):
        raise ValueError(f"its classes are not a list of names of at most {LONGEST_NAME} characters")
    if max(len(value), model.classes) > MAX_CLASSES:
        raise ValueError(f"it has {max(len(value), model.classes)} classes, and at most {MAX_CLASSES} are allowed")
    if value and model.classes and len(value) != model.classes:
        raise ValueError(f"it names {len(value)} classes for a model of {model.classes}")
    return tuple(value)


def hashes(value: Any) -> dict[str, str]:
    """The SHA-256 of each of the other two files, in hexadecimal digits."""
    found = _mapping(value, "checksums")
    for name in (WEIGHTS, LATENTS):
        if not isinstance(found.get(name), str) or not re.fullmatch(r"[0-9a-f]{64}", found[name]):
            raise ValueError(f"it has no checksum of {name}")
    return {name: found[name] for name in (WEIGHTS, LATENTS)}


def columns(value: Any, model: ModelConfig) -> Columns:
    """The columns of a table, which fit the model's layout; none for other data."""
    if not isinstance(value, list):
        raise ValueError("its columns are not a list")
    try:
        found = tuple(Column.parse(item if isinstance(item, dict) else {}) for item in value)
    except UserError as error:
        raise ValueError(f"one of its columns is wrong: {error}") from None
    if layout_of(found) != TableLayout.of(model):
        raise ValueError("its columns are not those that its model takes")
    if len({column.name for column in found}) < len(found):
        raise ValueError("two of its columns have the same name")
    return found


def drawable(model: ModelConfig) -> None:
    """Check that the model's output can be shown: images of one or three channels, points in the plane, or rows of a table."""
    if model.kind == "row":
        return
    if model.shape != (2,) and (len(model.shape) != 3 or model.shape[0] not in (1, 3)):
        raise ValueError(f"a picture of shape {model.shape} cannot be drawn")


def weights(tensors: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> None:
    """Check that the tensors have the names, shapes and types of the model's state, and finite values."""
    for name in sorted(wanted.keys() - tensors.keys()):
        raise ValueError(f"it lacks the tensor '{name}', which the model needs")
    for name in sorted(tensors.keys() - wanted.keys()):
        raise ValueError(f"it holds a tensor '{name[:LONGEST_NAME]}', which the model does not have")
    for name, tensor in wanted.items():
        given = tensors[name]
        if given.shape != tensor.shape:
            raise ValueError(f"the tensor '{name}' has shape {tuple(given.shape)}, not {tuple(tensor.shape)}")
        if given.dtype != tensor.dtype:
            raise ValueError(f"the tensor '{name}' has type {given.dtype}, not {tensor.dtype}")
        unset = tensor.isnan() & given.isnan()  # as it is before the first training step
        if not (torch.isfinite(given) | unset).all():
            raise ValueError(f"the tensor '{name}' holds NaN or an infinite number")


def latents(arrays: Arrays, model: ModelConfig, classes: int) -> None:
    """Check that there is a finite code for each test image, and a label below the number of classes."""
    mean, scale, labels = arrays["mean"], arrays["scale"], arrays["labels"]
    shape = (len(labels), model.latent_dim)
    if not len(labels) or mean.shape != shape or scale.shape != shape or labels.ndim != 1:
        raise ValueError(
            f"it holds codes of shape {mean.shape}, which do not fit a code of {model.latent_dim} dimensions"
        )
    for array in (mean, scale):
        if not np.isfinite(array).all() or float(np.abs(array).max()) > LARGEST_CODE:
            raise ValueError("a code in it is NaN, infinite or too large")
    if scale.min() < 0:
        raise ValueError("a standard deviation in it is negative")
    known = max(classes, model.classes, 1)
    if labels.min() < 0 or labels.max() >= known:
        raise ValueError(f"it holds a label beyond the {known} classes there are")


def _mapping(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"its {what} are not a JSON object")
    return value
