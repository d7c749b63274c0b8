"""Pictures and labels that have names: the entries of a dict, such as a batch of a loader, and the columns of a table."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vae_core.data.own.value_range import NUMERIC
from vae_core.errors import UserError

IMAGES = (
    "images",
    "image",
    "pixel_values",
    "imgs",
    "img",
    "x",
    "x_train",
    "train_images",
    "data",
    "inputs",
    "features",
)
LABELS = ("labels", "label", "y", "y_train", "train_labels", "target", "targets", "class", "classes")
HELD_OUT = (("x_test", "y_test"), ("test_images", "test_labels"), ("x_val", "y_val"), ("val_images", "val_labels"))
PIXEL = re.compile(r"(pixel|px|p)?[ _.-]?\d+(x\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class NamedParts:
    """Pictures, their labels if there are any, others of both to hold out, and the names of all that was left out."""

    images: Any
    labels: Any = None
    held_out: tuple[Any, Any] | None = None
    left_out: tuple[str, ...] = ()


def from_dict(parts: Mapping[Any, Any]) -> NamedParts:
    """Pictures and labels by the names that public data sets use, in upper or lower case; else the first array is the pictures.

    Raises UserError, with the names, where there is no array.
    """
    image, label = _first(parts, IMAGES), _first(parts, LABELS)
    if image is None:
        image = next((name for name, part in parts.items() if len(getattr(part, "shape", ())) > 1), None)
    if image is None:
        raise UserError(
            "There are no pictures among {names}: name the pictures 'images' and the labels 'labels'.",
            names=", ".join(repr(str(name)) for name in parts),
        )
    held_out = next(
        (tuple(_first(parts, (name,)) for name in pair) for pair in HELD_OUT if _first(parts, pair[:1])), ()
    )
    left_out = tuple(str(name) for name in parts if name not in (image, label, *held_out))
    found = [None if name is None else parts[name] for name in (image, label, *held_out)]
    return NamedParts(found[0], found[1], (found[2], found[3]) if held_out else None, left_out)


def is_table(data: Any) -> bool:
    """Whether `data` is a table of named columns, such as a DataFrame of pandas or polars."""
    return hasattr(data, "columns") and hasattr(data, "to_numpy")


def from_table(table: Any) -> NamedParts:
    """A column for each pixel, such as pixel0, pixel1 ..., and perhaps one named 'label'.

    Where the columns of pixels are numbered, others are left out. Raises UserError naming the first column that holds no numbers.
    """
    names = list(table.columns)
    label = _first(names, LABELS)
    others = [name for name in names if name != label]
    numbered = [name for name in others if PIXEL.fullmatch(str(name))]
    pixels = numbered if len(numbered) > len(others) / 2 else others
    columns = [np.asarray(table[name]) for name in pixels]
    for name, column in zip(pixels, columns, strict=True):
        if column.dtype.kind not in NUMERIC:
            raise UserError(
                "The column '{column}' holds no numbers: pictures in a table have a column for each pixel, and perhaps one named "
                "'label'.",
                column=name,
            )
    if not columns:
        raise UserError("The table has no columns of pixels.")
    left_out = tuple(str(name) for name in others if name not in pixels)
    return NamedParts(np.stack(columns, 1), None if label is None else table[label], left_out=left_out)


def _first(names: Iterable[Any], wanted: tuple[str, ...]) -> Any:
    """The name that comes first among those wanted, or None."""
    known = {str(name).lower(): name for name in names}
    return next((known[name] for name in wanted if name in known), None)
