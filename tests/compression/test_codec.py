"""Files: the same pictures or a sentence. Whatever happens to the bytes, no wrong picture comes out."""

import dataclasses
import struct
import tracemalloc
import zlib
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from vae_core import checkpoints
from vae_core.compression.codec import compress, decompress
from vae_core.compression.file_format import FIXED, MAGIC, MARKER, SEGMENT, read_header
from vae_core.errors import UserError

MODEL = checkpoints.load(Path(__file__).parent / "version_1" / "mlp")
SEGMENT_PICTURES = 12
X = np.random.default_rng(0).integers(0, 2, (50, 1, 8, 8)).astype(np.uint8) * 255
FILE = compress(MODEL, X, segment=SEGMENT_PICTURES)
STARTS = [i for i in range(len(FILE)) if FILE.startswith(MARKER, i)] + [FILE.rfind(MAGIC)]


def read_right_or_not_at_all(data):
    """Decompress changed bytes: each picture that comes out is the right one, each that does not is in a sentence."""
    try:
        found = decompress(MODEL, data)
    except UserError:
        return 0
    assert np.array_equal(found.pictures, X[found.numbers])
    assert len(found.numbers) + sum(map(named_pictures, found.damage)) == len(X)
    return len(found.numbers)


def named_pictures(sentence):
    values = sentence.message.values
    return values["last"] - values["first"] + 1


def test_the_same_pictures_come_back():
    found = decompress(MODEL, FILE)
    assert np.array_equal(found.pictures, X) and found.damage == () and found.count == len(X)
    assert found.numbers.tolist() == list(range(len(X))) and len(STARTS) == 6


def test_ones_come_back_as_ones():
    assert np.array_equal(decompress(MODEL, compress(MODEL, X // 255)).pictures, X // 255)
    black = np.zeros_like(X[:3])
    assert np.array_equal(decompress(MODEL, compress(MODEL, black)).pictures, black)


@hypothesis_settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, len(FILE) - 1), st.integers(1, 255)), min_size=1, max_size=4))
def test_changed_bytes_give_no_wrong_picture(changes):
    data = bytearray(FILE)
    for place, change in changes:
        data[place] ^= change
    hit = {sum(place >= start for start in STARTS) for place, _ in changes} & set(range(1, 6))
    kept = read_right_or_not_at_all(bytes(data))
    header_lost = {0, 6} <= {sum(place >= start for start in STARTS) for place, _ in changes}
    if not header_lost and bytes(data) != FILE:
        assert kept >= len(X) - SEGMENT_PICTURES * len(hit) or len(hit) == 5


@hypothesis_settings(max_examples=40)
@given(st.integers(0, len(FILE)), st.integers(0, len(FILE)), st.binary(max_size=30))
def test_cuts_and_insertions_give_no_wrong_picture(first, second, inserted):
    low, high = sorted((first, second))
    read_right_or_not_at_all(FILE[:low])
    read_right_or_not_at_all(FILE[low:])
    read_right_or_not_at_all(FILE[:low] + inserted + FILE[high:])


def test_a_damaged_segment_is_named_and_the_others_are_read():
    data = bytearray(FILE)
    data[STARTS[2] + 40] ^= 1
    found = decompress(MODEL, bytes(data))
    (sentence,) = found.damage
    assert str(sentence) == "Segment 3 of 5 is damaged or missing: pictures 25 to 36 cannot be read."
    assert np.array_equal(found.pictures, np.delete(X, range(24, 36), 0))


def test_segments_that_changed_places_are_put_in_order():
    header, *parts = (FILE[a:b] for a, b in pairwise([0, *STARTS, len(FILE)]))
    *segments, copy = parts
    assert np.array_equal(decompress(MODEL, b"".join([header, *segments[::-1], copy])).pictures, X)
    assert read_right_or_not_at_all(header + segments[1] * 3 + copy) == SEGMENT_PICTURES


def test_either_header_is_enough():
    start = STARTS[0]
    assert read_right_or_not_at_all(FILE[start:]) == len(X)
    assert read_right_or_not_at_all(FILE[: STARTS[-1]]) == len(X)
    with pytest.raises(UserError, match="does not begin as"):
        decompress(MODEL, FILE[start : STARTS[-1]])
    with pytest.raises(UserError, match="does not begin as"):
        decompress(MODEL, b"")
    with pytest.raises(UserError, match="header of the file is damaged"):
        decompress(MODEL, FILE[: FIXED.size - 3])


def test_a_newer_version_is_told_apart_from_damage():
    with pytest.raises(UserError, match="has version 2, and this app reads version 1"):
        decompress(MODEL, MAGIC + b"\2" + FILE[9 : STARTS[-1]])


def signed(head):
    """Bytes of a header or segment with the CRC that belongs to them."""
    return head + struct.pack("<I", zlib.crc32(head))


def test_bits_of_other_pictures_with_right_checksums_are_refused():
    """Checksums keep no attacker away: then the pictures' own CRC, or the stack that is not empty, shows it."""
    data = bytearray(FILE[: STARTS[1]])
    bits = FILE[STARTS[0] + SEGMENT.size + 4 : STARTS[1]]
    other = bytes([bits[0] ^ 1]) + bits[1:]
    head = bytes(data[STARTS[0] : STARTS[0] + SEGMENT.size])
    data[STARTS[0] :] = head + struct.pack("<I", zlib.crc32(other, zlib.crc32(head))) + other
    with pytest.raises(UserError, match="none of its 5 segments"):
        decompress(MODEL, bytes(data))


def test_a_header_is_not_believed():
    header = read_header(FILE)
    for changes, words in (
        ({"count": 2**32 - 1}, "too many|settings"),
        ({"count": 60_000_000, "segment": 1000}, "would take more than 1,024 MB"),
        ({"count": 0}, "settings"),
        ({"segment": 60_000}, "settings"),
        ({"block": 60_000}, "settings"),
        ({"top": 0}, "settings"),
        ({"levels": 256}, "does not fit"),
        ({"shape": (1, 8, 9)}, "does not fit"),
        ({"ranges": (4,) * 200}, "does not fit"),
        ({"ranges": (200, 4)}, "does not fit"),
        ({"ranges": (0, 4)}, "does not fit"),
        ({"grid": 64}, "does not fit"),
        ({"model": bytes(16)}, "compressed with another model"),
    ):
        with pytest.raises(UserError, match=words):
            decompress(MODEL, dataclasses.replace(header, **changes).to_bytes() + FILE[STARTS[0] :])


def test_pictures_that_are_declared_and_not_there_take_no_memory():
    header = dataclasses.replace(read_header(FILE), count=10_000_000, segment=1000)
    tracemalloc.start()
    try:
        with pytest.raises(UserError, match="none of its 10000 segments"):
            decompress(MODEL, header.to_bytes())
        assert tracemalloc.get_traced_memory()[1] < 2**25
    finally:
        tracemalloc.stop()


def test_a_file_full_of_markers_is_soon_read():
    head = SEGMENT.pack(MARKER, 0, 2**31, 1, 0, 0)
    with pytest.raises(UserError, match="can be read"):
        decompress(MODEL, FILE[: STARTS[0]] + head * 200_000)


@pytest.mark.parametrize(
    ("pictures", "words"),
    [
        (X.astype(np.int64), "whole numbers from 0 to 255"),
        (X[:, 0], "1 x 8 x 8"),
        (X[:0], "1 x 8 x 8"),
        (np.full_like(X, 7), "black and white only"),
        (X // 255 + 254, "black and white only"),
    ],
)
def test_other_pictures_are_refused(pictures, words):
    with pytest.raises(UserError, match=words):
        compress(MODEL, pictures)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mnist-ae-2d", "posterior 'normal'"),
        ("mnist-cvae-2d", "without labels"),
        ("points-moons", "a model of pictures"),
    ],
)
def test_models_that_cannot_compress_say_why(name, words):
    checkpoint = checkpoints.load(checkpoints.bundled() / name)
    with pytest.raises(UserError, match=words):
        compress(checkpoint, np.zeros((1, *checkpoint.vae.config.shape), np.uint8))
    with pytest.raises(UserError):
        decompress(checkpoint, FILE)
