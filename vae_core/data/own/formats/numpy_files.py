"""Pictures in numpy's files: an .npz with named arrays, .npy files with such names, or a file for each class or split."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial

from vae_core.data.own.archives.files import File, Files
from vae_core.data.own.pictures.raw_pictures import RawPictures
from vae_core.data.own.stored.array_names import role
from vae_core.data.own.stored.factors import with_factors
from vae_core.data.own.stored.named_arrays import Names, Part, by_file, first_of, parts_by_name, raw_pictures
from vae_core.data.own.stored.npy import npz_members, read_npy_header
from vae_core.errors import UserError
from vae_core.messages import Message


@contextmanager
def npz_pictures(found: Sequence[File], files: Files, seed: int) -> Iterator[RawPictures]:
    """The pictures of .npz files: `images` and `labels`, keras's, MedMNIST's or dSprites' names; UserError for other names."""
    with ExitStack() as stack:
        parts, unused = [], []
        for file in found:
            members = stack.enter_context(npz_members(file, file.name.name))
            names = {name: partial(read_npy_header, member, file.name.name) for name, member in members.items()}
            inside = _parts(names, file.name.name)
            parts.append((file, inside))
            unused += [name for name in names if role(name) is None]
        kind = Message("Arrays of {files}: {names}.", files=_listed(found), names=_names_of(parts))
        left_out = [_unused(unused)] if unused else []
        factors = first_of(names, "factors", None) if len(found) == len(inside) == 1 else None
        place = found[0].name.name if len(found) == 1 else files.place
        if factors is not None:
            raw = with_factors(inside[0].pictures, factors, place, kind, seed)
            yield replace(raw, left_out=tuple(left_out))
        else:
            yield raw_pictures(by_file(parts), place, kind, left_out)


def npy_pictures(found: Sequence[File], files: Files) -> RawPictures:
    """The pictures of .npy files: with names such as x_train and y_train, or one file, or a file for each class or split."""
    stems = [file.name.stem for file in found]
    keys = stems if len(set(stems)) == len(stems) else [str(file.name.with_suffix("")) for file in found]
    names: Names = {key: partial(read_npy_header, file, file.name.name) for key, file in zip(keys, found, strict=True)}
    parts = parts_by_name(names) if len(found) > 1 else []
    place = found[0].name.name if len(found) == 1 else files.place
    kind = Message("Numpy arrays: {files}.", files=_listed(found))
    if parts:
        unused = [name for name in names if role(name) is None]
        return raw_pictures(parts, place, kind, [_unused(unused)] if unused else [])
    each = [(file, [Part(names[key]())]) for key, file in zip(keys, found, strict=True)]
    return raw_pictures(by_file(each), place, kind)


def _parts(names: Names, place: str) -> list[Part]:
    parts = parts_by_name(names)
    if not parts:
        raise UserError(
            "{name} has no array named 'images' or 'x' (or x_train, train_images, data, arr_0 and the like), but {found}: "
            "save it with numpy.savez(file, images=..., labels=...).",
            name=place,
            found=", ".join(sorted(names)[:10]) or Message("no array at all"),
        )
    return parts


def _names_of(parts: Sequence[tuple[File, Sequence[Part]]]) -> str:
    used = [
        array.name
        for _, inside in parts
        for part in inside
        for array in (part.pictures, part.labels)
        if array is not None and not isinstance(array, str)
    ]
    return ", ".join(dict.fromkeys(name.removesuffix(".npy") for name in used))


def _listed(found: Sequence[File]) -> str:
    most = 4
    names = ", ".join(file.name.name for file in found[:most])
    return names if len(found) <= most else f"{names} ... ({len(found)})"


def _unused(names: Sequence[str]) -> Message:
    return Message("Left out, since their names are not those of pictures or labels: {names}.", names=", ".join(names))
