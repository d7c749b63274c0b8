"""MNIST, Fashion-MNIST and KMNIST, read from their original idx files (raw or .gz) in torchvision's folders."""

import gzip
import math
import struct
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, TestImages
from vae_core.data.published.sources import PUBLISHED, folder_of, missing
from vae_core.data.published.splits import with_held_out
from vae_core.errors import UserError, reason
from vae_core.messages import Message
from vae_core.utils.arrays import UInt8
from vae_core.utils.limits import FILE_BYTES, MIB


@dataclass(frozen=True)
class IdxSource:
    """A data set in MNIST's four files: its name in PUBLISHED, and its classes."""

    name: str
    classes: tuple[str, ...]

    @property
    def title(self) -> str:
        """Its title."""
        return PUBLISHED[self.name].title

    def files(self, data_dir: Path) -> list[Path | None]:
        """Training images and labels, then test images and labels; None where one is missing."""
        return [find(folder_of(self.name, data_dir) / name) for name in FILES]


FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
FASHION = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
SOURCES = {
    "mnist": IdxSource("mnist", tuple("0123456789")),
    "fashion-mnist": IdxSource("fashion-mnist", FASHION),
    "kmnist": IdxSource("kmnist", ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")),
}


def find(path: Path) -> Path | None:
    """The file itself, or the same with .gz, or None."""
    return next((p for p in (path, path.with_name(path.name + ".gz")) if p.is_file()), None)


def read_idx(path: Path, axes: int, name: str = "") -> UInt8:
    """The array of bytes in an idx file with `axes` axes: magic number 0, 0, 8, axes, then big-endian lengths, then the bytes.

    Raises UserError naming the file if it is not such a file, or its length is not that of its header, or is too large.
    """
    again = _again(name or "NAME")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            shape = _shape(file.read(4 + 4 * axes), axes, path, again)
            expected = math.prod(shape)
            data = file.read(expected + 1)  # no more is decompressed, whatever the file contains
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(
            "{path} is damaged or was cut short ({error}). {again}", path=path, error=error, again=again
        ) from None
    except OSError as error:
        raise UserError(
            "{path} cannot be read: {strerror}. Check the disk and the file's permissions.",
            path=path,
            strerror=reason(error),
        ) from None
    if len(data) != expected:
        length = f"{'at least ' * (len(data) > expected)}{len(data):,}"
        raise UserError(
            "{path} holds {length} bytes of data instead of {expected:,}: it was cut short or altered. {again}",
            path=path,
            length=length,
            expected=expected,
            again=again,
        )
    return np.frombuffer(data, np.uint8).reshape(shape)


def _again(name: str) -> Message:
    return Message(
        "Delete it, then download the data set again (`python -m vae_core datasets --download {name}`).", name=name
    )


def _shape(head: bytes, axes: int, path: Path, again: str) -> tuple[int, ...]:
    """The lengths of the axes, from the header of an idx file."""
    if len(head) < 4 + 4 * axes or head[:4] != bytes([0, 0, 8, axes]):
        raise UserError(
            "{path} is not an idx file of bytes with {axes} axes, as its name promises. {again}",
            path=path,
            axes=axes,
            again=again,
        )
    shape = struct.unpack(f">{axes}I", head[4:])
    size = math.prod(shape)
    if not size:
        raise UserError("{path} says that it holds nothing: it was altered. {again}", path=path, again=again)
    if size > FILE_BYTES:
        raise UserError(
            "{path} says that it holds {size:,} bytes, more than the {file_bytes} MB allowed: it was cut short or "
            "altered. {again}",
            path=path,
            size=size,
            file_bytes=FILE_BYTES // MIB,
            again=again,
        )
    return shape


def _images_and_labels(source: IdxSource, images: Path, labels: Path) -> tuple[UInt8, np.ndarray]:
    x, y = read_idx(images, 3, source.name), read_idx(labels, 1, source.name)
    again = _again(source.name)
    if len(x) != len(y):
        raise UserError(
            "{images} has {count:,} images but {name} has {labels:,} labels: they do not belong together. {again}",
            images=images,
            count=len(x),
            name=labels.name,
            labels=len(y),
            again=again,
        )
    if x.shape[1:] != (28, 28) or len(x) == 0:
        raise UserError(
            "{images} holds images of {shape} pixels, {count:,} in all, instead of 28x28. {again}",
            images=images,
            shape="x".join(map(str, x.shape[1:])),
            count=len(x),
            again=again,
        )
    if y.max() >= len(source.classes):
        raise UserError(
            "{labels} holds the label {max}, but {title} has {count} classes. {again}",
            labels=labels,
            max=y.max(),
            title=source.title,
            count=len(source.classes),
            again=again,
        )
    return x[:, None], y.astype(np.int64)


def read(source: IdxSource, config: DataConfig, data_dir: Path) -> Dataset:
    """The official test split; 5,000 of the 60,000 training images, chosen at random by the seed, are the validation split."""
    files = [path for path in source.files(data_dir) if path]
    if len(files) < len(FILES):
        raise missing(source.name, data_dir)
    train, test = _images_and_labels(source, *files[:2]), _images_and_labels(source, *files[2:])
    return with_held_out(source.name, source.title, train, test, source.classes, config.seed)


def read_test(source: IdxSource, data_dir: Path) -> TestImages:
    """The official test split without the six times larger training images, which have to be there too."""
    files = [path for path in source.files(data_dir) if path]
    if len(files) < len(FILES):
        raise missing(source.name, data_dir)
    return TestImages(*_images_and_labels(source, *files[2:]), source.classes)


def _entry(source: IdxSource, summary: str) -> DatasetEntry:
    return DatasetEntry(
        name=source.name,
        title=source.title,
        summary=summary,
        licence=PUBLISHED[source.name].licence,
        shape=(1, 28, 28),
        read=partial(read, source),
        needs_download=True,
        available=lambda data_dir, variant="": None not in source.files(data_dir),
        test=partial(read_test, source),
    )


MNIST = _entry(SOURCES["mnist"], "70,000 handwritten digits of 28x28 pixels.")
FASHION_MNIST = _entry(SOURCES["fashion-mnist"], "70,000 pieces of clothing of 28x28 pixels.")
KMNIST = _entry(SOURCES["kmnist"], "70,000 cursive Japanese characters of 28x28 pixels.")
