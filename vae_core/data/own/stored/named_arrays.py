"""Arrays that are known by their names (in an .npz, a .mat, or as .npy files) as pictures with their labels and splits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.data.own.archives.files import File
from vae_core.data.own.pictures.raw_pictures import RawPictures
from vae_core.data.own.pictures.splits import split_in
from vae_core.data.own.stored.array_names import role
from vae_core.data.own.stored.array_pictures import array_pictures
from vae_core.data.own.stored.stored_array import AnyArray
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils import limits

Names = Mapping[str, Callable[[], AnyArray]]  # the name of an array -> what reads its header
LAST_LETTER = 0x10FFFF  # of Unicode
LABELS_BYTES = 128 * limits.MIB  # of the labels of one array


@dataclass(frozen=True)
class Part:
    """Pictures with their labels (an array, or one name for all of them), and their split; None where there are none."""

    pictures: AnyArray
    labels: AnyArray | str | None = None
    split: int | None = None


def first_of(names: Names, kind: str, split: int | None) -> AnyArray | None:
    """The array of this kind and split; of several, the one with the most usual name. Only its header is read."""
    found = [
        (known.rank, name)
        for name in names
        if (known := role(name)) is not None and (known.kind, known.split) == (kind, split)
    ]
    return names[min(found)[1]]() if found else None


def parts_by_name(names: Names) -> list[Part]:
    """Pictures and labels that belong together by their names, a part for each split; arrays of other names are not looked at."""
    known = [found for name in names if (found := role(name)) is not None]
    splits = {found.split for found in known if found.kind == "images"}
    if len(splits) > 1:
        splits.discard(None)  # such as `data` beside `train_data`
    parts = []
    for split in sorted(splits, key=lambda split: -1 if split is None else split):
        pictures = first_of(names, "images", split)
        assert pictures is not None
        parts.append(Part(pictures, first_of(names, "labels", split), split))
    return parts


def by_file(found: Sequence[tuple[File, Sequence[Part]]]) -> list[Part]:
    """The parts of several files: a file's name says the split, or else the class, of parts that have none."""
    splits = {split_in(file.name.stem) for file, _ in found}
    parts = [
        replace(part, split=split_in(file.name.stem) if part.split is None and len(splits) > 1 else part.split)
        for file, inside in found
        for part in inside
    ]
    if len(found) > 1 and all(part.labels is None and part.split is None for part in parts):
        names = [file.name.stem for file, inside in found for _ in inside]
        return [replace(part, labels=name) for part, name in zip(parts, names, strict=True)]
    return parts


def raw_pictures(
    parts: Sequence[Part], place: str, kind: Message, left_out: Sequence[Message] = (), number_last: bool = False
) -> RawPictures:
    """The parts one after the other; those without labels are left out where others have labels.

    `number_last`: the last axis counts the pictures. Raises UserError where pictures and labels do not fit together.
    """
    labelled = [part for part in parts if part.labels is not None]
    bare = [part.pictures.name for part in parts if part.labels is None] if labelled else []
    parts = labelled or parts
    pictures = array_pictures([part.pictures for part in parts], place, number_last=number_last)
    counts = [part.pictures.shape[-1 if number_last else 0] for part in parts]
    labels = _concatenated([_labels(part, n, place) for part, n in zip(parts, counts, strict=True)], place)
    known = [part.split for part in parts if part.split is not None]
    splits = np.repeat(np.array(known), counts) if len(known) == len(parts) else None
    out = [*left_out, *([_without_labels(bare)] if bare else [])]
    return RawPictures(place, kind, pictures, labels if labelled else None, splits, left_out=tuple(out))


def _without_labels(names: Sequence[str]) -> Message:
    return Message("Left out, since they have no labels while others do: {names}.", names=", ".join(names))


def _labels(part: Part, count: int, place: str) -> NDArray[Any]:
    """The labels of a part, read whole; raises UserError for another number than that of its pictures, before they are read."""
    if isinstance(part.labels, str) or part.labels is None:
        return np.full(count, part.labels or "")
    shape = part.labels.shape
    if shape[:1] != (count,) and shape != (1, count):
        raise UserError(
            "{name} has {count:,} images but labels of shape {shape}: give one label for each image.",
            name=place,
            count=count,
            shape=shape,
        )
    if part.labels.dtype.kind in "SUV" and part.labels.dtype.itemsize > limits.LABEL_BYTES:
        raise UserError("{name} has labels that are longer than 256 letters: give short names or numbers.", name=place)
    if part.labels.nbytes > LABELS_BYTES:
        raise UserError(
            "{name} has labels of {bytes:,} MB: give one label for each image.",
            name=place,
            bytes=part.labels.nbytes // limits.MIB,
        )
    array = part.labels.whole()
    if array.dtype.kind == "U" and array.view(np.uint32).max(initial=0) > LAST_LETTER:
        raise UserError("{name} has labels that are not text: give names or numbers.", name=place)
    return array.ravel() if array.size == count else array


def _concatenated(labels: Sequence[NDArray[Any]], place: str) -> NDArray[Any]:
    kinds = {(array.dtype.kind in "SU", array.shape[1:]) for array in labels}
    if len(kinds) > 1:
        raise UserError("{place} has labels of different kinds in its splits: make them alike.", place=place)
    return np.concatenate(labels)
