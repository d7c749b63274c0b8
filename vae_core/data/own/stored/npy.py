"""Arrays in numpy's .npy and .npz files: shapes and types are read from the headers, and Python objects are never loaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import IO, cast

from numpy.lib import format as npy

from vae_core.data.own.archives.files import File
from vae_core.data.own.archives.zips import zip_files
from vae_core.data.own.stored.stored_array import StoredArray
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils.limits import LimitedReader

SAVE = Message("save plain arrays with numpy.savez(file, images=..., labels=...).")
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
LONGEST_HEADER = 2**16  # bytes


@contextmanager
def npz_members(file: File, place: str) -> Iterator[dict[str, File]]:
    """The files of an .npz by the names of their arrays."""
    with file.open() if file.on_disk else BytesIO(file.content(place)) as stream, zip_files(stream, place) as found:
        yield {str(member.name).removesuffix(".npy"): member for member in found.files}


def read_npy_header(file: File, place: str) -> StoredArray:
    """The array in an .npy file; raises UserError for objects, and where the header does not fit the file's length."""
    cannot = Message("{name} cannot be read: {save}", name=place, save=SAVE)
    try:
        with file.open() as stream:
            guarded = cast(IO[bytes], LimitedReader(stream, cannot, most=LONGEST_HEADER))
            version = npy.read_magic(guarded)
            shape, fortran_order, dtype = HEADERS[version](guarded)
            start = LONGEST_HEADER - int(guarded.most)  # type: ignore[attr-defined]
    except UserError:
        raise
    except Exception as error:  # on damaged bytes numpy's parser raises almost anything
        raise UserError(cannot) from error
    stored = StoredArray(str(file.name), file.open, start, shape, dtype, fortran_order and len(shape) > 1)
    if dtype.hasobject:
        raise UserError("{name} holds Python objects, which are never loaded: {save}", name=place, save=SAVE)
    held = (file.size or 0) - start
    if min(shape, default=0) < 0 or stored.nbytes != held:
        raise UserError(
            "{name} is damaged: '{filename}' says that its shape is {shape}, which does not fit the {held:,} bytes "
            "that it holds: save it again.",
            name=place,
            filename=str(file.name),
            shape=shape,
            held=held,
        )
    return stored
