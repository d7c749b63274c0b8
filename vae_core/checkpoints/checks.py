"""Checks of the parts of a checkpoint; each raises ValueError with what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from vae_core.axes.table_layout import TableLayout
from vae_core.config import ModelConfig
from vae_core.data.own_caption import OwnCaption
from vae_core.data.tables.columns import Column, Columns, layout_of
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.data.words import Caption
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils.lazy import torch
from vae_core.utils.npz import Arrays
from vae_core.utils.strict_json import is_count, is_finite

if TYPE_CHECKING:
    from torch import Tensor

Figures = dict[str, float | int | None]  # measured figures by name
WEIGHTS, RUN, LATENTS = "weights.safetensors", "run.json", "latents.npz"
REQUIRED_FIGURES = ("distortion", "images")  # figures that every checkpoint must have
BOUND_FIGURES = ("elbo", "rate")  # figures that a model with a density must also have
LARGEST_FIGURE = 1e12  # largest absolute value of a figure
LARGEST_CODE = 1e6  # largest absolute value of a code: squares of larger ones overflow in the browser
MAX_CLASSES, LONGEST_NAME = 256, 200  # classes with a colour each on a map, characters of a name


def figures(value: Any, is_autoencoder: bool) -> Figures:
    """The figures by name, each a finite number or None, with all required ones."""
    found = _mapping(value, Message("figures"))
    for name, number in found.items():
        if number is not None and not (is_finite(number) and abs(number) <= LARGEST_FIGURE):
            raise ValueError(Message("its figure '{name}' is not a finite number", name=name[:LONGEST_NAME]))
    for name in REQUIRED_FIGURES if is_autoencoder else REQUIRED_FIGURES + BOUND_FIGURES:
        if found.get(name) is None:
            raise ValueError(Message("its figures lack '{name}'", name=name))
    if not is_count(found["images"]):
        raise ValueError(Message("its figure 'images' is not a whole number"))
    return found


def training(value: Any) -> dict[str, str | int | float | None]:
    """Facts about the training, texts and numbers by name; `seconds`, if present, is a number."""
    found = _mapping(value, Message("training facts"))
    if not all(isinstance(item, str) or item is None or is_finite(item) for item in found.values()):
        raise ValueError(Message("a fact about its training is neither text nor number"))
    if not is_finite(found.get("seconds", 0.0)):
        raise ValueError(Message("the seconds of its training are not a number"))
    return found


def classes(value: Any, model: ModelConfig) -> tuple[str, ...]:
    """The names of the classes; their number is that of the model's classes, if both are given."""
    if not isinstance(value, list) or not all(isinstance(name, str) and len(name) <= LONGEST_NAME for name in value):
        raise ValueError(
            Message("its classes are not a list of names of at most {longest} characters", longest=LONGEST_NAME)
        )
    if max(len(value), model.classes) > MAX_CLASSES:
        raise ValueError(
            Message(
                "it has {classes} classes, and at most {most} are allowed",
                classes=max(len(value), model.classes),
                most=MAX_CLASSES,
            )
        )
    if value and model.classes and len(value) != model.classes:
        raise ValueError(
            Message("it names {named} classes for a model of {classes}", named=len(value), classes=model.classes)
        )
    return tuple(value)


def hashes(value: Any) -> dict[str, str]:
    """The SHA-256 of each of the other two files, in hexadecimal digits."""
    found = _mapping(value, Message("checksums"))
    for name in (WEIGHTS, LATENTS):
        if not isinstance(found.get(name), str) or not re.fullmatch(r"[0-9a-f]{64}", found[name]):
            raise ValueError(Message("it has no checksum of {name}", name=name))
    return {name: found[name] for name in (WEIGHTS, LATENTS)}


def columns(value: Any, model: ModelConfig) -> Columns:
    """The columns of a table, which fit the model's layout; none for other data."""
    if not isinstance(value, list):
        raise ValueError(Message("its columns are not a list"))
    try:
        found = tuple(Column.parse(item if isinstance(item, dict) else {}) for item in value)
    except UserError as error:
        raise ValueError(Message("one of its columns is wrong: {error}", error=error)) from None
    if layout_of(found) != TableLayout.of(model):
        raise ValueError(Message("its columns are not those that its model takes"))
    if len({column.name for column in found}) < len(found):
        raise ValueError(Message("two of its columns have the same name"))
    return found


def vocabulary(value: Any, model: ModelConfig) -> Vocabulary | None:
    """The words of a model of sentences, as many as it knows; None for other data."""
    if value is None and not model.vocabulary:
        return None
    try:
        found = Vocabulary.parse(value if isinstance(value, dict) else {})
    except UserError as error:
        raise ValueError(Message("its vocabulary is wrong: {error}", error=error)) from None
    if len(found) != model.vocabulary:
        raise ValueError(Message("its vocabulary is not that which its model takes"))
    return found


def own_caption(value: Any) -> OwnCaption | None:
    """The words beside a person's own pictures; None for other data."""
    if value is None:
        return None
    try:
        return OwnCaption.parse(value if isinstance(value, dict) else {})
    except UserError as error:
        raise ValueError(Message("its words are wrong: {error}", error=error)) from None


def caption(value: Caption | None, model: ModelConfig) -> None:
    """Check that the words of a model of pairs are those that its data have."""
    if (value.sizes if value else ()) != model.words:
        raise ValueError(Message("its words are not those that its model takes"))


def drawable(model: ModelConfig) -> None:
    """Check that the output can be shown: images of one or three channels, points in the plane, rows of a table, or sentences."""
    if model.kind in ("row", "tokens"):
        return
    if model.shape != (2,) and (len(model.shape) != 3 or model.shape[0] not in (1, 3)):
        raise ValueError(Message("a picture of shape {shape} cannot be drawn", shape=model.shape))


def weights(tensors: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> None:
    """Check that the tensors have the names, shapes and types of the model's state, and finite values."""
    for name in sorted(wanted.keys() - tensors.keys()):
        raise ValueError(Message("it lacks the tensor '{name}', which the model needs", name=name))
    for name in sorted(tensors.keys() - wanted.keys()):
        raise ValueError(Message("it holds a tensor '{name}', which the model does not have", name=name[:LONGEST_NAME]))
    for name, tensor in wanted.items():
        given = tensors[name]
        if given.shape != tensor.shape:
            raise ValueError(
                Message(
                    "the tensor '{name}' has shape {given}, not {wanted}",
                    name=name,
                    given=tuple(given.shape),
                    wanted=tuple(tensor.shape),
                )
            )
        if given.dtype != tensor.dtype:
            raise ValueError(
                Message(
                    "the tensor '{name}' has type {given}, not {wanted}",
                    name=name,
                    given=given.dtype,
                    wanted=tensor.dtype,
                )
            )
        unset = tensor.isnan().to(given.device) & given.isnan()  # as it is before the first training step
        if not (torch.isfinite(given) | unset).all():
            raise ValueError(Message("the tensor '{name}' holds NaN or an infinite number", name=name))


def latents(arrays: Arrays, model: ModelConfig, classes: int) -> None:
    """Check that there is a finite code for each test image, and a label below the number of classes."""
    mean, scale, labels = arrays["mean"], arrays["scale"], arrays["labels"]
    shape = (len(labels), model.latent_dim)
    if not len(labels) or mean.shape != shape or scale.shape != shape or labels.ndim != 1:
        raise ValueError(
            Message(
                "it holds codes of shape {shape}, which do not fit a code of {latent_dim} dimensions",
                shape=mean.shape,
                latent_dim=model.latent_dim,
            )
        )
    for array in (mean, scale):
        if not np.isfinite(array).all() or float(np.abs(array).max()) > LARGEST_CODE:
            raise ValueError(Message("a code in it is NaN, infinite or too large"))
    if scale.min() < 0:
        raise ValueError(Message("a standard deviation in it is negative"))
    known = max(classes, model.classes, 1)
    if labels.min() < 0 or labels.max() >= known:
        raise ValueError(Message("it holds a label beyond the {known} classes there are", known=known))


def _mapping(value: Any, what: Message) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(Message("its {what} are not a JSON object", what=what))
    return value
