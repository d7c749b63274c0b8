"""From RawPictures to a Dataset: range, size, colours, labels and splits are recognised once for every container, and said."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, Fault, Split
from vae_core.data.own.labels import Labels, recognise_labels
from vae_core.data.own.pictures.load_limits import refuse_memory
from vae_core.data.own.pictures.raw_pictures import Pictures, RawPictures, Shape
from vae_core.data.own.pictures.splits import split_rows
from vae_core.data.own.value_range import ValueRange
from vae_core.messages import Message
from vae_core.utils.arrays import Int64, UInt8
from vae_core.utils.disk_arrays import bytes_array
from vae_core.utils.lazy import torch

SMALLEST, LARGEST = 8, 128  # pixels of a side, as for DataConfig.size
USUAL = 64  # the longest side in pixels that is chosen for pictures that are too large, or of many sizes
MOST_CLASSES = 256  # of a model that the app opens
ROWS = 256  # pictures that are compared at a time


@dataclass(frozen=True)
class OwnPictures:
    """A person's own data set, with a sentence on each thing that was recognised, and on whatever is left out.

    `sizes` counts the heights and widths of the pictures as they are in the files.
    """

    data: Dataset
    kind: Message
    values: Message
    size: Message
    labels: Message
    splits: Message
    others: tuple[Message, ...]
    left_out: tuple[Message, ...]
    sizes: Counter[tuple[int, int]]
    one_class: bool


def assemble(raw: RawPictures, config: DataConfig, name: str, title: str) -> OwnPictures:
    """The data set; raises UserError for too many pictures before they are read, and for values or labels that cannot be used."""
    pictures = raw.pictures
    shape, size, resized = choose_shape(pictures, config)
    refuse_memory(pictures.count, shape, raw.place)
    labels = _labels(raw)
    parts, splits = split_rows(pictures.count, raw.splits, config)
    values = pictures.find_range()
    x = _filled(pictures, values, shape, parts)
    others = [*raw.notes, *([pictures.axes] if pictures.axes else [])]
    if shape[0] == 3 and config.channels is None and _is_grey(x):
        x = np.ascontiguousarray(x[:, :1])
        others.append(Message("The three colours are equal everywhere, so the pictures are taken as grey."))
    said = labels.sentence or _of_classes(labels)
    sentences = (
        (values.sentence, not values.plain),
        (size, resized),
        (splits, raw.splits is not None),
        (said, labels.sentence is not None or len(labels.classes) == 1),
    )
    notes = [sentence for sentence, needed in sentences if needed]
    factors, (caption, words) = raw.factors, raw.words or (None, None)
    data = Dataset(
        name,
        title,
        *_splits(x, labels.y, parts, words if factors is None else factors.values),
        classes=labels.classes if len(labels.classes) > 1 else (),
        factor_names=() if factors is None else factors.names,
        notes=(*notes, *others, *raw.left_out),
        reading_faults=_size_faults(pictures.sizes, shape),
        own_caption=caption if factors is None else None,
    )
    return OwnPictures(
        data,
        raw.kind,
        values.sentence,
        size,
        said,
        splits,
        tuple(others),
        raw.left_out,
        pictures.sizes,
        len(labels.classes) == 1,
    )


def choose_shape(pictures: Pictures, config: DataConfig) -> tuple[Shape, Message, bool]:
    """The shape (C, H, W) of the data set, a sentence on it, and whether pictures are resized: their own, or as `config` says."""
    sizes = pictures.sizes
    height, width = next(iter(sizes))
    alike = len(sizes) == 1
    allowed = min(height, width) >= SMALLEST and max(height, width) <= LARGEST
    side = config.size or _usual_side(sizes)
    kept = alike and ((height, width) == (side, side) if config.size else allowed)
    height, width = (height, width) if kept else (side, side)
    shape = (config.channels or (3 if pictures.colour else 1), height, width)
    if kept:
        return shape, Message("{height} x {width} pixels, as they are.", height=height, width=width), False
    return shape, _resized(sizes, side), True


def _size_faults(sizes: Counter[tuple[int, int]], shape: Shape) -> tuple[Fault, ...]:
    """That the pictures have different sizes; mended by the most frequent size, of which most are then used as they are."""
    if len(sizes) == 1:
        return ()
    (first, _), (second, _) = sizes.most_common(2)
    side = min(first)
    sentence = Message(
        "The pictures have {count:,} different sizes, most often {first}, then {second}: each is cut to its middle and resized.",
        count=len(sizes),
        first=f"{first[0]}x{first[1]}",
        second=f"{second[0]}x{second[1]}",
    )
    mends = SMALLEST <= side <= LARGEST and shape[1:] != (side, side)
    return (Fault(sentence, {"size": side} if mends else {}),)


def _usual_side(sizes: Counter[tuple[int, int]]) -> int:
    """The side in pixels of squares for pictures of these sizes: their usual shorter side, at most USUAL."""
    return round(min(max(median(min(size) for size in sizes.elements()), SMALLEST), USUAL))


def _resized(sizes: Counter[tuple[int, int]], side: int) -> Message:
    if len(sizes) == 1:
        ((height, width),) = sizes
        return Message(
            "Pictures of {height} x {width} pixels; their middle is resized to {side} x {side}.",
            height=height,
            width=width,
            side=side,
        )
    sides = [length for size in sizes for length in size]
    return Message(
        "Pictures of {count:,} sizes, with sides of {least:,} to {most:,} pixels; their middle is resized to {side} x {side}.",
        count=len(sizes),
        least=min(sides),
        most=max(sides),
        side=side,
    )


def _labels(raw: RawPictures) -> Labels:
    """The labels as classes; none where there are no labels, or several for each picture."""
    count = raw.pictures.count
    none = np.zeros(count, np.int64)
    if raw.labels is None:
        return Labels(none, ())
    rows = raw.labels
    binary = rows.ndim == 2 and rows.shape[1] > 1 and rows.dtype.kind in "biuf" and set(np.unique(rows)) <= {0, 1}
    if binary and (rows.sum(1) != 1).any():
        return Labels(none, (), Message("Some pictures have several labels, or none: the labels are left out."))
    labels = recognise_labels(rows, count, raw.place)
    if len(labels.classes) > MOST_CLASSES:
        said = Message(
            "There are {count:,} different labels, and a model may have {most} classes: they are left out.",
            count=len(labels.classes),
            most=MOST_CLASSES,
        )
        return Labels(none, (), said)
    return labels


def _of_classes(labels: Labels) -> Message:
    if not labels.classes:
        return Message("There are no labels.")
    if len(labels.classes) == 1:
        return Message("All pictures have the same label, {name}, so the labels say nothing.", name=labels.classes[0])
    return Message("{count:,} classes.", count=len(labels.classes))


def _filled(pictures: Pictures, values: ValueRange, shape: Shape, parts: Sequence[Int64]) -> UInt8:
    """All pictures in the order of the splits; each is written where it belongs, so that all are in memory only once."""
    place = np.argsort(np.concatenate(parts))
    x = bytes_array((pictures.count, *shape))
    at = 0
    for block in pictures.blocks(values, shape):
        x[place[at : at + len(block)]] = block
        at += len(block)
    return x


def _is_grey(x: UInt8) -> bool:
    blocks = (x[at : at + ROWS] for at in range(0, len(x), ROWS))
    return all((block == block[:, :1]).all() for block in blocks)


def _splits(x: UInt8, y: Int64, parts: Sequence[Int64], factors: Int64 | None) -> tuple[Split, Split, Split]:
    ends = np.cumsum([len(part) for part in parts])
    train, val, test = (
        Split(
            torch.from_numpy(x[end - len(part) : end]),
            torch.from_numpy(y[part]),
            None if factors is None else torch.from_numpy(factors[part]),
        )
        for end, part in zip(ends, parts, strict=True)
    )
    return train, val, test
