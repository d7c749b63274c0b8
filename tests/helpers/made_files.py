"""A small made file of every format that docs/data.md lists, with the pictures, labels and splits that must be read from it."""

import csv
import gzip
import io
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from tests.helpers.data_helpers import idx_bytes, saved, zipped

COUNT, SIDE = 60, 12
TRAIN, VAL, TEST = "train", "val", "test"
RNG = np.random.default_rng(0)
GREY = RNG.integers(0, 256, (COUNT, SIDE, SIDE), np.uint8)
COLOUR = RNG.integers(0, 256, (COUNT, SIDE, SIDE, 3), np.uint8)
WIDE = RNG.integers(0, 256, (COUNT, 3, 32, 32), np.uint8)  # as CIFAR-10 and SVHN
Y = np.arange(COUNT) % 3
NAMES = tuple(map(str, Y))
PETS = tuple(("ant", "bee", "cat")[y] for y in Y)
OWN = (TRAIN,) * 40 + (VAL,) * 8 + (TEST,) * 12
TWO = (TRAIN,) * 48 + (TEST,) * 12


@dataclass(frozen=True)
class Made:
    """What a file must give: pictures uint8 (N, C, H, W), the class of each, and the split of each where the file says it."""

    x: np.ndarray
    classes: tuple[str, ...] | None = NAMES
    splits: tuple[str, ...] | None = None
    said: str = ""  # a part of what the notes must say


Make = Callable[[Path], Path]
FORMATS: dict[str, tuple[Make, Made]] = {}


def made(name: str, expected: Made) -> Callable[[Make], Make]:
    def add(make: Make) -> Make:
        FORMATS[name] = (make, expected)
        return make

    return add


ROWS = Made(GREY[:, None])
RGB = Made(COLOUR.transpose(0, 3, 1, 2))


def npz(name: str, expected: Made, **arrays: np.ndarray) -> None:
    def make(folder: Path) -> Path:
        np.savez(folder / "mine.npz", **arrays)
        return folder / "mine.npz"

    FORMATS[name] = make, expected


npz("npz: images, labels", ROWS, images=GREY, labels=Y)
npz("npz: x, y", ROWS, x=GREY, y=Y)
npz("npz: X, y", ROWS, X=GREY, y=Y)
npz("npz: data, target", ROWS, data=GREY, target=Y)
npz("npz: arr_0, arr_1", ROWS, arr_0=GREY, arr_1=Y)
npz(
    "npz: rows of all pixels",
    replace(ROWS, said="taken as pictures of 12 x 12"),
    data=GREY.reshape(COUNT, -1),
    target=Y,
)
npz("npz: colour last", RGB, images=COLOUR, labels=Y)
npz(
    "npz: keras",
    replace(ROWS, splits=TWO, said="those of the files"),
    x_train=GREY[:48],
    y_train=Y[:48],
    x_test=GREY[48:],
    y_test=Y[48:],
)
npz(
    "npz: MedMNIST",
    replace(RGB, splits=OWN),
    train_images=COLOUR[:40],
    train_labels=Y[:40, None],
    val_images=COLOUR[40:48],
    val_labels=Y[40:48, None],
    test_images=COLOUR[48:],
    test_labels=Y[48:, None],
)
BITS = (GREY > 127).astype(np.uint8)
SHAPES = np.stack([0 * Y, Y, np.arange(COUNT) % 2, 0 * Y, np.arange(COUNT) // 10, 0 * Y], 1)
npz(
    "npz: dSprites",
    Made(255 * BITS[:, None], tuple(("square", "ellipse", "heart")[y] for y in Y), said="black and white"),
    imgs=BITS, latents_classes=SHAPES, latents_values=SHAPES.astype(float), metadata=np.array({"never": "loaded"}, object),
)  # fmt: skip


@made("npy", Made(GREY[:, None], None))
def npy(folder: Path) -> Path:
    np.save(folder / "mine.npy", GREY)
    return folder / "mine.npy"


@made("npy: QuickDraw, a file for each class", Made(GREY[:, None], PETS))
def quickdraw(folder: Path) -> Path:
    for pet in set(PETS):
        np.save(folder / f"{pet}.npy", GREY[[one == pet for one in PETS]].reshape(-1, SIDE * SIDE))
    return folder


@made("npy: x_train, y_train, x_test, y_test", replace(ROWS, splits=TWO))
def npy_named(folder: Path) -> Path:
    arrays = {"x_train": GREY[:48], "y_train": Y[:48], "x_test": GREY[48:], "y_test": Y[48:]}
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return folder


def pixel_rows(labels: tuple[str, ...] | None, x: np.ndarray = GREY, at_end: bool = False) -> list[list[str]]:
    rows = [list(map(str, picture.ravel())) for picture in x]
    if labels is None:
        return rows
    return [[*row, name] if at_end else [name, *row] for row, name in zip(rows, labels, strict=True)]


def text(rows: list[list[str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode()


PIXELS = [f"pixel{i}" for i in range(SIDE * SIDE)]


def table(name: str, expected: Made, file: str, data: bytes) -> None:
    def make(folder: Path) -> Path:
        (folder / file).write_bytes(data)
        return folder / file

    FORMATS[name] = make, expected


KAGGLE = text([["label", *PIXELS], *pixel_rows(NAMES)])
table("csv: Kaggle", ROWS, "train.csv", KAGGLE)
table("csv: names of classes", Made(GREY[:, None], PETS), "pets.csv", text([["class", *PIXELS], *pixel_rows(PETS)]))
table("csv: without a header", ROWS, "mnist.csv", text(pixel_rows(NAMES)))
table("csv: label last, semicolons", ROWS, "digits.tra", text(pixel_rows(NAMES, at_end=True), ";"))
table("csv: no labels", Made(GREY[:, None], None), "test.csv", text([PIXELS, *pixel_rows(None)]))
table("csv.gz", ROWS, "train.csv.gz", gzip.compress(KAGGLE))


@made("csv: train and test in a zip", replace(ROWS, splits=TWO))
def kaggle_zip(folder: Path) -> Path:
    head = ["label", *PIXELS]
    rows = pixel_rows(NAMES)
    parts = {
        f"sign_mnist_{name}.csv": text([head, *some]) for name, some in (("train", rows[:48]), ("test", rows[48:]))
    }
    return zipped(
        folder / "archive.zip", {**parts, "american_sign_language.PNG": saved(Image.new("L", (50, 50)), "PNG")}
    )


def idx_files(ends: tuple[str, str], gz: bool = False, x: np.ndarray = GREY, prefix: str = "") -> dict[str, bytes]:
    arrays = {
        f"{prefix}train-images{ends[0]}": x[:48],
        f"{prefix}train-labels{ends[1]}": Y[:48],
        f"{prefix}t10k-images{ends[0]}": x[48:],
        f"{prefix}t10k-labels{ends[1]}": Y[48:],
    }
    found = {name: idx_bytes(array) for name, array in arrays.items()}
    return {f"{name}.gz": gzip.compress(data) for name, data in found.items()} if gz else found


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


DASHES, DOTS = ("-idx3-ubyte", "-idx1-ubyte"), (".idx3-ubyte", ".idx1-ubyte")
IDX = replace(ROWS, splits=TWO)
FORMATS["idx"] = lambda folder: write(folder, idx_files(DASHES)), IDX
FORMATS["idx: gz"] = lambda folder: write(folder, idx_files(DASHES, True)), IDX
FORMATS["idx: dots"] = lambda folder: write(folder, idx_files(DOTS)), IDX
FORMATS["idx: in a zip"] = lambda folder: zipped(folder / "mnist.zip", idx_files(DASHES, True)), IDX


@made("idx: one file of images", Made(GREY[:, None], None))
def one_idx(folder: Path) -> Path:
    (folder / "some.idx").write_bytes(idx_bytes(GREY))
    return folder / "some.idx"


@made("idx: EMNIST, transposed", replace(IDX, said="turned back"))
def emnist(folder: Path) -> Path:
    turned = idx_files(DASHES, True, GREY.swapaxes(1, 2), "emnist-letters-")
    return write(folder, {name.replace("t10k", "test"): data for name, data in turned.items()})


def cifar_records(x: np.ndarray, y: np.ndarray) -> bytes:
    return np.concatenate([y[:, None].astype(np.uint8), x.reshape(len(x), -1)], 1).tobytes()


BATCHES = {
    "cifar-10-batches-bin/data_batch_1.bin": cifar_records(WIDE[:30], Y[:30]),
    "cifar-10-batches-bin/data_batch_2.bin": cifar_records(WIDE[30:48], Y[30:48]),
    "cifar-10-batches-bin/test_batch.bin": cifar_records(WIDE[48:], Y[48:]),
    "cifar-10-batches-bin/batches.meta.txt": b"ant\nbee\ncat\n\n",
}
CIFAR = Made(WIDE, PETS, TWO)
FORMATS["CIFAR-10: binary, a folder"] = lambda folder: write(folder, BATCHES), CIFAR


def tarred(path: Path, files: dict[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


FORMATS["CIFAR-10: binary, tar.gz"] = lambda folder: tarred(folder / "cifar-10-binary.tar.gz", BATCHES), CIFAR


def mat(arrays: dict[str, np.ndarray], packed: bool = True) -> bytes:
    import scipy.io

    out = io.BytesIO()
    scipy.io.savemat(out, arrays, do_compression=packed)
    return out.getvalue()


def svhn(x: np.ndarray, y: np.ndarray, packed: bool = True) -> bytes:
    return mat({"X": x.transpose(2, 3, 1, 0), "y": y[:, None].astype(np.uint8)}, packed)


SVHN = {"train_32x32.mat": svhn(WIDE[:48], Y[:48]), "test_32x32.mat": svhn(WIDE[48:], Y[48:])}
FORMATS["mat: SVHN, train and test"] = lambda folder: write(folder, SVHN), Made(WIDE, NAMES, TWO)


@made("mat: not packed", Made(WIDE))
def plain_mat(folder: Path) -> Path:
    return write(folder, {"mine.mat": svhn(WIDE, Y, False)}) / "mine.mat"


@made("mat: rows of all pixels", ROWS)
def mat_rows(folder: Path) -> Path:
    data = mat({"X": GREY.reshape(COUNT, -1).astype(float), "y": Y[None], "info": np.array(["text"])})
    return write(folder, {"mine.mat": data}) / "mine.mat"
