"""Anything that holds numbers or texts as a numpy array: tensors, arrays, tables, lists, sparse matrices and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vae_core.errors import UserError
from vae_core.utils.lazy import torch

if TYPE_CHECKING:
    from torch import Tensor


def plain_array(values: Any, place: str) -> NDArray[Any]:
    """`values` as an array without Python objects, or of texts alone; `place` names them in a refusal.

    A sequence of arrays or pictures is stacked. Raises UserError for things of unlike shapes, and for those that are no array.
    """
    if isinstance(values, torch.Tensor):
        return _from_tensor(values)
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise UserError("{place} has masked values: fill them, or leave these rows out.", place=place)
    if hasattr(values, "toarray"):  # a sparse matrix
        values = values.toarray()
    if isinstance(values, Image.Image):
        return _from_picture(values)
    if isinstance(values, Sequence) and not isinstance(values, str | bytes):
        return _stacked(values, place)
    array = np.asarray(values)
    if array.ndim == 0 and not _is_number(values):
        raise UserError(
            "{place} cannot be read from an object of type {type}: give an array or a list of arrays.",
            place=place,
            type=type(values).__name__,
        )
    return _stacked(array.ravel().tolist(), place, array.shape) if array.dtype.hasobject else array


def _from_tensor(tensor: Tensor) -> NDArray[Any]:
    tensor = tensor.detach().cpu()
    tensor = tensor.to_dense() if tensor.layout != torch.strided else tensor
    tensor = tensor.float() if tensor.dtype == torch.bfloat16 else tensor
    return np.asarray(tensor.resolve_conj().resolve_neg().numpy())


def joined(arrays: Sequence[NDArray[Any]], place: str) -> NDArray[Any]:
    """Arrays one after the other along their first axis; raises UserError for unlike shapes, and for types of unlike ranges."""
    shapes = sorted({array.shape[1:] for array in arrays})
    if len(shapes) > 1:
        raise UserError(
            "{place} has arrays of different shapes, {first} and {second}: make them alike first.",
            place=place,
            first=shapes[0],
            second=shapes[-1],
        )
    refuse_unlike_types(arrays, place)
    return np.concatenate(arrays)


def refuse_unlike_types(arrays: Sequence[NDArray[Any]], place: str) -> None:
    """Raise UserError for arrays of types whose values may mean different ranges, such as bytes and floats."""
    types = sorted({_range_of_type(array.dtype) for array in arrays})
    if len(types) > 1:
        raise UserError(
            "{place} has arrays of different types, {first} and {second}, which may mean different ranges: make them alike first.",
            place=place,
            first=types[0],
            second=types[-1],
        )


def _range_of_type(dtype: np.dtype[Any]) -> str:
    """Floats of any size, or texts of any length, are alike; whole numbers are not."""
    return {"f": "float", "U": "text"}.get(dtype.kind, dtype.name)


def _from_picture(picture: Image.Image) -> NDArray[Any]:
    """Grey and RGB pictures as their numbers, others as RGB, or RGBA where they have transparency."""
    if picture.mode not in ("L", "RGB", "RGBA", "F") and not picture.mode.startswith("I"):
        grey = picture.mode == "1"
        picture = picture.convert("L" if grey else "RGBA" if picture.has_transparency_data else "RGB")
    return np.asarray(picture)


def _stacked(values: Sequence[Any], place: str, shape: tuple[int, ...] | None = None) -> NDArray[Any]:
    """The array of a flat sequence, of `shape` where its items are single values."""
    if not len(values):
        return np.empty(shape or (0,))
    if all(isinstance(value, str | bytes) for value in values):
        return _texts(values, place).reshape(shape or -1)
    texts = any(isinstance(value, str | bytes) for value in values)
    if missing := [row for row, value in enumerate(values) if _is_missing(value, texts)]:
        raise UserError("{place} has a missing value, in row {row} (counted from 0).", place=place, row=missing[0])
    if texts:
        raise UserError(
            "{place} has values of several kinds: give all of them as numbers, or all as texts.", place=place
        )
    if all(_is_number(value) for value in values):
        return np.asarray(values).reshape(shape or -1)
    array = joined([plain_array(value, place)[None] for value in values], place)
    return array.reshape(shape + array.shape[1:]) if shape else array


def _is_missing(value: Any, among_texts: bool) -> bool:
    """Whether a value is None, the NA of pandas, or NaN among texts; NaN among numbers is told by those who need numbers."""
    absent = value is None or type(value).__name__ in ("NAType", "NaTType")
    return absent or (among_texts and isinstance(value, float) and value != value)


def _is_number(value: Any) -> bool:
    return isinstance(value, bool | int | float | np.number | np.bool_)


def _texts(values: Sequence[Any], place: str) -> NDArray[np.str_]:
    try:
        return np.array([value.decode() if isinstance(value, bytes) else value for value in values], np.str_)
    except UnicodeDecodeError:
        raise UserError("{place} has bytes that are not text in UTF-8.", place=place) from None
