"""Compress pictures to the bytes of a file with a checkpoint, and decompress them to the same pictures."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vae_core.checkpoints import WEIGHTS, Checkpoint
from vae_core.compression import bits_back
from vae_core.compression.code_frequencies import GRID
from vae_core.compression.file_format import (
    LARGEST_BLOCK,
    LARGEST_SEGMENT,
    Header,
    StoredSegment,
    find_segments,
    read_header,
)
from vae_core.compression.integer_network import RANGE
from vae_core.compression.integer_vae import IntegerVae, check, levels_in, measure, range_count
from vae_core.compression.levels import levels_of
from vae_core.errors import UserError
from vae_core.utils import limits
from vae_core.utils.arrays import Int64, UInt8

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Decompressed:
    """The pictures (N, C, H, W) of the segments that could be read, their numbers (N,) in the whole, from 0, and what could not.

    `count` is the number of pictures that were compressed.
    """

    pictures: UInt8
    numbers: Int64
    count: int
    damage: tuple[UserError, ...]


def compress(
    checkpoint: Checkpoint, pictures: UInt8, progress: Progress = lambda share: None, segment: int = LARGEST_SEGMENT
) -> bytes:
    """A file of pictures (N, C, H, W), whose values must be levels of the model, see `levels_of`, in segments of so many pictures.

    Raises UserError for pictures of another shape or other values, for a model that cannot compress, and without the extra
    `compression`.
    """
    vae = checkpoint.vae.eval()
    check(vae.config)
    x, top = levels_of(pictures, vae.config.shape, levels_in(vae))
    ranges = measure(vae, x)
    model = IntegerVae(vae, ranges)
    header = Header(
        _hash(checkpoint),
        model.levels,
        vae.config.shape,
        top,
        GRID,
        LARGEST_BLOCK,
        len(x),
        segment,
        ranges,
    )
    parts = [header.to_bytes()]
    for number in range(header.segments):
        some = x[header.pictures(number)]
        coded = bits_back.encode(model, some, header.block)
        parts.append(StoredSegment(number, coded, zlib.crc32(some.tobytes())).to_bytes())
        progress((number + 1) / header.segments)
    return b"".join([*parts, parts[0]])


def decompress(
    checkpoint: Checkpoint, data: bytes, progress: Progress = lambda share: None, most: int = limits.KEPT_BYTES
) -> Decompressed:
    """The pictures of a file that `compress` made with the same checkpoint: the same, bit by bit, or none.

    The pictures may take `most` bytes. A damaged segment is named in `damage`, and the pictures of the others are given. Raises
    UserError for another file, a file of another model or of too many pictures, a damaged header, and where no segment can be read.
    """
    header = read_header(data, most)
    vae = checkpoint.vae.eval()
    check(vae.config)
    _check_model(header, checkpoint)
    model = IntegerVae(vae, header.ranges)
    stored = find_segments(data, header)
    found, damage = {}, []
    for number in range(header.segments):
        try:
            found[number] = _pictures(model, header, stored.get(number), header.pictures(number))
        except ValueError:
            damage.append(_damage(header, number))
        progress((number + 1) / header.segments)
    if not found:
        raise UserError("The file is damaged: none of its {count} segments can be read.", count=header.segments)
    numbers = [np.arange(header.pictures(number).start, header.pictures(number).stop) for number in found]
    pictures = np.concatenate(list(found.values())) * np.uint8(header.top // (header.levels - 1))
    return Decompressed(pictures, np.concatenate(numbers), header.count, tuple(damage))


def _pictures(model: IntegerVae, header: Header, stored: StoredSegment | None, here: slice) -> UInt8:
    """The pictures of a segment; raises ValueError where it is missing, or its bits are those of other pictures."""
    if stored is None:
        raise ValueError("it is missing or damaged")
    x = bits_back.decode(model, stored.coded, here.stop - here.start, header.block)
    if zlib.crc32(x.tobytes()) != stored.pictures:
        raise ValueError("its pictures are not those that were compressed")
    return x


def _damage(header: Header, number: int) -> UserError:
    here = header.pictures(number)
    return UserError(
        "Segment {number} of {segments} is damaged or missing: pictures {first:,} to {last:,} cannot be read.",
        number=number + 1,
        segments=header.segments,
        first=here.start + 1,
        last=here.stop,
    )


def _check_model(header: Header, checkpoint: Checkpoint) -> None:
    if header.model != _hash(checkpoint):
        raise UserError(
            "The file was compressed with another model than {model}: open it with the same one.",
            model=checkpoint.info.title,
        )
    config = checkpoint.vae.config
    wanted = (config.shape, levels_in(checkpoint.vae), GRID, range_count(checkpoint.vae))
    within = all(RANGE[0] <= exponent <= RANGE[1] for exponent in header.ranges)
    if (header.shape, header.levels, header.grid, len(header.ranges)) != wanted or not within:
        raise UserError("The header of the file does not fit its model: use another copy.")


def _hash(checkpoint: Checkpoint) -> bytes:
    return bytes.fromhex(checkpoint.info.hashes[WEIGHTS])[:16]
