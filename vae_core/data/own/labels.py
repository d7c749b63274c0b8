"""A person's labels as classes: numbers from any start, names, bytes, one-hot rows and columns; a refusal where they are not labels."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.data.own.to_numpy import plain_array
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils.arrays import Int64

LETTERS = 256  # of one class's name
ALL_DIFFER = 0.9  # of the pictures: with more classes than this share, labels are numbers of rows, not classes
EXACT = 2**53  # above it a float holds no exact whole number
FEW = 20  # pictures, of which each may have its own class


@dataclass(frozen=True)
class Labels:
    """`y` int64 (N,), indices into `classes`, the person's own labels in order; no classes and only zeros where there are none."""

    y: Int64
    classes: tuple[str, ...]
    sentence: Message | None = None


def recognise_labels(values: Any, count: int, place: str) -> Labels:
    """The labels of `count` pictures, from anything array-like; `place` names them in a refusal, such as a file's name.

    Whole numbers, also as floats, sort as numbers, and so do texts of digits. Rows (N, K) with one 1 each are one-hot. Numbers
    with fractions, and labels that all differ, are no classes, which the sentence says. Raises UserError where there is not one
    label for each picture, and for labels that are missing, not finite or too long.
    """
    array = one_a_picture(plain_array(values, place), count, place)
    if array.ndim == 2:
        return _one_hot(array, place)
    if array.dtype.kind == "S":
        array = plain_array(list(array), place)
    if array.dtype.kind == "U":
        return _classes(array, _text_order(array, place))
    if array.dtype.kind not in "biuf":
        raise UserError("{place} has labels of type {type}: give numbers or names.", place=place, type=array.dtype)
    if array.dtype.kind == "f":
        _refuse_non_finite(array, place)
        if not (np.floor(array) == array).all() or np.abs(array).max(initial=0) > EXACT:
            said = Message(
                "The labels are a number for each picture, with fractions, and no classes: they are left out."
            )
            return Labels(np.zeros(count, np.int64), (), said)
        array = array.astype(np.int64)
    return _classes(array, np.unique(array))


def one_a_picture(array: NDArray[Any], count: int, place: str) -> NDArray[Any]:
    """Labels (N,), also of a column or a row, or (N, K); raises UserError for another number than that of the pictures."""
    if array.size == count and max(array.shape, default=0) == count:
        array = array.ravel()
    if array.ndim not in (1, 2):
        raise UserError(
            "{place} has labels of shape {shape}: give one label for each picture.", place=place, shape=array.shape
        )
    if len(array) != count:
        raise UserError(
            "{place} has {images:,} pictures but {labels:,} labels: give one label for each picture.",
            place=place,
            images=count,
            labels=len(array),
        )
    return array


def is_one_hot(array: NDArray[Any]) -> bool:
    """Whether each row of a table holds a single 1 beside zeros."""
    if array.ndim != 2 or array.dtype.kind not in "biuf":
        return False
    ones = array == 1
    return bool((ones | (array == 0)).all() and (ones.sum(1) == 1).all())


def _one_hot(array: NDArray[Any], place: str) -> Labels:
    if not is_one_hot(array):
        raise UserError(
            "{place} has labels of shape {shape} that are not one-hot: give one label for each picture.",
            place=place,
            shape=array.shape,
        )
    classes = array.shape[1]
    said = Message("Labels of shape {shape}, taken as one-hot: {classes} classes.", shape=array.shape, classes=classes)
    return Labels(array.argmax(1).astype(np.int64), tuple(map(str, range(classes))), said)


def _refuse_non_finite(array: NDArray[Any], place: str) -> None:
    if len(bad := np.flatnonzero(~np.isfinite(array))):
        raise UserError(
            "{place} has a label that is {value}, of picture {row} (counted from 0): correct it, or leave the picture out.",
            place=place,
            value=float(array[bad[0]]),
            row=bad[0],
        )


def _text_order(array: NDArray[Any], place: str) -> NDArray[Any]:
    """The different texts, sorted; as numbers where all are whole numbers."""
    names = np.unique(array)
    for name in names.tolist():
        if not name.strip():
            raise UserError(
                "{place} has an empty label, of picture {row} (counted from 0): name its class, or leave the picture out.",
                place=place,
                row=int((array == name).argmax()),
            )
        if len(name) > LETTERS:
            raise UserError(
                "{place} has labels that are longer than {letters} letters: give short names.",
                place=place,
                letters=LETTERS,
            )
        if any(0xD800 <= ord(letter) < 0xE000 for letter in name):
            raise UserError("{place} has labels that are not text: give names or numbers.", place=place)
    digits = all(name.isascii() and name.removeprefix("-").isdigit() for name in names.tolist())
    return np.array(sorted(names.tolist(), key=int)) if digits else names


def _classes(array: NDArray[Any], order: NDArray[Any]) -> Labels:
    """Labels with classes in this order, or none where nearly every picture has another label."""
    if len(array) > FEW and len(order) > ALL_DIFFER * len(array):
        said = Message("Nearly every picture has a label of its own, which are no classes: they are left out.")
        return Labels(np.zeros(len(array), np.int64), (), said)
    sorter = np.argsort(order)
    y = sorter[np.searchsorted(order, array, sorter=sorter)]
    return Labels(y.astype(np.int64), tuple(str(name) for name in order.tolist()), None)


def for_model(labels: Labels, count: int) -> Labels:
    """The labels of a model that is conditioned on `count` classes; raises UserError for more, other or no classes.

    Whole numbers below `count` are the model's own numbers of classes, also where some of them do not occur.
    """
    if not labels.classes:
        raise UserError("This model is conditional and needs classes. {sentence}", sentence=labels.sentence or "")
    numbers = tuple(map(str, range(count)))
    if set(labels.classes) <= set(numbers):
        return Labels(np.array(labels.classes, np.int64)[labels.y], numbers, labels.sentence)
    if len(labels.classes) != count:
        raise UserError(
            "The model is conditioned on {count} classes, but these labels have {found}, {first} to {last}: set classes to {found}.",
            count=count,
            found=len(labels.classes),
            first=labels.classes[0],
            last=labels.classes[-1],
        )
    said = Message(
        "The model knows the classes {first} to {last} by the numbers 0 to {largest}.",
        first=labels.classes[0],
        last=labels.classes[-1],
        largest=count - 1,
    )
    return Labels(labels.y, labels.classes, said)
