"""The binary version of CIFAR-10 and CIFAR-100: records of one or two bytes of labels and 3,072 of pixels, in .bin files."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vae_core.data.own.archives.files import File, Files
from vae_core.data.own.pictures.raw_pictures import RawPictures
from vae_core.data.own.pictures.splits import TRAIN, split_in
from vae_core.data.own.stored.named_arrays import Part, raw_pictures
from vae_core.data.own.stored.stored_array import StoredArray
from vae_core.errors import UserError
from vae_core.messages import Message

PIXELS = 3 * 32 * 32
CLASSES = {
    1: "batches.meta.txt",
    2: "fine_label_names.txt",
}  # bytes of labels -> the file with the names of the classes
LONGEST = 2**16  # bytes of names


def label_bytes(file: File) -> int:
    """How many bytes of labels each record has: 1 in CIFAR-10, 2 in CIFAR-100 (coarse, fine); 0 for any other file."""
    if file.name.suffix.lower() != ".bin" or not file.size:
        return 0
    return next((count for count in CLASSES if file.size % (PIXELS + count) == 0), 0)


def cifar_arrays(file: File) -> tuple[StoredArray, StoredArray]:
    """The pixels (N, 3, 32, 32) and the labels (N,) of a .bin file; the fine labels of CIFAR-100."""
    before, byte = label_bytes(file), np.dtype(np.uint8)
    record, name = PIXELS + before, file.name.name
    count = (file.size or 0) // record
    pictures = StoredArray(name, file.open, before, (count, 3, 32, 32), byte, stride=record)
    return pictures, StoredArray(name, file.open, before - 1, (count,), byte, stride=record)


def cifar_pictures(found: Sequence[File], files: Files) -> RawPictures:
    """The pictures (3, 32, 32) of .bin files; those without `test` in their names are the training split where others have it."""
    before = label_bytes(found[0])
    for file in (file for file in files.files if file.name.suffix.lower() == ".bin"):
        if label_bytes(file) != before:
            raise UserError(
                "{name} has {size:,} bytes, which are not whole records of {record:,} as in {other}: it is damaged.",
                name=file.name.name,
                size=file.size or 0,
                record=PIXELS + before,
                other=found[0].name.name,
            )
    splits = {file.name.stem: split_in(file.name.stem) for file in found}
    several = len(set(splits.values())) > 1
    names = _class_names(files, CLASSES[before])
    parts = []
    for file in found:
        pictures, labels = cifar_arrays(file)
        split = splits[file.name.stem]
        parts.append(Part(pictures, labels, TRAIN if split is None and several else split if several else None))
    kind = Message("CIFAR's binary files: {files}.", files=", ".join(file.name.name for file in found))
    raw = raw_pictures(parts, files.place, kind)
    return raw if names is None else _named(raw, names)


def _class_names(files: Files, wanted: str) -> list[str] | None:
    for file in files.files:
        if file.name.name == wanted:
            return [line.strip() for line in file.start(LONGEST).decode(errors="replace").splitlines() if line.strip()]
    return None


def _named(raw: RawPictures, names: Sequence[str]) -> RawPictures:
    if raw.labels is None or raw.labels.max() >= len(names):
        return raw
    return replace(raw, labels=np.array(names)[raw.labels])
