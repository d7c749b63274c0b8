"""Whatever holds a person's pictures, as arrays: one array, a pair, batches of a loader, a data set, a dict, a table or a list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from os import PathLike
from typing import Any

from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from vae_core.data.own.dicts_and_frames import NamedParts, from_dict, from_table, is_table
from vae_core.data.own.image_axes import CHANNELS, Shape
from vae_core.data.own.labels import is_one_hot
from vae_core.data.own.to_numpy import joined, plain_array
from vae_core.errors import UserError
from vae_core.messages import Message

Array = NDArray[Any]

PLACE = "Your data set"
TRAIN, HELD_OUT = "train", ("test", "validation", "val")  # keys of a dict of data sets


@dataclass(frozen=True)
class Gathered:
    """Pictures in any axes and values, labels of any kind or None, pictures that are to be held out, and what is worth saying."""

    images: Array
    labels: Array | None = None
    held_out: "Gathered | None" = None
    notes: tuple[Message, ...] = ()


def gather(data: Any, wanted: Shape) -> Gathered:
    """The pictures in `data`, for a model of images of shape `wanted`; raises UserError for what holds none."""
    if isinstance(data, Mapping):
        return _from_mapping(data, wanted)
    if is_table(data):
        return _named(from_table(data))
    if isinstance(data, tuple | list):
        return _from_sequence(data, wanted)
    if _is_array(data):
        return Gathered(plain_array(data, PLACE))
    if isinstance(data, str | bytes | PathLike):
        raise UserError(
            "Pictures are taken from arrays and loaders: for the file or folder {path}, give "
            "load_data(DataConfig(dataset='pictures', path=...)).",
            path=str(data),
        )
    single = hasattr(data, "__getitem__") and hasattr(data, "__len__")  # a data set of torch, whose items have a number
    if getattr(data, "ndim", 1) == 0 or not (single or isinstance(data, Iterable)):
        raise UserError(
            "Pictures cannot be read from an object of type {type}: give an array (N, H, W), a pair of pictures and labels, or a "
            "loader.",
            type=type(data).__name__,
        )
    if isinstance(data, Iterable):
        return _from_parts(data, wanted)
    return _from_parts((data[row] for row in range(len(data))), wanted, single=True)


def is_one(shape: Shape, wanted: Shape) -> bool:
    """Whether an array of this shape is one picture, also of another size than the model's, and no batch of pictures."""
    if len(wanted) != 3 or len(shape) != 3:
        return len(shape) == 1 or (len(shape) == 2 and len(wanted) == 3 and shape[1] != prod(wanted))
    if shape in (wanted, (*wanted[1:], wanted[0])):
        return True
    grey_batch = wanted[0] == 1 and shape[1:] == wanted[1:]
    return not grey_batch and (shape[0] in CHANNELS or shape[2] in CHANNELS)


def _is_array(data: Any) -> bool:
    """Whether `data` holds numbers itself: a tensor, an array, a sparse matrix or a picture; a single number does not."""
    holds = isinstance(data, Tensor | Image.Image) or hasattr(data, "__array__") or hasattr(data, "toarray")
    return holds and getattr(data, "ndim", 1) > 0


def _has_arrays(item: Any) -> bool:
    return isinstance(item, tuple | list) and any(_is_array(part) for part in item)


def _shape(item: Any) -> Shape | None:
    """The shape of an array or a picture, None for anything else."""
    if isinstance(item, Image.Image):
        return (item.height, item.width)
    return tuple(item.shape) if _is_array(item) else None


def _is_picture(item: Any, wanted: Shape) -> bool:
    shape = _shape(item)
    return isinstance(item, Image.Image) or (shape is not None and is_one(shape, wanted))


def _named(parts: NamedParts) -> Gathered:
    held_out = None if parts.held_out is None else _named(NamedParts(*parts.held_out))
    labels = None if parts.labels is None else plain_array(parts.labels, PLACE)
    return Gathered(plain_array(parts.images, PLACE), labels, held_out, _left_out(parts.left_out))


def _left_out(names: Sequence[str]) -> tuple[Message, ...]:
    return (Message("Left out: {names}.", names=", ".join(names)),) if names else ()


def _from_mapping(data: Mapping[Any, Any], wanted: Shape) -> Gathered:
    """A dict of arrays, or of a data set for training and another to hold out."""
    if TRAIN not in data or _is_array(data[TRAIN]):
        return _named(from_dict(data))
    train = gather(data[TRAIN], wanted)
    other = next((name for name in HELD_OUT if name in data), None)
    left_out = _left_out([str(name) for name in data if name not in (TRAIN, other)])
    return replace(
        train,
        held_out=None if other is None else gather(data[other], wanted),
        notes=(*train.notes, *left_out),
    )


def _from_sequence(data: Sequence[Any], wanted: Shape) -> Gathered:
    """A pair, a list of pictures, of samples or of batches, or rows of Python's numbers."""
    if not data:
        raise UserError("There are no images to train on: the list or the loader is empty.")
    if len(data) == 2 and _is_pair(data, wanted):
        return _from_pair(data[0], data[1], wanted)
    if all(_is_array(item) or isinstance(item, Mapping) or _has_arrays(item) for item in data):
        return _from_parts(data, wanted)
    return Gathered(plain_array(data, PLACE))


def _is_pair(data: Sequence[Any], wanted: Shape) -> bool:
    """Whether two things are pictures and labels, or pictures to train on and to hold out; not two pictures, samples or batches."""
    first, second = data
    if isinstance(first, Image.Image):
        return not isinstance(second, Image.Image)
    if _is_array(first):
        return not (is_one(tuple(first.shape), wanted) and _shape(first) == _shape(second))
    if _has_arrays(first) and len(first) == 2 and not _is_picture(first[1], wanted):
        return isinstance(data, tuple) and not _is_picture(first[0], wanted)  # ((x, y), (x, y)), not [(x, y), (x, y)]
    return not isinstance(first, Mapping)


def _from_pair(first: Any, second: Any, wanted: Shape) -> Gathered:
    train = gather(first, wanted)
    if second is None:
        return train
    plain = _is_array(second) or (isinstance(second, tuple | list) and not _has_arrays(second))
    other = Gathered(plain_array(second, PLACE)) if plain else gather(second, wanted)
    if other.labels is None and (not _alike(other.images, train.images) or is_one_hot(other.images)):
        return replace(train, labels=other.images)
    said = Message("The second of the two has the shape of pictures: it is held out for validation and test.")
    return replace(train, held_out=other, notes=(*train.notes, *other.notes, said))


def _alike(one: Array, other: Array) -> bool:
    """Whether two arrays are both pictures of one shape."""
    return one.ndim == other.ndim > 1 and one.shape[1:] == other.shape[1:]


def _from_parts(parts: Iterable[Any], wanted: Shape, single: bool = False) -> Gathered:
    """The batches of a loader, or single pictures, each with or without labels."""
    images, labels, left_out, notes = [], [], dict[str, None](), dict[Message, None]()
    for part in parts:
        if isinstance(part, tuple | list) and len(part) > 2:
            notes[Message("Each batch has {count} parts: the third and later ones are left out.", count=len(part))] = (
                None
            )
        named = _split(part)
        image = plain_array(named.images, PLACE)
        one = single or is_one(image.shape, wanted)
        images.append(image[None] if one else image)
        if named.labels is not None:
            labels.append(plain_array([named.labels] if one else named.labels, PLACE))
        left_out |= dict.fromkeys(named.left_out)
    if not images:
        raise UserError("There are no images to train on: the list or the loader is empty.")
    x = joined(images, PLACE)
    y = joined(labels, PLACE) if len(labels) == len(images) else None
    if y is not None and _alike(y, x) and not is_one_hot(y):
        y = None
        notes[Message("The second part of each batch has the shape of pictures: it is left out.")] = None
    return Gathered(x, y, notes=(*notes, *_left_out(list(left_out))))


def _split(part: Any) -> NamedParts:
    if isinstance(part, Mapping):
        return from_dict(part)
    if not isinstance(part, tuple | list):
        return NamedParts(part)
    return NamedParts(part[0], part[1] if len(part) > 1 else None)
