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
from vae_core.data.base import Dataset, DatasetEntry, take
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils.arrays import UInt8
from vae_core.utils.limits import FILE_BYTES, MIB

HELD_OUT = 5_000  # of the 60,000, for validation


@dataclass(frozen=True)
class IdxSource:
    """The folder of a data set below the data folder, its classes, and the torchvision class with its mirrors and checksums."""

    name: str
    title: str
    torchvision: str
    classes: tuple[str, ...]

    def folder(self, data_dir: Path) -> Path:
        return data_dir / self.torchvision / "raw"

    def files(self, data_dir: Path) -> list[Path | None]:
        """Training images and labels, then test images and labels; None where one is missing."""
        return [find(self.folder(data_dir) / name) for name in FILES]


FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
FASHION = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
SOURCES = {
    "mnist": IdxSource("mnist", "MNIST", "MNIST", tuple("0123456789")),
    "fashion-mnist": IdxSource("fashion-mnist", "Fashion-MNIST", "FashionMNIST", FASHION),
    "kmnist": IdxSource(
        "kmnist", "Kuzushiji-MNIST", "KMNIST", ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
    ),
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
            strerror=error.strerror or error,
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
        raise UserError(
            "{title} is not in {folder}: get it with `python -m vae_core datasets --download {name}` or with the "
            "download button on the Train page, or name another data folder with --data-dir or LATENT_DATA.",
            title=source.title,
            folder=source.folder(data_dir),
            name=source.name,
        )
    (x, y), (test_x, test_y) = _images_and_labels(source, *files[:2]), _images_and_labels(source, *files[2:])
    held_out = np.zeros(len(x), bool)
    held_out[np.random.default_rng(config.seed).permutation(len(x))[: min(HELD_OUT, len(x) // 5)]] = True
    test = take(test_x, test_y, np.arange(len(test_x)))
    return Dataset(
        source.name,
        source.title,
        take(x, y, np.flatnonzero(~held_out)),
        take(x, y, np.flatnonzero(held_out)),
        test,
        source.classes,
    )


def _entry(source: IdxSource, summary: str, licence: str) -> DatasetEntry:
    return DatasetEntry(
        name=source.name,
        title=source.title,
        summary=summary,
        licence=licence,
        shape=(1, 28, 28),
        read=partial(read, source),
        needs_download=True,
        available=lambda data_dir: None not in source.files(data_dir),
    )


MNIST = _entry(SOURCES["mnist"], "70,000 handwritten digits of 28x28 pixels.", "LeCun, Cortes and Burges; CC BY-SA 3.0")
FASHION_MNIST = _entry(SOURCES["fashion-mnist"], "70,000 pieces of clothing of 28x28 pixels.", "Zalando SE; MIT")
KMNIST = _entry(SOURCES["kmnist"], "70,000 cursive Japanese characters of 28x28 pixels.", "ROIS-DS CODH; CC BY-SA 4.0")
