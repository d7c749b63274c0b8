"""Safe reading of .npz files: the type and the size of each array are checked before memory is allocated for it."""

import io
import math
import zipfile
from collections.abc import Mapping
from typing import IO, Any, cast

import numpy as np
import numpy.typing as npt
from numpy.lib import format as npy

from vae_core.utils import limits
from vae_core.utils.limits import LimitedReader

HEADER_BYTES = 2**16
Arrays = dict[str, npt.NDArray[Any]]


def read(data: bytes, kinds: Mapping[str, str], most: int) -> Arrays:
    """The arrays named in `kinds` (name -> letters of the allowed `dtype.kind`, such as "f" or "iu"), each of at most `most` bytes.

    Raises ValueError, which says what is wrong, for any invalid bytes.
    """
    try:
        guarded = LimitedReader(io.BytesIO(data), "its list of files is too long", limits.DIRECTORY_BYTES)
        with zipfile.ZipFile(cast(IO[bytes], guarded)) as archive:
            guarded.most = float("inf")
            return {name: _read(archive, f"{name}.npy", letters, most) for name, letters in kinds.items()}
    except ValueError as error:  # numpy's messages may have several lines
        raise ValueError(" ".join(str(error).split())[:200]) from None
    except KeyError as error:
        raise ValueError(f"it lacks {str(error.args[0])[:60]}") from None
    except Exception as error:  # noqa: BLE001  zipfile, its decompressors and numpy raise many types for damaged bytes
        raise ValueError(f"it is truncated or not an archive ({type(error).__name__})") from None


def _read(archive: zipfile.ZipFile, name: str, letters: str, most: int) -> npt.NDArray[Any]:
    with archive.open(name) as file:
        shape, dtype = _head(cast(IO[bytes], LimitedReader(file, f"{name} in it has too long a header", HEADER_BYTES)))
        size = math.prod(shape) * dtype.itemsize
        if dtype.kind not in letters:
            raise ValueError(f"{name} in it has the type {dtype}, so it is not an archive of codes")
        if size > most or any(side < 0 for side in shape):
            raise ValueError(f"{name} in it declares {size:,} bytes, and at most {most:,} are allowed")
    with archive.open(name) as file:
        return np.asarray(npy.read_array(file, allow_pickle=False))


def _head(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = npy.read_magic(file)
    readers = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
    if version not in readers:
        raise ValueError("it holds an array of an unknown version")
    shape, _, dtype = readers[version](file)
    return shape, dtype
