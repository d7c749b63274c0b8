"""MNIST's idx files of any name, plain or as .gz: images and labels that belong together by their names or their numbers."""

import math
import re
import struct
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vae_core.data.own.archives.files import File, Files, gunzipped
from vae_core.data.own.pictures.raw_pictures import RawPictures
from vae_core.data.own.pictures.splits import SPLIT_OF, split_in, words_of
from vae_core.data.own.stored.named_arrays import Part, raw_pictures
from vae_core.data.own.stored.stored_array import StoredArray
from vae_core.errors import UserError
from vae_core.messages import Message

TYPES = {8: ">u1", 9: ">i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}  # the third byte of the file
MOST_AXES = 4
NAME = re.compile(r"idx\d-(ubyte|int)")
KINDS = {"images", "image", "labels", "label", "idx1", "idx2", "idx3", "ubyte", "int", "gz", "x", "y", "data", "idx"}


def is_idx(file: File) -> bool:
    """Whether a file begins as an idx file does: 0, 0, a type, and the number of axes; or has the name of one."""
    return bool(NAME.search(file.name.name)) or _begins(gunzipped(file).start(4))


def _begins(start: bytes) -> bool:
    return len(start) >= 4 and start[:2] == b"\0\0" and start[2] in TYPES and 0 < start[3] <= MOST_AXES


def idx_pictures(found: Sequence[File], files: Files) -> RawPictures:
    """The pictures of idx files; those of EMNIST are turned, since it stores each with height and width exchanged.

    Raises UserError where there are no images, or those of several data sets.
    """
    arrays = [(file, read_idx_header(file)) for file in found]
    images = [pair for pair in arrays if len(pair[1].shape) > 2]
    labels = [pair for pair in arrays if len(pair[1].shape) < 3]
    if not images:
        raise UserError("{place} has labels but no images: add the idx file of the images.", place=files.place)
    emnist = any("emnist" in text.lower() for text in (files.place, *map(str, (file for file, _ in images))))
    sets = {_set_of(file) for file, _ in images}
    if len(sets) > 1:
        raise UserError(
            "{place} holds several data sets ({sets}): give the files of one of them.",
            place=files.place,
            sets=", ".join(sorted(" ".join(words) for words in sets)),
        )
    parts = [_part(file, array, labels, emnist) for file, array in images]
    kind = Message("Idx files of images and labels: {files}.", files=", ".join(file.name.name for file, _ in images))
    return raw_pictures(parts, files.place, kind)


def read_idx_header(file: File) -> StoredArray:
    """The array in an idx file, plain or as .gz; raises UserError where its header does not fit."""
    plain = gunzipped(file)
    start = plain.start(4 + 4 * MOST_AXES)
    axes = start[3] if len(start) > 3 else 0
    if not _begins(start) or len(start) < 4 + 4 * axes:
        raise UserError("{name} does not begin as an idx file does: it is damaged.", name=file.name.name)
    shape = struct.unpack_from(f">{axes}I", start, 4)
    array = StoredArray(file.name.name, plain.open, 4 + 4 * axes, shape, np.dtype(TYPES[start[2]]), alone=True)
    held = None if plain.size is None else plain.size - array.start
    if not math.prod(shape) or held not in (None, array.nbytes):
        raise UserError(
            "{name} is damaged: it says that its shape is {shape}, which does not fit the {held:,} bytes that it holds.",
            name=file.name.name,
            shape=shape,
            held=held or 0,
        )
    return array


def _set_of(file: File) -> tuple[str, ...]:
    """The words of a file's name that tell data sets apart, such as ("emnist", "letters")."""
    return tuple(word for word in words_of(file.name.name) if word not in KINDS and word not in SPLIT_OF)


def _part(file: File, images: StoredArray, labels: Sequence[tuple[File, StoredArray]], emnist: bool) -> Part:
    """Images with the labels of the same split, or the only ones of the same number."""
    split = split_in(file.name.name)
    fitting = [array for _, array in labels if array.shape[0] == images.shape[0]]
    same = [array for other, array in labels if split_in(other.name.name) == split]
    chosen = same if len(same) == 1 else fitting if len(fitting) == 1 else []
    turned = replace(images, turned=emnist)
    return Part(turned, _first_column(chosen[0]) if chosen else None, split)


def _first_column(labels: StoredArray) -> StoredArray:
    """Labels (N,); of QMNIST's labels (N, 8) the class alone, which comes first."""
    if len(labels.shape) == 1:
        return labels
    row = labels.nbytes // labels.shape[0]
    return StoredArray(labels.name, labels.open, labels.start, labels.shape[:1], labels.dtype, stride=row)
