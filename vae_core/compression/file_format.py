"""The bytes of a file of compressed pictures, version 1: a header, segments that are found and checked one by one, the header again.

All numbers are little-endian. The header:

    8 bytes  MAGIC             1  version               1  numerics            16  start of the SHA-256 of the model's weights
    2  levels of a pixel       2, 2, 2  channels, height, width                 1  value of the highest level in the pictures
    1  steps of z to 1         2  pictures of a block, at most                  4  number of pictures
    2  pictures of a segment   1  number of ranges, then 1 each                 4  CRC-32 of the header so far

A segment:

    4 bytes  MARKER            2  its number            4  bytes of bits        2  pictures of its head
    1  coarseness of its head  4  CRC-32 of its pictures                        4  CRC-32 of the segment so far and of its bits

The bits follow. Where the first header is damaged, the second is read, and a segment is found wherever it stands. Nothing in a header
is believed before it is compared with the model and with the limits.
"""

import struct
import zlib
from dataclasses import dataclass
from math import ceil, prod

from vae_core.compression.bits_back import COARSEST, CodedSegment
from vae_core.errors import UserError
from vae_core.utils import limits

MAGIC = b"\x8aVAE\r\n\x1a\n"  # as of a PNG: transfer as text, or cut to seven bits, damages it
VERSION = 1
NUMERICS = 1  # the rounding in integer_network, code_frequencies and pixel_frequencies: another one is another number
FIXED = struct.Struct("<8sBB16sHHHHBBHIHB")
CRC = struct.Struct("<I")
MARKER = b"\xb5VAE"
SEGMENT = struct.Struct("<4sHIHBI")
MOST_SEGMENTS = 2**16
LARGEST_SEGMENT, LARGEST_BLOCK = 1000, 100  # pictures
SCANNED = 20  # bytes that the search for segments may check, for each byte of the file


@dataclass(frozen=True)
class Header:
    """What a file says about its pictures (C, H, W) of so many `levels`, the highest of which is the value `top`."""

    model: bytes
    levels: int
    shape: tuple[int, ...]
    top: int
    grid: int
    block: int
    count: int
    segment: int
    ranges: tuple[int, ...]

    @property
    def segments(self) -> int:
        return ceil(self.count / self.segment)

    def pictures(self, number: int) -> slice:
        """Which pictures are in the segment of that number, from 0."""
        return slice(number * self.segment, min(self.count, (number + 1) * self.segment))

    def to_bytes(self) -> bytes:
        fields = (self.levels, *self.shape, self.top, self.grid, self.block, self.count, self.segment, len(self.ranges))
        data = FIXED.pack(MAGIC, VERSION, NUMERICS, self.model, *fields) + bytes(self.ranges)
        return data + CRC.pack(zlib.crc32(data))


@dataclass(frozen=True)
class StoredSegment:
    """A segment as it is in the file, whole by its CRC, and the CRC-32 of its pictures."""

    number: int
    coded: CodedSegment
    pictures: int

    def to_bytes(self) -> bytes:
        coded = self.coded
        head = SEGMENT.pack(MARKER, self.number, len(coded.data), coded.head, coded.coarseness, self.pictures)
        return head + CRC.pack(zlib.crc32(coded.data, zlib.crc32(head))) + coded.data


def read_header(data: bytes, most: int = limits.KEPT_BYTES) -> Header:
    """The header of a file whose pictures take at most `most` bytes.

    Raises UserError for more, another kind of file, another version, and where neither header is whole.
    """
    places = (0, data.rfind(MAGIC))
    found = next((one for one in (_header(data, place) for place in places) if one), None)
    if found is not None:
        return _checked(*found, most)
    if MAGIC not in data:
        raise UserError("This is not a file of compressed pictures: it does not begin as a .vae file does.")
    version = data[data.find(MAGIC) + len(MAGIC) :][:1]
    if version > bytes([VERSION]):
        raise UserError(
            "The file has version {found}, and this app reads version {version}: update the app. Or its header is damaged.",
            found=version[0],
            version=VERSION,
        )
    raise UserError("The header of the file is damaged, so that none of its pictures can be read: use another copy.")


def _header(data: bytes, start: int) -> tuple[Header, int] | None:
    """The header at `start` and its numerics; None where none is there, or a damaged one."""
    last = start + FIXED.size
    if start < 0 or len(data) < last or not data.startswith(MAGIC + bytes([VERSION]), start):
        return None
    stop = last + data[last - 1]
    if len(data) < stop + CRC.size or CRC.unpack_from(data, stop)[0] != zlib.crc32(data[start:stop]):
        return None
    _, _, numerics, model, levels, *shape, top, grid, block, count, segment, _ = FIXED.unpack_from(data, start)
    return Header(model, levels, tuple(shape), top, grid, block, count, segment, tuple(data[last:stop])), numerics


def _checked(header: Header, numerics: int, most: int) -> Header:
    within = 1 <= header.segment <= LARGEST_SEGMENT and 1 <= header.block <= LARGEST_BLOCK and header.count >= 1
    if not within or numerics != NUMERICS or not 1 <= header.top <= 255 or header.segments > MOST_SEGMENTS:
        raise UserError("The header of the file has settings that this version does not know: update the app.")
    if header.count * prod(header.shape) > most:
        raise UserError(
            "The file declares {count:,} pictures, which would take more than {size:,} MB: too many.",
            count=header.count,
            size=most // limits.MIB,
        )
    return header


def find_segments(data: bytes, header: Header) -> dict[int, StoredSegment]:
    """By number, the segments that are whole, wherever they stand; the first of several with one number."""
    found: dict[int, StoredSegment] = {}
    start, left = 0, SCANNED * len(data)
    while left > 0 and (start := data.find(MARKER, start)) >= 0:
        segment = _segment(data, start, header)
        if segment is not None and segment.number not in found:
            found[segment.number] = segment
        left -= _length(data, start)
        start += len(MARKER) if segment is None else SEGMENT.size + CRC.size + len(segment.coded.data)
    return found


def _length(data: bytes, start: int) -> int:
    """How many bytes the CRC of a segment at `start` is of."""
    if start + SEGMENT.size > len(data):
        return 1
    return min(len(data) - start, SEGMENT.size + SEGMENT.unpack_from(data, start)[2])


def _segment(data: bytes, start: int, header: Header) -> StoredSegment | None:
    """The segment at `start`, None where it is damaged or cannot be one of this file."""
    body = start + SEGMENT.size + CRC.size
    if body > len(data):
        return None
    _, number, size, head, coarseness, pictures = SEGMENT.unpack_from(data, start)
    bits = data[body : body + size]
    crc = zlib.crc32(bits, zlib.crc32(data[start : start + SEGMENT.size]))
    if len(bits) < size or CRC.unpack_from(data, body - CRC.size)[0] != crc or number >= header.segments:
        return None
    here = header.pictures(number)
    if not 1 <= head <= here.stop - here.start or coarseness > COARSEST:
        return None
    return StoredSegment(number, CodedSegment(bits, head, coarseness), pictures)
