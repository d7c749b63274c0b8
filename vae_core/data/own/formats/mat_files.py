"""Pictures in Matlab files: arrays such as X and y, whose last axis counts the pictures, as in SVHN."""

from collections.abc import Sequence

from vae_core.data.own.archives.files import File, Files
from vae_core.data.own.pictures.raw_pictures import RawPictures
from vae_core.data.own.stored.mat_header import read_mat_headers
from vae_core.data.own.stored.named_arrays import Part, by_file, parts_by_name, raw_pictures
from vae_core.data.own.stored.stored_array import StoredArray
from vae_core.errors import UserError
from vae_core.messages import Message


def mat_pictures(found: Sequence[File], files: Files) -> RawPictures:
    """The pictures of .mat files of version 5; those of several files are splits by their names, or classes."""
    parts = by_file([(file, _parts(file)) for file in found])
    number_last = all(_number_last(part) for part in parts)
    place = found[0].name.name if len(found) == 1 else files.place
    kind = Message("Matlab arrays of {files}.", files=", ".join(file.name.name for file in found))
    return raw_pictures(parts, place, kind, number_last=number_last)


def _parts(file: File) -> list[Part]:
    arrays = {array.name: array for array in read_mat_headers(file)}
    parts = parts_by_name({name: lambda array=array: array for name, array in arrays.items()})  # type: ignore[misc]
    if not parts:
        raise UserError(
            "{name} has no array of pictures named X, images or data, but {found}: name it so in Matlab, and save it with "
            "save(file, 'X', 'y', '-v7').",
            name=file.name.name,
            found=", ".join(sorted(arrays)[:10]) or Message("no numeric array"),
        )
    return parts


def _number_last(part: Part) -> bool:
    """Whether the last axis counts the pictures: as many as the labels, or, where both ends could, as in Matlab."""
    shape = part.pictures.shape
    if len(shape) < 3:
        return False
    if isinstance(part.labels, StoredArray):
        count = max(part.labels.shape, default=0)
        if count in (shape[0], shape[-1]):
            return shape[-1] == count
    return True
