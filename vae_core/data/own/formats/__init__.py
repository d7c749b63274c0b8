"""Every kind of file in which people have pictures, each as RawPictures; `recognised` finds the kind that a folder or archive holds."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace

from vae_core.config import DataConfig
from vae_core.data.own.archives.files import File, Files, gunzipped, is_hidden
from vae_core.data.own.formats.cifar import cifar_pictures, label_bytes
from vae_core.data.own.formats.idx import idx_pictures, is_idx
from vae_core.data.own.formats.left_out import left_out
from vae_core.data.own.formats.mat_files import mat_pictures
from vae_core.data.own.formats.numpy_files import npy_pictures, npz_pictures
from vae_core.data.own.formats.picture_files import is_picture, picture_files
from vae_core.data.own.formats.pixel_tables import recognise_pixels, table_pictures
from vae_core.data.own.pictures.raw_pictures import RawPictures
from vae_core.utils import limits

ARRAYS = (".npz", ".npy", ".mat")
TEXTS = (".csv", ".tsv", ".txt", ".data", ".tra", ".tes", "")  # endings of files that may hold rows of pixels
MOST_OPENED = 64  # files that are opened to see what they are


@contextmanager
def recognised(files: Files, config: DataConfig) -> Iterator[RawPictures]:
    """The pictures of the first kind of these that is there: picture files, idx, CIFAR's .bin, .npz, .npy, .mat, rows of pixels.

    Fewer pictures than a data set has, beside arrays, count as illustrations. Every file that is not used is named in
    `left_out`. Raises UserError where there is nothing that can be used.
    """
    visible = [file for file in files.files if not is_hidden(file.name)]
    found = None if sum(map(is_picture, visible)) >= limits.FEWEST else _arrays(visible, files, config.seed)
    if found is None:
        raw = picture_files(files, config)
        yield replace(raw, notes=(*files.notes, *raw.notes))
        return
    used, opened = found
    with opened as raw:
        others = left_out(file for file in files.files if file not in used)
        yield replace(raw, left_out=(*raw.left_out, *others), notes=(*files.notes, *raw.notes))


def _arrays(
    visible: Sequence[File], files: Files, seed: int
) -> tuple[list[File], AbstractContextManager[RawPictures]] | None:
    """The files of the first kind of arrays that is there, and the pictures in them; None where there is none."""
    if used := [file for file in _unknown(visible) if is_idx(file)]:
        return used, nullcontext(idx_pictures(used, files))
    if used := [file for file in visible if label_bytes(file)]:
        return used, nullcontext(cifar_pictures(used, files))
    npz, npy, mat = ([file for file in visible if file.name.suffix.lower() == suffix] for suffix in ARRAYS)
    if npz:
        return npz, npz_pictures(npz, files, seed)
    if npy:
        return npy, nullcontext(npy_pictures(npy, files))
    if mat:
        return mat, nullcontext(mat_pictures(mat, files))
    texts = [file for file in _unknown(visible) if gunzipped(file).name.suffix.lower() in TEXTS]
    if tables := [(file, table) for file in texts if (table := recognise_pixels(file))]:
        return [file for file, _ in tables], nullcontext(table_pictures(tables, files))
    return None


def _unknown(files: Sequence[File]) -> list[File]:
    """The files whose ending does not tell what they are, as many as may be opened to see."""
    return [file for file in files if not is_picture(file) and file.name.suffix.lower() not in ARRAYS][:MOST_OPENED]
