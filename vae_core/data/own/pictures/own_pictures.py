"""A person's own pictures, from a folder, an archive or arrays of any usual kind, as one data set; archives are never unpacked to disk.

One damaged picture refuses the whole data set with its name, since leaving pictures out silently could remove half a class.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry
from vae_core.data.own.archives import beside, opened
from vae_core.data.own.archives.files import Files, damage_named, on_disk
from vae_core.data.own.formats import recognised
from vae_core.data.own.formats.path_lists import SUFFIXES as LISTS
from vae_core.data.own.formats.path_lists import find_list
from vae_core.data.own.formats.picture_files import is_picture
from vae_core.data.own.formats.pixel_tables import recognise_pixels
from vae_core.data.own.pictures.load_limits import limits_for
from vae_core.data.own.pictures.raw_to_dataset import OwnPictures, assemble
from vae_core.data.tables.file_formats import READERS
from vae_core.errors import UserError
from vae_core.messages import Message

KINDS = Message("a folder, a .zip, a .tar.gz, an .npz, an .npy, a .mat, a .csv of pixels or of paths, or idx files")
_loading = (
    threading.Lock()
)  # one data set at a time, since the memory limit is that of the process, for all users together


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """Pictures at `config.path` as (N, C, H, W), in the splits that they come with, or else 80/10/10 by the seed."""
    return look(config).data


def look(config: DataConfig) -> OwnPictures:
    """The same with what was recognised. The pictures keep their size and colours where `config` gives none.

    Raises UserError naming the file and what to do, before it takes more memory than `limits.LOAD_BYTES` or decodes more
    than `limits.LOAD_PIXELS`.
    """
    path = Path(config.path).expanduser()
    if not config.path or not path.exists():
        where = (
            Message("There is nothing at '{path}'", path=config.path)
            if config.path
            else Message("The path of your own pictures is empty")
        )
        raise UserError("{where}: give {kinds}.", where=where, kinds=KINDS)
    with _loading, limits_for(path), _files(path) as files, damage_named(files.place), recognised(files, config) as raw:
        return assemble(raw, config, PICTURES.name, Path(raw.place).stem)


@contextmanager
def _files(path: Path) -> Iterator[Files]:
    """The files at a path; for a list of paths and labels, those beside it too."""
    with damage_named(path.name), opened(path) as files:
        if not _is_other_text(path):
            yield files
            return
        listed = _with_pictures(path)
        if listed is None:
            raise UserError(
                "{name} is neither a table with a row of pixels for each picture, nor a list of pictures that lie beside it: give "
                "{kinds}. A table of numbers and words is the data set 'table'.",
                name=path.name,
                kinds=KINDS,
            )
        yield listed


def is_table(path: Path) -> bool:
    """Whether a text file has other columns than pixels, and is no list of pictures that lie beside it; or a zip holds one table and
    no picture. False for any other file."""
    return (
        _holds_one_table(path) if path.suffix.lower() == ".zip" else _is_other_text(path) and not _with_pictures(path)
    )


def _holds_one_table(path: Path) -> bool:
    with damage_named(path.name), opened(path) as files:
        tables = [file for file in files.files if file.name.suffix.lower() in READERS]
        if len(tables) != 1 or any(map(is_picture, files.files)):
            return False
        return tables[0].name.suffix.lower() not in LISTS or recognise_pixels(tables[0]) is None


def _is_other_text(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in LISTS and recognise_pixels(on_disk(path)) is None


def _with_pictures(path: Path) -> Files | None:
    """A list of paths and labels together with the pictures in its folder and below; None where it names none of them."""
    pictures = [file for file in beside(path).files if is_picture(file)]
    listed = on_disk(path)
    return Files(path.name, (listed, *pictures)) if find_list([listed], pictures) else None


PICTURES = DatasetEntry(
    name="pictures",
    title="Your own pictures",
    summary="A folder, an archive or arrays of any pictures; names of folders inside it become labels.",
    licence="yours",
    shape=None,
    read=read,
    held_out=0.2,
    own=True,
)
