"""Attack by decompression bombs, files that are small to send and large to open: one after another, and three at once."""

from __future__ import annotations

import io
import struct
import tarfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import numpy as np
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.attack.forged_widget_values import PAGES
from tests.attack.outcome import Memory, Outcome, check_server
from tests.attack.streamlit_client import Client, Shown
from tests.browser.server import Server

AT_ONCE = 3
PATIENCE = 60.0  # seconds within which the server must respond to a bomb
MEMORY = 1536 * 2**20  # bytes of additional memory allowed at any moment
KEPT = 300 * 2**20  # bytes of additional memory allowed afterwards


def _png(side: int, bits: int = 8) -> bytes:
    """A black PNG of side x side pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + side * bits // 8)) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, bits, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _webp(side: int) -> bytes:
    """A lossless WebP of side x side pixels of one colour: a few bytes that decode to hundreds of megabytes."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (side, side)).save(out, "WEBP", lossless=True)
    return out.getvalue()


def _zip(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def _npz(count: int, dtype: str) -> bytes:
    """An .npz of `count` black pictures of 28 x 28 pixels, written without holding them in memory."""
    out, head = io.BytesIO(), io.BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"descr": np.dtype(dtype).str, "fortran_order": False, "shape": (count, 28, 28)}
    )
    block = bytes(1 << 20)
    left = count * 28 * 28 * np.dtype(dtype).itemsize
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("x.npy", "w", force_zip64=True) as file,
    ):
        file.write(head.getvalue())
        while left > 0:
            left -= file.write(block[: min(left, len(block))])
    return out.getvalue()


def _gzip_of_zeros(head: bytes, count: int) -> bytes:
    """`head` and `count` zeros, packed without holding them in memory."""
    packer = zlib.compressobj(9, wbits=31)
    block = bytes(1 << 20)
    body = b"".join(packer.compress(block) for _ in range(count >> 20))
    return packer.compress(head) + body + packer.compress(bytes(count & 0xFFFFF)) + packer.flush()


def _idx(count: int) -> bytes:
    """MNIST's file of `count` black pictures of 28 x 28 pixels, as it is downloaded."""
    return _gzip_of_zeros(struct.pack(">BBBBIII", 0, 0, 8, 3, count, 28, 28), count * 28 * 28)


def _tar(size: int) -> bytes:
    """A .tar.gz of one file with `size` zeros."""
    head = tarfile.TarInfo("0.bmp")
    head.size = size
    return _gzip_of_zeros(head.tobuf(), size + 1024 + -size % 512)


def _mat(count: int) -> bytes:
    """A .mat of version 5 whose only array, packed, holds `count` black pictures of 28 x 28 pixels."""
    size = count * 28 * 28
    parts = [(6, struct.pack("<II", 9, 0)), (5, struct.pack("<iii", count, 28, 28)), (1, b"x")]
    inner = b"".join(struct.pack("<II", kind, len(body)) + body + bytes(-len(body) % 8) for kind, body in parts)
    packer, block = zlib.compressobj(9), bytes(1 << 20)
    body = packer.compress(struct.pack("<II", 14, len(inner) + 8 + size) + inner + struct.pack("<II", 2, size))
    body += b"".join(packer.compress(block) for _ in range(size >> 20)) + packer.compress(bytes(size & 0xFFFFF))
    body += packer.flush()
    return (
        b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H2s", 0x100, b"IM") + struct.pack("<II", 15, len(body)) + body
    )


def _parquet(rows: int) -> bytes:
    """A Parquet file whose column has the same long text in every row."""
    import pyarrow
    from pyarrow import parquet

    column = pyarrow.DictionaryArray.from_arrays(np.zeros(rows, np.int32), ["x" * 1000])
    out = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": column}), out)
    return out.getvalue()


def _excel(size: int) -> bytes:
    """An Excel file whose sheet is `size` blanks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(size >> 20):
                sheet.write(b" " * (1 << 20))
    return out.getvalue()


# Name -> the function that makes it; the first part of the name is the page that it is uploaded to.
BOMBS: dict[str, Callable[[], bytes]] = {
    "photo-lossless.webp": lambda: _webp(10_900),
    "photo-huge.png": lambda: _png(10_900),
    "photo-deep.png": lambda: _png(17_000, 16),
    "train-float64.npz": lambda: _npz(640_000, "<f8"),
    "train-bytes.npz": lambda: _npz(5_000_000, "|u1"),
    "train-sixty.zip": lambda: _zip(dict.fromkeys((f"{number}.png" for number in range(60)), _png(9000))),
    "train-nested.zip": lambda: _zip({f"{number}/{number}.bmp": bytes(150 * 2**20) for number in range(12)}),
    "train-images-idx3-ubyte.gz": lambda: _idx(5_000_000),
    "train-bytes.mat": lambda: _mat(2_500_000),
    "train-large.tar.gz": lambda: _tar(4 * 2**30),
    "table-lines.csv": lambda: b"a,b\n" + b"1,2\n" * 2_500_000,
    "table-columns.csv": lambda: b"1," * 4_000_000,
    "table-texts.parquet": lambda: _parquet(20_000_000),
    "table-blanks.xlsx": lambda: _excel(4 * 2**30),
}

# The same formats, small: each brings the libraries that read it, which belong to no bomb.
HARMLESS: dict[str, Callable[[], bytes]] = {
    "photo-small.webp": lambda: _webp(28),
    "photo-small.png": lambda: _png(28),
    "train-small.npz": lambda: _npz(40, "|u1"),
    "train-small.zip": lambda: _zip(dict.fromkeys((f"{number}.png" for number in range(40)), _png(28))),
    "train-images-idx3-ubyte.gz": lambda: _idx(40),
    "train-small.mat": lambda: _mat(40),
    "table-small.csv": lambda: b"a,b\n" + b"1,2\n3,5\n" * 20,
    "table-small.parquet": lambda: _parquet(40),
    "table-small.xlsx": lambda: _excel(2**20),
}


def attack_with_bombs(server: Server, names: Iterable[str] = BOMBS) -> Outcome:
    """Send every bomb alone, then three at once. The server must respond to all, and its memory must stay within the limits.

    `names`: which of BOMBS.
    """
    outcome = Outcome("bombs")
    with Client(server) as honest:
        for page in PAGES:  # loads what the pages need before the memory is measured
            honest.show(page)
    while "libtorch_cpu" not in Path(f"/proc/{server.process.pid}/maps").read_text():
        time.sleep(0.5)  # it is imported a while after the first page
    time.sleep(5)  # and what comes with it
    for name, made in HARMLESS.items():
        _throw(server, name, made(), Outcome("harmless files"))
    with Memory(server.process.pid) as memory:
        for name in names:
            content = BOMBS[name]()
            for crowd in (1, AT_ONCE):
                threads = [threading.Thread(target=_throw, args=(server, name, content, outcome)) for _ in range(crowd)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
    with Client(server) as honest:
        outcome.check(not honest.show("latent_space").exceptions, "Latent space broke for another browser")
    peak, kept = memory.peak - memory.before, memory.after - memory.before
    outcome.counts["MB more at the peak"], outcome.counts["MB kept"] = peak // 2**20, kept // 2**20
    outcome.check(peak < MEMORY, f"bombs took more than {MEMORY // 2**20} MB of memory")
    outcome.check(kept < KEPT, f"bombs left more than {KEPT // 2**20} MB of memory taken")
    check_server(server, outcome)
    return outcome


def _throw(server: Server, name: str, content: bytes, outcome: Outcome) -> None:
    outcome.counts["sent"] += 1
    try:
        with Client(server) as client:
            status, info = client.put(name, content, PATIENCE)
            if status not in (200, 204):
                outcome.counts["refused on the way"] += 1
                return
            shown = UPLOADS[name.partition("-")[0]](client, info)
    except (TimeoutError, OSError) as error:
        outcome.losses.append(f"{name} was not answered within {PATIENCE:.0f} s: {type(error).__name__}")
        return
    said = shown.errors
    outcome.counts["refused in a sentence" if said else f"{name} read"] += 1
    outcome.check(not shown.exceptions, f"{name} broke its page")


def _photo(client: Client, info: UploadedFileInfo) -> Shown:
    page = client.show("reconstruct")
    source = WidgetState(id=page.of("reconstruct-source"))
    source.string_array_value.data.append("Upload")
    page = client.show("reconstruct", [source])
    return client.show("reconstruct", [source, _file(page.of("reconstruct-file"), info)], timeout=PATIENCE)


def _training(client: Client, info: UploadedFileInfo, title: str, key: str) -> Shown:
    page = client.show("train")
    data = WidgetState(id=page.of("train.data"), string_value=title)
    page = client.show("train", [data])
    return client.show("train", [data, _file(page.of(key), info)], timeout=PATIENCE)


def _file(id: str, info: UploadedFileInfo) -> WidgetState:
    state = WidgetState(id=id)
    state.file_uploader_state_value.uploaded_file_info.append(info)
    return state


UPLOADS: dict[str, Callable[[Client, UploadedFileInfo], Shown]] = {  # first part of a bomb's name -> how it is uploaded
    "photo": _photo,
    "train": partial(_training, title="Your own pictures", key="train.pictures"),
    "table": partial(_training, title="Your own table", key="train.table"),
}
