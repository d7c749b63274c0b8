"""Small made picture files of every kind, in folders and archives; with those of `made_files` they are all FORMATS."""

import struct
import zlib
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from tests.helpers.data_helpers import saved, zipped
from tests.helpers.made_files import (
    COLOUR,
    COUNT,
    FORMATS,
    GREY,
    OWN,
    PETS,
    RGB,
    RNG,
    SIDE,
    Made,
    Y,
    made,
    tarred,
    text,
    write,
)


def png_files(names: list[str], x: np.ndarray = COLOUR, kind: str = "PNG") -> dict[str, bytes]:
    return {name: saved(Image.fromarray(one), kind) for name, one in zip(names, x, strict=True)}


IN_CLASSES = [f"{pet}/{i:02}.png" for i, pet in enumerate(PETS)]
PICTURES = Made(RGB.x, PETS)
FORMATS["pictures: a folder for each class"] = lambda folder: write(folder, png_files(IN_CLASSES)), PICTURES
FORMATS["pictures: zip"] = lambda folder: zipped(folder / "pets.zip", png_files(IN_CLASSES)), PICTURES
FORMATS["pictures: tar.gz"] = lambda folder: tarred(folder / "pets.tar.gz", png_files(IN_CLASSES)), PICTURES
FORMATS["pictures: tar"] = lambda folder: tarred(folder / "pets.tar", png_files(IN_CLASSES), "w"), PICTURES
DEEP = [f"data/{pet}/images/{i:02}.png" for i, pet in enumerate(PETS)]
FORMATS["pictures: data/<class>/images"] = lambda folder: write(folder, png_files(DEEP)), PICTURES
BACK = [f"Pets\\{pet}\\{i:02}.PNG" for i, pet in enumerate(PETS)]
FORMATS["pictures: backslashes in a zip"] = lambda folder: zipped(folder / "pets.zip", png_files(BACK)), PICTURES
SPLIT = [f"{split}/{pet}/{i:02}.png" for i, (split, pet) in enumerate(zip(OWN, PETS, strict=True))]
FORMATS["pictures: train, val and test folders"] = (
    lambda folder: write(folder, png_files(SPLIT)),
    replace(PICTURES, splits=OWN),
)
FLAT = [f"img/{i:02}.png" for i in range(COUNT)]


def listed(names: list[str], head: tuple[str, ...] = ("file", "label")) -> bytes:
    return text([list(head), *([name, pet] for name, pet in zip(names, PETS, strict=True))])


@made("pictures: a list of paths and labels", PICTURES)
def with_list(folder: Path) -> Path:
    return write(folder, png_files(FLAT) | {"labels.csv": listed(FLAT)}) / "labels.csv"


@made("pictures: a list of names and labels in a zip", PICTURES)
def list_in_zip(folder: Path) -> Path:
    stems = [f"{i:02}" for i in range(COUNT)]
    return zipped(folder / "dogs.zip", png_files(FLAT) | {"labels.csv": listed(stems, ("id", "breed"))})


@made("pictures: a zip for each class", PICTURES)
def zips(folder: Path) -> Path:
    for pet in set(PETS):
        mine = [i for i, one in enumerate(PETS) if one == pet]
        zipped(folder / f"{pet}.zip", png_files([f"{i}.png" for i in mine], COLOUR[mine]))
    return folder


GBK = [f"{'猫狗鸟'[y]}/{i:02}.png" for i, y in enumerate(Y)]


@made("pictures: names in GBK in a zip", Made(RGB.x, tuple("猫狗鸟"[y] for y in Y), said="GBK"))
def gbk(folder: Path) -> Path:
    path = folder / "pets.zip"
    body, table, files = b"", b"", png_files(GBK)
    for name, data in files.items():
        raw = name.encode("gbk")
        common = struct.pack("<5H3L2H", 20, 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(raw), 0)
        table += b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<3H2L", 0, 0, 0, 0, len(body)) + raw
        body += b"PK\x03\x04" + common + raw + data
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, len(files), len(files), len(table), len(body), 0)
    path.write_bytes(body + table + end)
    return path


LOSSLESS = {"bmp": "BMP", "tif": "TIFF", "tiff": "TIFF", "png": "PNG", "ppm": "PPM", "PNM": "PPM"}
MIXED = [f"{i:02}.{list(LOSSLESS)[i % 6]}" for i in range(COUNT)]


@made("pictures: PNG, BMP, TIFF, PPM, PNM", Made(RGB.x, None))
def lossless(folder: Path) -> Path:
    pairs = zip(MIXED, COLOUR, strict=True)
    return write(folder, {name: saved(Image.fromarray(one), LOSSLESS[name.partition(".")[2]]) for name, one in pairs})


@made("pictures: PGM", Made(GREY[:, None], None))
def pgm(folder: Path) -> Path:
    return write(folder, png_files([f"{i:02}.pgm" for i in range(COUNT)], GREY, "PPM"))


TWELVE = RNG.integers(0, 4096, (COUNT, SIDE, SIDE), np.uint16)
TWELVE[0, 0, :2] = 0, 4095
TO_BYTES = np.rint(TWELVE * (255 / 4095)).astype(np.uint8)[:, None]


@made("pictures: 12 bits in 16-bit PNG", Made(TO_BYTES, None, said="12 bits"))
def twelve_bits(folder: Path) -> Path:
    return write(folder, png_files([f"{i:02}.png" for i in range(COUNT)], TWELVE))


FLOATS = RNG.normal(-300, 500, (COUNT, SIDE, SIDE)).astype(np.float32)
STRETCHED = np.rint((FLOATS.astype(float) - FLOATS.min()) / (float(FLOATS.max()) - FLOATS.min()) * 255)


@made("pictures: TIFF of floats", Made(STRETCHED.astype(np.uint8)[:, None], None, said="stretched"))
def floats(folder: Path) -> Path:
    return write(folder, png_files([f"{i:02}.tif" for i in range(COUNT)], FLOATS, "TIFF"))
