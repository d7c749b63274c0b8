"""Small artificial data sets and pictures for the tests of several packages."""

import gzip
import io
import struct
import warnings
import zipfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from vae_core.config import DataConfig, ModelConfig
from vae_core.data import Dataset, load, to_input
from vae_core.data.mnist import FILES
from vae_core.data.own.dataset_from_arrays import from_arrays
from vae_core.errors import DataWarning


def idx_bytes(array: np.ndarray) -> bytes:
    return (
        bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(np.uint8).tobytes()
    )


def small_mnist(folder: Path, packed: bool = False) -> Path:
    """A data folder with 60 training and 20 test images of noise in MNIST's layout."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for name, count in zip(FILES, (60, 60, 20, 20), strict=True):
        array = rng.integers(0, 256, (count, 28, 28)) if "images" in name else np.arange(count) % 10
        data = idx_bytes(array)
        (raw / (name + ".gz" * packed)).write_bytes(gzip.compress(data) if packed else data)
    return folder


def parts(data: Dataset) -> list[torch.Tensor]:
    return [tensor for split in (data.train, data.val, data.test) for tensor in (split.x, split.labels)]


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def halves(
    size: tuple[int, int] = (60, 40), left: object = (200, 40, 40), right: object = (40, 40, 200), mode: str = "RGB"
) -> Image.Image:
    image = Image.new(mode, size, right)  # type: ignore[arg-type]
    image.paste(left, (0, 0, size[0] // 2, size[1]))  # type: ignore[arg-type]
    return image


def pixel(image: Image.Image, x: float, y: float) -> list[int]:
    return np.atleast_1d(np.asarray(image)[int(y * image.height), int(x * image.width)]).astype(int).tolist()


def zipped(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def own(path: Path, **settings: object) -> Dataset:
    """The data set of a user's own pictures at `path`."""
    return load(DataConfig(dataset="pictures", path=str(path), **settings))


def whole(data: Dataset) -> np.ndarray:
    return np.concatenate([split.x.numpy() for split in (data.train, data.val, data.test)])


def arrays_of(data: object, model: ModelConfig) -> tuple[np.ndarray, np.ndarray, Dataset]:
    """All pictures and labels of a data set in the order in which they were given, with its notes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        found = from_arrays(data, model)
    order = torch.randperm(len(found.train) + len(found.val), generator=torch.Generator().manual_seed(0))
    back = order.argsort()
    x, y = (torch.cat([getattr(part, name) for part in (found.val, found.train)])[back] for name in ("x", "labels"))
    return to_input(x).numpy() * 255, y.numpy(), found
