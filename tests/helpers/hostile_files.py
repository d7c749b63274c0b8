"""Decompression bombs: small files that unpack to a very large size, written byte by byte, so that writing them is cheap."""

import math
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

MEBI = 2**20
Packed = tuple[str, bytes, int]  # a name, its raw deflate stream, how many bytes that unpacks to


def zeros(head: bytes, size: int) -> tuple[bytes, int]:
    """A raw deflate stream of `head` and so many zero bytes, and the length that it unpacks to."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = pack.compress(head + bytes(size % MEBI)) + pack.flush(zlib.Z_FULL_FLUSH)
    piece = pack.compress(bytes(MEBI)) + pack.flush(zlib.Z_FULL_FLUSH)
    return start + size // MEBI * piece + pack.flush(), len(head) + size


def zipped(path: Path, files: Iterable[Packed]) -> Path:
    """A zip of streams that are already deflated; their checksums are 0."""
    body, listed, count = bytearray(), bytearray(), 0
    for name, data, size in files:
        raw = name.encode()
        common = struct.pack("<5H3L2H", 20, 0, 8, 0, 33, 0, len(data), size, len(raw), 0)
        listed += b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<3H2L", 0, 0, 0, 0, len(body)) + raw
        body += b"PK\x03\x04" + common + raw + data
        count += 1
    end = struct.pack("<4H2LH", 0, 0, min(count, 65535), min(count, 65535), len(listed), len(body), 0)
    path.write_bytes(body + listed + b"PK\x05\x06" + end)
    return path


def header(shape: tuple[int, ...], descr: object = "<f8", columns: bool = False) -> bytes:
    """The header of an .npy file, correct or not."""
    text = repr({"descr": descr, "fortran_order": columns, "shape": shape}).encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def array(name: str, shape: tuple[int, ...], descr: str = "<f8", columns: bool = False) -> Packed:
    """An array of zeros in an .npz."""
    return (f"{name}.npy", *zeros(header(shape, descr, columns), math.prod(shape) * np.dtype(descr).itemsize))


def webp(width: int, height: int) -> bytes:
    """A lossless WebP of one colour: all five prefix codes have one symbol, so that pixels take no bits."""
    bits = [(0x2F, 8), (width - 1, 14), (height - 1, 14), (0, 4), (0, 3)]  # no alpha, no transform, no cache, no groups
    for symbol, wide in ((200, 1), (100, 1), (50, 1), (255, 1), (0, 0)):  # green, red, blue, alpha, distance
        bits += [(1, 1), (0, 1), (wide, 1), (symbol, 8 if wide else 1)]
    value, at = 0, 0
    for number, length in bits:
        value |= number << at
        at += length
    stream = value.to_bytes(-(-at // 8), "little")
    chunk = b"VP8L" + struct.pack("<L", len(stream)) + stream + bytes(len(stream) % 2)
    return b"RIFF" + struct.pack("<L", 4 + len(chunk)) + b"WEBP" + chunk


def png(width: int, height: int) -> bytes:
    """A black PNG of one bit a pixel."""
    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    parts = ((b"IHDR", struct.pack(">2L5B", width, height, 1, 0, 0, 0, 0)), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(chunk, *zip(*parts, strict=True)))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))


def tiff(width: int, height: int, tile: int, offsets: int = 1) -> bytes:
    """A grey TIFF with a square tile of this side, deflated zeros, and so many (equal) offsets of tiles."""
    data = zlib.compress(bytes(tile * tile), 9)
    at = 8 + len(data)
    long = struct.pack("<L", 8) * offsets, struct.pack("<L", len(data)) * offsets
    tags = [(256, 1, width), (257, 1, height), (258, 1, 8), (259, 1, 8), (262, 1, 1), (277, 1, 1), (322, 1, tile)]
    tags += [(323, 1, tile), (324, offsets, at), (325, offsets, at + 4 * offsets)]
    if offsets == 1:
        tags[-2:] = [(324, 1, 8), (325, 1, len(data))]
    folder = b"".join(struct.pack("<2H2L", tag, 4, count, value) for tag, count, value in tags)
    rest = b"".join(long) if offsets > 1 else b""
    return b"II*\0" + struct.pack("<L", at + len(rest)) + data + rest + struct.pack("<H", len(tags)) + folder + bytes(4)


def idx(shape: tuple[int, ...], size: int) -> bytes:
    """A gzipped idx file whose header says this shape, and so many zeros."""
    data, _ = zeros(bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}L", *shape), size)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + data + bytes(8)


def mat(dims: tuple[int, ...], said: int, held: int, name: bytes = b"X", kind: int = 2) -> bytes:
    """A Matlab file with one packed array of these dimensions, whose data say and hold so many bytes of zeros."""
    body = b"".join(
        struct.pack("<2L", type, len(data)) + data + bytes(-len(data) % 8)
        for type, data in ((6, struct.pack("<2L", 9, 0)), (5, struct.pack(f"<{len(dims)}l", *dims)), (1, name))
    )
    pack = zlib.compressobj(9)
    stream = pack.compress(struct.pack("<2L", 14, len(body) + said) + body + struct.pack("<2L", kind, said))
    stream += b"".join(pack.compress(bytes(MEBI)) for _ in range(held // MEBI)) + pack.compress(bytes(held % MEBI))
    stream += pack.flush()
    head = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H", 0x100) + b"IM"
    return head + struct.pack("<2L", 15, len(stream)) + stream


def gz(head: bytes, size: int) -> bytes:
    """A gzip file of `head` and so many zeros; its checksum is 0."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + zeros(head, size)[0] + bytes(8)


def tar_header(name: str, size: int, kind: bytes = b"0", link: str = "") -> bytes:
    """The header of a file in a tar that says this size."""
    text = f"{size:011o}\0" if size < 8**11 else ""
    field = text.encode() or b"\x80" + size.to_bytes(11, "big")
    block = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + field + b"00000000000\0" + b" " * 8
    block += kind + link.encode().ljust(100, b"\0") + b"ustar\x0000"
    block = block.ljust(512, b"\0")
    return block[:148] + f"{sum(block):06o}\0 ".encode() + block[156:]
