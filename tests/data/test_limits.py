"""No file takes more memory or time than the limits: measured in a separate process with the system's memory counter."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.helpers import hostile_files as hostile
from tests.helpers.data_helpers import halves, own, saved, zipped
from tests.helpers.measured_memory import CAN_MEASURE, DECODED, LOADED, measured
from vae_core.errors import UserError
from vae_core.images import reading
from vae_core.utils.limits import LOAD_PIXELS, PICTURE_BYTES, PICTURE_PIXELS

pytestmark = pytest.mark.skipif(not CAN_MEASURE, reason="Linux tells and resets the peak")

GIB, MIB = 2**30, 2**20


def test_a_data_set_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    bytes_, label = "|u1", f"<U{GIB // 80}"
    bad = {
        "many.npz": ([hostile.array("x", (640_000, 28, 28))], "more than 100,000 pictures"),
        "pixels.npz": ([hostile.array("x", (1000, 2000, 2000), bytes_)], "more than 3,000 million pixels"),
        "large.npz": ([hostile.array("x", (10, 10_000, 10_000), bytes_)], "too large to be resized"),
        "columns.npz": ([hostile.array("x", (20, 2000, 2000), columns=True)], "Fortran order"),
        "labels.npz": ([hostile.array("x", (20, 28, 28)), hostile.array("y", (20,), label)], "longer than 256 letters"),
        "counts.npz": ([hostile.array("x", (20, 28, 28)), hostile.array("y", (GIB // 4,))], "one label for each image"),
        "header.npz": (
            [("x.npy", *hostile.zeros(b"\x93NUMPY\x02\0" + struct.pack("<L", 3 * GIB), 3 * GIB))],
            "header.npz cannot be read",
        ),
        "listed.zip": ([(f"{i:0250}.png", b"", 0) for i in range(65_000)], "lists more files"),
    }
    for name, (files, _) in bad.items():
        hostile.zipped(tmp_path / name, files)
    picture = hostile.png(10_900, 10_900)
    zipped(tmp_path / "heavy.zip", {f"{i}.png": picture for i in range(60)})
    (tmp_path / "short-idx3-ubyte.gz").write_bytes(hostile.idx((60_000, 28, 28), 2 * GIB))
    (tmp_path / "large-idx3-ubyte.gz").write_bytes(hostile.idx((2**22, 28, 28), 2 * GIB))
    words = {name: why for name, (_, why) in bad.items()} | {
        "heavy.zip": "3,000 million pixels to decode, 118.8 million of them in 0.png",
        "short-idx3-ubyte.gz": "at least 47,040,001 bytes",
        "large-idx3-ubyte.gz": "more than the 200 MB",
    }
    peak, _, found = measured(LOADED, tmp_path)
    assert found.keys() == words.keys()
    for name, (seconds, said) in found.items():
        assert name in said and words[name] in said
        assert seconds < 5, name
    assert peak < 200 * MIB


LIES = {
    "short": (hostile.header((20, 28, 28)) + bytes(99), "does not fit the 99 bytes"),
    "negative": (hostile.header((-20, -28, 28)) + bytes(125_440), "does not fit the 125,440 bytes"),
    "astronomic": (hostile.header((10**40, 28, 28)) + bytes(99), "does not fit the 99 bytes"),
    "fields": (hostile.header((20, 9, 9), [("a", "<f8")]) + bytes(12_960), "not grey levels"),
    "arrays in an array": (hostile.header((20, 9, 9), ("<f8", (2, 2))) + bytes(51_840), "not grey levels|shape"),
    "objects": (hostile.header((20, 9, 9), "|O") + bytes(12_960), "Python objects, which are never loaded"),
    "no type": (hostile.header((20, 9, 9), "<Q99") + bytes(99), "cannot be read"),
    "no header": (b"\x93NUMPY\x01\0\xff\xff" + b"(" * 9000, "cannot be read"),
}


@pytest.mark.parametrize("name", LIES)
def test_a_false_header_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    data, why = LIES[name]
    zipped(tmp_path / "mine.npz", {"images.npy": data})
    with pytest.raises(UserError, match=why) as error:
        own(tmp_path / "mine.npz")
    assert "mine.npz" in str(error.value)


def test_a_large_array_needs_little_more_memory_than_the_result(tmp_path: Path) -> None:
    """125 MB of float64 become 16 MB; 31 MB in Fortran order become 4 MB; 98 MB of bytes keep their size, in three splits."""
    x = np.zeros((20_000, 28, 28))
    np.savez(tmp_path / "rows.npz", x=x)
    np.savez(tmp_path / "columns.npz", x=np.asfortranarray(x[:5000]))
    np.savez(tmp_path / "colours.npz", x=np.zeros((8000, 64, 64, 3), np.uint8))
    peak, _, found = measured(LOADED, tmp_path)
    assert [said for _, said in found.values()] == ["", "", ""]
    assert peak < 98_304_000 + 40 * MIB


def test_three_people_send_a_large_picture_at_once(tmp_path: Path) -> None:
    """The largest allowed picture is decoded three times, one after another, and the memory is returned."""
    for i in range(3):
        (tmp_path / f"{i}.webp").write_bytes(hostile.webp(5300, 5300))
    peak, kept, found = measured(DECODED, tmp_path)
    assert [said for _, said in found.values()] == 3 * [""]
    assert peak < PICTURE_BYTES and kept < PICTURE_BYTES / 8


def picture_bombs() -> dict[str, tuple[bytes, str]]:
    """Files that would take seconds to minutes, or gigabytes, and the expected messages."""
    jpeg, gif = saved(halves(), "JPEG"), saved(halves(), "GIF")
    scans = saved(Image.new("L", (8000, 8000)), "JPEG", progressive=True)
    last = scans[scans.rfind(b"\xff\xda") : -2]
    start = hostile.png(64, 64)[:33]
    return {
        "canvas.webp": (hostile.webp(10_900, 10_900), "MB of memory while it is decoded"),
        "fill.jpg": (jpeg[:2] + b"\xff" * 50_000_000 + jpeg[2:], "takes too long to read"),
        "notes.jpg": (jpeg[:2] + b"\xff\xe3\0\2" * 10_000_000 + jpeg[2:], "takes too long to read"),
        "scans.jpg": (scans[:-2] + 500 * last + scans[-2:], "takes too long to read"),
        "chunks.png": (start + hostile.chunk(b"abCd", b"") * 4_000_000, "takes too long to read"),
        "pieces.png": (start + hostile.chunk(b"IDAT", b"") * 4_000_000, "takes too long to read"),
        "notes.gif": (
            gif[:-1].replace(b",\0\0\0\0", b"!\xfe\x01a\0" * 10_000_000 + b",\0\0\0\0"),
            "takes too long to read",
        ),
        "tile.tiff": (hostile.tiff(16, 16, 24_000), "MB of memory while it is decoded"),
        "offsets.tiff": (hostile.tiff(16, 16, 16, 12_000_000), "takes too long to read"),
    }


def test_a_malicious_picture_is_refused_at_once(tmp_path: Path) -> None:
    bombs = picture_bombs()
    for name, (data, _) in bombs.items():
        (tmp_path / name).write_bytes(data)
    peak, kept, found = measured(DECODED, tmp_path)
    for name, (seconds, said) in found.items():
        assert name in said and bombs[name][1] in said
        assert seconds < 5, name
    assert peak < PICTURE_BYTES and kept < PICTURE_BYTES / 8


def header_pixels(data: bytes, longest: int = reading.LONGEST) -> int:
    return reading.header(data, longest=longest).pixels


def test_ordinary_photographs_are_within_the_limits() -> None:
    photo = saved(Image.new("RGB", (4032, 3024)), "JPEG")
    assert 500 * header_pixels(photo, longest=8 * 128) < LOAD_PIXELS, (
        "500 photographs from a phone, at the largest size"
    )
    assert (
        header_pixels(saved(Image.new("RGB", (8064, 6048)), "JPEG", subsampling=0, progressive=True)) < PICTURE_PIXELS
    )
    scan = hostile.png(7016, 9922)  # a sheet of A3 at 600 dots an inch
    assert header_pixels(scan) == 7016 * 9922 and reading.read(scan).size == (724, 1024)
    assert 100_000 * header_pixels(saved(Image.new("L", (28, 28)), "PNG")) < LOAD_PIXELS
