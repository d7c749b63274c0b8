"""Untrusted archives and arrays of every format: nothing leaves its place, is executed, or takes more memory than the limits."""

import gzip
import io
import json
import subprocess
import sys
import tarfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.helpers import hostile_files as hostile
from tests.helpers.data_helpers import idx_bytes, own, saved, zipped
from tests.helpers.made_files import GREY, Y, mat, tarred, write
from tests.helpers.made_pictures import FORMATS, IN_CLASSES, png_files
from tests.helpers.measured_memory import CAN_MEASURE, LOADED, MEASURE, ROOT, measured
from vae_core.errors import UserError
from vae_core.utils import limits

GIB, MIB = 2**30, 2**20
PETS = png_files(IN_CLASSES)
SLOW = {"pictures: a folder for each class", "pictures: data/<class>/images", "pictures: train, val and test folders"}


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from([name for name in FORMATS if name not in SLOW]),
    which=st.integers(0, 99),
    at=st.integers(0, 10**6),
    junk=st.binary(min_size=0, max_size=4),
    cut=st.integers(0, 40),
)
def test_damaged_bytes_give_pictures_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, name: str, which: int, at: int, junk: bytes, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    path = FORMATS[name][0](folder)
    files = sorted(file for file in folder.rglob("*") if file.is_file() and file.stat().st_size)
    damaged = files[which % len(files)]
    data = bytearray(damaged.read_bytes())
    at %= min(len(data), 4000) if at % 2 else len(data)
    data[at : at + cut] = junk
    damaged.write_bytes(data)
    try:
        assert len(own(path).train) > 0
    except UserError as error:
        assert len(str(error)) > 20


def add(archive: tarfile.TarFile, name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> None:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(data), kind, link
    archive.addfile(info, io.BytesIO(data))


@pytest.mark.parametrize("name", ["../../evil.png", "/etc/evil.png", "cats/../../evil.png", "C:/evil.png"])
def test_a_name_that_leads_out_of_a_tar_is_refused(name: str, tmp_path: Path) -> None:
    tarred(tmp_path / "mine.tar.gz", PETS | {name: b"x"})
    with pytest.raises(UserError, match=r"mine\.tar\.gz holds .*evil\.png.*leads out of the archive"):
        own(tmp_path / "mine.tar.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.tar.gz"]


def test_links_and_devices_in_a_tar_are_left_out_and_counted(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(saved(Image.new("L", (12, 12)), "PNG"))
    with tarfile.open(tmp_path / "mine.tar", "w") as archive:
        for name, data in PETS.items():
            add(archive, name, data)
        add(archive, "ant/link.png", kind=tarfile.SYMTYPE, link=str(secret))
        add(archive, "ant/hard.png", kind=tarfile.LNKTYPE, link="../secret.png")
        add(archive, "ant/fifo.png", kind=tarfile.FIFOTYPE)
    data = own(tmp_path / "mine.tar")
    assert sum(map(len, (data.train, data.val, data.test))) == len(PETS)
    assert "3 links and special files of the archive are left out." in data.notes


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_tar_that_was_cut_short_or_altered_is_refused(mode: str, tmp_path: Path) -> None:
    data = tarred(tmp_path / "whole.tar", PETS, mode).read_bytes()
    path = tmp_path / "mine.tar"
    altered = data[:5120] + bytes([data[5120] ^ 255]) + data[5121:]
    for damaged in (b"", b"no tar", data[: len(data) // 2], data[:-12000] if mode == "w" else data[:-5], altered):
        path.write_bytes(damaged)
        with pytest.raises(UserError, match=r"mine\.tar|\.png"):
            own(path)


def test_matlab_files_of_other_versions_and_contents(tmp_path: Path) -> None:
    cases = {
        "v73": (b"MATLAB 7.3 MAT-file".ljust(512, b"\0") + b"\x89HDF", "version 5 to 7.2"),
        "v4": (bytes(300), "version 5 to 7.2"),
        "cells": (mat({"X": np.array([[1, "a"], [2, "b"]], object)}), "no array of pictures named X"),
        "struct": (mat({"X": {"images": GREY}}), "no array of pictures named X"),
        "complex": (mat({"X": GREY * 1j}), "no array of pictures named X"),
        "other": (mat({"cube": GREY}), "but cube"),
        "labels": (mat({"X": GREY.transpose(1, 2, 0), "y": Y[:7]}), "one label for each image"),
        "false size": (hostile.mat((60, 28, 28), GIB, 2**20), "does not fit"),
        "ends early": (hostile.mat((28, 28, 60), 28 * 28 * 60, 999), "damaged or cut short"),
    }
    for name, (data, why) in cases.items():
        (tmp_path / "mine.mat").write_bytes(data)
        with pytest.raises(UserError, match=why) as error:
            own(tmp_path / "mine.mat")
        assert "mine.mat" in str(error.value), name


def test_pickled_files_are_never_loaded(tmp_path: Path) -> None:
    import pickle

    for name in ("data_batch_1", "test_batch", "batches.meta"):
        (tmp_path / name).write_bytes(pickle.dumps({b"data": np.zeros((9, 3072), np.uint8)}))
    with pytest.raises(UserError, match="pickled version of CIFAR, which is never loaded: take its binary version"):
        own(tmp_path)
    np.save(tmp_path / "objects.npy", np.array([{"a": 1}] * 20, object))
    with pytest.raises(UserError, match=r"objects\.npy holds Python objects, which are never loaded"):
        own(tmp_path / "objects.npy")
    write(tmp_path / "torch", {"train.pt": b"x", "a.pkl": b"x"})
    with pytest.raises(UserError, match=r"a\.pkl \(1 in all\); they may hold Python objects"):
        own(tmp_path / "torch")


def test_idx_files_that_lie(tmp_path: Path) -> None:
    good = {"train-images-idx3-ubyte": idx_bytes(GREY), "train-labels-idx1-ubyte": idx_bytes(Y)}
    bad = {
        "short": ("train-images-idx3-ubyte", idx_bytes(GREY)[:-9], "does not fit"),
        "no idx": ("train-images-idx3-ubyte", b"hello", "does not begin as an idx file does"),
        "cut header": ("train-images-idx3-ubyte", b"\0\0\x08\x03\0", "does not begin as an idx file does"),
        "labels": ("train-labels-idx1-ubyte", idx_bytes(Y[:9]), "60 images but labels of shape"),
        "long gz": (
            "train-images-idx3-ubyte.gz",
            gzip.compress(idx_bytes(GREY) + b"x" * 99),
            "more in it than its header",
        ),
        "short gz": ("train-images-idx3-ubyte.gz", gzip.compress(idx_bytes(GREY)[:-9]), "ends early"),
    }
    for name, (file, data, why) in bad.items():
        folder = write(tmp_path / name, {key: value for key, value in good.items() if key != file.removesuffix(".gz")})
        with pytest.raises(UserError, match=why):
            own(write(folder, {file: data}))
    both = {f"emnist-{kind}-{key}": value for kind in ("letters", "digits") for key, value in good.items()}
    with pytest.raises(UserError, match="several data sets .emnist digits, emnist letters.: give the files of one"):
        own(write(tmp_path / "both", both))


def test_cifar_files_of_a_wrong_length_are_named(tmp_path: Path) -> None:
    record = bytes(3073)
    write(tmp_path, {"data_batch_1.bin": 20 * record, "data_batch_2.bin": 20 * record + b"x"})
    with pytest.raises(UserError, match=r"data_batch_2\.bin has 61,461 bytes, which are not whole records of 3,073"):
        own(tmp_path)


def test_a_text_with_a_cell_that_is_no_number_names_row_and_column(tmp_path: Path) -> None:
    rows = [[str(y), *map(str, x.ravel())] for x, y in zip(GREY, Y, strict=True)]
    for cell in ("", "abc", "1,5"):
        rows[41][7] = cell
        (tmp_path / "mine.csv").write_text("\n".join(";".join(row) for row in rows))
        with pytest.raises(UserError, match=rf"mine\.csv has '{cell}' in row 42, column 8, which is no number"):
            own(tmp_path / "mine.csv")
    rows[41] = rows[40][:99]
    (tmp_path / "mine.csv").write_text("\n".join(";".join(row) for row in rows))
    with pytest.raises(UserError, match=r"mine\.csv has '' in row 42, column 100"):
        own(tmp_path / "mine.csv")
    rows[41] = ["nan", *rows[40][1:]]
    rows[41][5] = "nan"
    (tmp_path / "mine.csv").write_text("\n".join(";".join(row) for row in rows))
    with pytest.raises(UserError, match=r"a pixel that is nan, in picture 41"):
        own(tmp_path / "mine.csv")


def test_archives_inside_archives_are_opened_once_and_only_small_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = zipped(tmp_path / "inner.zip", PETS).read_bytes()
    outer = zipped(tmp_path / "outer.zip", {"inner.zip": inner}).read_bytes()
    assert own(tmp_path / "outer.zip").classes == ("ant", "bee", "cat")
    zipped(tmp_path / "third.zip", {"outer.zip": outer})
    with pytest.raises(
        UserError, match=r"outer\.zip holds no picture.*inner\.zip \(1 in all\); .*only one inside another"
    ):
        own(tmp_path / "third.zip")
    monkeypatch.setattr(limits, "FILE_BYTES", len(inner) - 1)
    with pytest.raises(UserError, match=r"outer\.zip holds archives of .* MB, and"):
        own(tmp_path / "outer.zip")


def tar_of(*parts: bytes) -> bytes:
    return b"".join(parts)


@pytest.mark.slow
@pytest.mark.skipif(not CAN_MEASURE, reason="Linux tells and resets the peak")
def test_small_files_that_unpack_to_much_are_refused_at_once(tmp_path: Path) -> None:
    header = partial(hostile.tar_header, "x" * 20)
    rows = b",".join([b"1"] * 785) + b"\n"
    files = {
        "declared.mat": (hostile.mat((60, 28, 28), 2**31, 2**20), "does not fit"),
        "long.mat": (hostile.mat((28, 28, 10**6), 28 * 28 * 10**6, 2**20), "more than 100,000 pictures"),
        "short.mat": (hostile.mat((28, 28, 99_999), 28 * 28 * 99_999, 2**20), "damaged or cut short"),
        "name.mat": (hostile.mat((60, 28, 28), 60 * 784, 60 * 784, b"X" * 10**6), "header cannot be read"),
        "size.tar.gz": (hostile.gz(header(6 * GIB), 6 * GIB), "unpacks to"),
        "pax.tar.gz": (hostile.gz(header(2 * GIB, b"x"), 2 * GIB), "lists more files|unpacks to"),
        "name.tar.gz": (hostile.gz(header(2 * GIB, b"L"), 2 * GIB), "lists more files|unpacks to"),
        "many.tar.gz": (gzip.compress(263_000 * header(0)), "lists more files"),
        "rows.csv.gz": (gzip.compress(rows + 101_000 * rows), "more than 200 MB of text|more than 100,000 pictures"),
        "line.csv.gz": (gzip.compress(rows + rows + b"1," * 2**21), "a line of more than one"),
        "images.data.gz": (
            hostile.gz(bytes([0, 0, 8, 3]) + hostile.struct.pack(">3L", 2**31, 28, 28), 2 * GIB),
            "100,000",
        ),
    }
    for name, (data, _) in files.items():
        (tmp_path / name).write_bytes(data)
    peak, _, found = measured(LOADED, tmp_path)
    for name, (seconds, said) in found.items():
        assert any(part in said for part in files[name][1].split("|")), (name, said)
        assert name.partition(".")[0] in said and seconds < 30, (name, said, seconds)
    assert peak < limits.FILE_BYTES + 200 * MIB


COST = """
from vae_core.images.reading import _opened

def cost(path):
    with _opened(path, "", 1024) as (_, _, cost):
        return cost.bytes

kept = []
for path in paths:
    reading.read(path)
    estimate, before = cost(path), start()
    kept.append((path.name, memory("VmHWM") - before, estimate, (reading.read(path), memory("VmHWM") - before)[1]))
print(json.dumps(kept))
"""


@pytest.mark.slow
@pytest.mark.skipif(not CAN_MEASURE, reason="Linux tells and resets the peak")
def test_the_memory_of_avif_and_netpbm_is_not_underestimated(tmp_path: Path) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (250, 250, 3), np.uint8)).resize((2000, 2000))
    grey = np.asarray(noise.convert("L"))
    for name, image, options in (
        ("colour.avif", noise, {}),
        ("full.avif", noise, {"subsampling": "4:4:4"}),
        ("clear.avif", noise.convert("RGBA"), {}),
    ):
        image.save(tmp_path / name, speed=10, **options)  # the quickest to write: reading takes the same memory
    (tmp_path / "deep.pgm").write_bytes(b"P5 2000 2000 4095 " + (grey.astype(">u2") * 16).tobytes())
    (tmp_path / "full.pgm").write_bytes(b"P5 2000 2000 65535 " + (grey.astype(">u2") * 257).tobytes())
    (tmp_path / "text.pgm").write_bytes(b"P2 2000 2000 255 " + " ".join(map(str, grey.ravel())).encode())
    command = [sys.executable, "-c", MEASURE + COST, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    for name, _, estimate, peak in json.loads(done.stdout):
        assert peak < estimate + 24 * MIB, (name, peak // MIB, estimate // MIB)
