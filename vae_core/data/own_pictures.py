"""A person's own pictures, from a folder, a .zip or an .npz file, resized to one size; archives are never unpacked to disk.

The name of a sub-folder is the label of its pictures. One damaged picture refuses the whole data set with its name, since leaving
pictures out silently could remove half a class.
"""

import threading
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import islice
from pathlib import Path, PurePosixPath

import numpy as np
import torch

from vae_core.config import DataConfig
from vae_core.data import npz, zip_archives
from vae_core.data.base import Dataset, DatasetEntry, Split, rows, shares
from vae_core.data.picture_sources import File, PictureSource, from_files, is_picture
from vae_core.errors import UserError
from vae_core.utils import limits
from vae_core.utils.arrays import Int64

_loading = (
    threading.Lock()
)  # one data set at a time, since the memory limit is that of the process, for all users together


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """Pictures at `config.path` as (N, channels, size, size), split 80/10/10 by the seed.

    The middle square of each picture is resized. Raises UserError naming the file and what to do, before it takes more memory than
    `limits.LOAD_BYTES` or decodes more than `limits.LOAD_PIXELS`.
    """
    path = Path(config.path).expanduser()
    if not config.path or not path.exists():
        where = f"There is nothing at '{config.path}'" if config.path else "The path of your own pictures is empty"
        raise UserError("{where}: give a folder, a .zip or an .npz file.", where=where)
    with _loading, _opened(path, config) as source:
        classes, labels = np.unique(source.names, return_inverse=True)
        splits = _splits(source, labels.astype(np.int64), config)
        labelled = tuple(str(name) for name in classes) if len(classes) > 1 else ()
        return Dataset(PICTURES.name, path.stem, *splits, classes=labelled)


def _opened(path: Path, config: DataConfig) -> AbstractContextManager[PictureSource]:
    if path.is_dir():
        return nullcontext(from_files(_in_folder(path), path.name, config))
    kinds = {".zip": zip_archives.pictures_in, ".npz": npz.pictures_in}
    if path.suffix.lower() not in kinds:
        raise UserError(
            "{name} is neither a folder nor a .zip nor an .npz file: put your pictures into one of these.",
            name=path.name,
        )
    return kinds[path.suffix.lower()](path, config)


def _in_folder(folder: Path) -> list[File]:
    found = ((file, PurePosixPath(file.relative_to(folder).as_posix())) for file in folder.rglob("*"))
    pictures = ((file, name) for file, name in found if is_picture(name) and file.is_file())
    return [(name, partial(Path, file)) for file, name in sorted(islice(pictures, limits.MOST + 1))]


def _splits(source: PictureSource, labels: Int64, config: DataConfig) -> tuple[Split, Split, Split]:
    """The splits, with each picture written directly into its split's array, so that all are in memory only once."""
    parts = rows(len(labels), config.seed, shares(config))
    place = np.argsort(np.concatenate(parts))
    x = np.empty((len(labels), config.channels, config.size, config.size), np.uint8)
    at = 0
    for block in source.blocks:
        x[place[at : at + len(block)]] = block
        at += len(block)
    ends = np.cumsum([len(part) for part in parts])
    train, val, test = (
        Split(torch.from_numpy(x[end - len(part) : end]), torch.from_numpy(labels[part]))
        for end, part in zip(ends, parts, strict=True)
    )
    return train, val, test


PICTURES = DatasetEntry(
    name="pictures",
    title="Your own pictures",
    summary="A folder, a zip or an .npz of any pictures; names of sub-folders become labels.",
    licence="yours",
    shape=None,
    read=read,
    held_out=0.2,
)
