"""A person's own pictures: folders, .zip and .npz files are read correctly, bad ones are refused in a sentence that names the file."""

import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.helpers.data_helpers import own, saved, whole, zipped
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.images import reading, writing
from vae_core.utils import limits


def encoded(level: int = 120, size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (level, 255 - level, 30)).save(out, kind)
    return out.getvalue()


GOOD = {f"{label}/{i}.png": encoded(20 * i) for label in ("cats", "dogs") for i in range(8)}


def unzipped(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


@pytest.mark.parametrize("make", [zipped, unzipped])
@pytest.mark.parametrize("channels", [1, 3])
def test_folders_and_zips_are_read_alike(make: Callable[..., Path], channels: int, tmp_path: Path) -> None:
    noise = {"notes.txt": b"hello", "cats/.hidden.png": b"x", "__MACOSX/cats/._0.png": b"x", "cats/Thumbs.db": b"x"}
    data = own(make(tmp_path / "pets.zip", GOOD | noise), size=16, channels=channels)
    assert (data.classes, data.shape) == (("cats", "dogs"), (channels, 16, 16))
    assert [len(split) for split in (data.train, data.val, data.test)] == [12, 2, 2]
    labels = np.concatenate([split.labels.numpy() for split in (data.train, data.val, data.test)])
    assert labels.sum() == 8
    pixel = whole(data)[:, :, 8, 8]
    red = pixel[:, 0] if channels == 3 else None
    grey = np.asarray(
        [np.asarray(Image.new("RGB", (1, 1), (20 * i, 255 - 20 * i, 30)).convert("L"))[0, 0] for i in range(8)]
    )
    assert sorted(pixel[:, 0]) == sorted(2 * (list(range(0, 160, 20)) if red is not None else grey.tolist()))


def test_any_format_and_size_and_no_labels(tmp_path: Path) -> None:
    kinds = {"png": "PNG", "JPG": "JPEG", "webp": "WEBP", "gif": "GIF", "bmp": "BMP", "tiff": "TIFF"}
    files = {f"{i}.{end}": encoded(100, (10 + 30 * i, 90), kind) for i in range(2) for end, kind in kinds.items()}
    data = own(unzipped(tmp_path / "mixed", files), size=24, channels=1)
    assert data.classes == () and data.train.labels.max() == 0
    assert whole(data).std() < 2, "all are of one colour"


def test_a_wide_picture_is_cut_in_its_middle(tmp_path: Path) -> None:
    wide = np.zeros((20, 60), np.uint8)
    wide[:, 20:40] = 255
    files = {f"{i}.png": writing.png(wide) for i in range(10)}
    assert whole(own(zipped(tmp_path / "a.zip", files), size=20))[:, :, :, 2:-2].min() > 250


@cache
def _bad_zips() -> dict[str, tuple[dict[str, bytes], str, str]]:
    good = encoded()
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    return {
        "no picture": ({"notes.txt": b"hello", "a.heic": b"x"}, "no picture", "give at least 10"),
        "empty": ({}, "no picture", "give at least 10"),
        "too few": ({f"{i}.png": good for i in range(9)}, "only 9 pictures", "give at least 10"),
        "climbs out": (GOOD | {"../../evil.png": good}, "../../evil.png", "leads out of the archive"),
        "climbs out, Windows": (GOOD | {"..\\..\\evil.png": good}, "evil.png", "leads out of the archive"),
        "climbs inside": (GOOD | {"cats/../../evil.txt": b"x"}, "evil.txt", "leads out of the archive"),
        "absolute": (GOOD | {"/etc/evil.png": good}, "/etc/evil.png", "leads out of the archive"),
        "drive": (GOOD | {"C:\\evil.png": good}, "evil.png", "leads out of the archive"),
        "zip bomb": (GOOD | {"cats/zeros.png": bytes(201 * 2**20)}, "cats/zeros.png", "201 MB"),
        "picture bomb": (GOOD | {"cats/huge.png": bomb.getvalue()}, "cats/huge.png", "make it smaller"),
        "broken picture": (GOOD | {"dogs/cut.png": good[:-30]}, "dogs/cut.png", "leave it out"),
        "text for a picture": (GOOD | {"dogs/text.jpg": b"no picture"}, "dogs/text.jpg", "save it as"),
        "empty picture": (GOOD | {"dogs/empty.gif": b""}, "dogs/empty.gif", "save it as"),
    }


@pytest.mark.parametrize("name", _bad_zips())
def test_a_bad_zip_is_refused_by_name_and_nothing_is_unpacked(name: str, tmp_path: Path) -> None:
    files, what, why = _bad_zips()[name]
    path = zipped(tmp_path / "mine.zip", files)
    with pytest.raises(UserError) as error:
        own(path)
    assert what in str(error.value) and why in str(error.value)
    assert list(tmp_path.iterdir()) == [path]


def test_a_broken_picture_in_a_folder_is_named(tmp_path: Path) -> None:
    folder = unzipped(tmp_path / "mine", GOOD | {"dogs/cut.jpg": encoded(kind="JPEG")[:400]})
    with pytest.raises(UserError, match=r"dogs/cut\.jpg is damaged"):
        own(folder)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_pixel_that_is_no_number_is_named_by_picture_and_place(value: float, tmp_path: Path) -> None:
    levels = np.full((30, 40), 0.5, np.float32)
    levels[5, 9] = value
    tiff = saved(Image.fromarray(levels), "TIFF")
    with pytest.raises(
        UserError, match=rf"scan\.tif has a pixel that is {value} \(row 6, column 10\).*leave the picture out"
    ):
        reading.read(tiff, "scan.tif")
    with pytest.raises(UserError, match=r"dogs/scan\.tif has a pixel"):
        own(zipped(tmp_path / "mine.zip", GOOD | {"dogs/scan.tif": tiff}))


def test_what_is_no_zip_or_was_cut_short(tmp_path: Path) -> None:
    path = zipped(tmp_path / "mine.zip", GOOD)
    data = path.read_bytes()
    for damaged in (b"", b"not a zip", data[:-40], data[: len(data) // 2]):
        path.write_bytes(damaged)
        with pytest.raises(UserError, match=r"mine\.zip is damaged or cut short"):
            own(path)


@settings(max_examples=60)
@given(at=st.integers(0, 10**6), byte=st.integers(0, 255))
@example(at=518817, byte=0)  # a name that is empty
def test_any_damaged_byte_gives_pictures_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, at: int, byte: int
) -> None:
    path = zipped(tmp_path_factory.mktemp("fuzz") / "mine.zip", {f"{i}.png": encoded(i, (9, 9)) for i in range(10)})
    data = bytearray(path.read_bytes())
    data[at % len(data)] = byte
    path.write_bytes(data)
    try:
        assert own(path, size=8, channels=1).shape == (1, 8, 8)
    except UserError as error:
        assert "mine.zip" in str(error) or ".png" in str(error)


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    path = zipped(tmp_path / "mine.zip", GOOD)
    data = bytearray(path.read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # set the "encrypted" bit of every entry
        at = data.find(mark)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(mark, at + 4)
    path.write_bytes(data)
    with pytest.raises(UserError, match="has a password"):
        own(path)


def test_limits_on_all_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "mine.zip", GOOD)
    monkeypatch.setattr(limits, "MOST", 15)
    with pytest.raises(UserError, match="more than 15 pictures"):
        own(path)
    monkeypatch.setattr(limits, "ZIP_BYTES", 1000)
    with pytest.raises(UserError, match="unpacks to"):
        own(path)


@pytest.mark.parametrize("make", [zipped, unzipped])
def test_what_would_take_too_long_is_refused_from_the_headers(
    make: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused before any picture is decoded: the last of these cannot be decoded."""
    path = make(tmp_path / "mine.zip", GOOD | {"dogs/large.png": encoded(size=(90, 80)), "dogs/z.png": encoded()[:-40]})
    monkeypatch.setattr(limits, "LOAD_PIXELS", 20_000)
    with pytest.raises(UserError, match=r"mine\.zip .* pixels to decode, 0\.0 million of them in dogs/large\.png"):
        own(path)
    monkeypatch.setattr(limits, "LOAD_SECONDS", -1)
    with pytest.raises(UserError, match=r"mine\.zip takes longer than"):
        own(path)


@pytest.mark.parametrize("path", ["", "/nosuch/place", "notes.txt"])
def test_a_path_that_is_no_place_for_pictures(path: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(UserError, match=r"folder.*\.zip.*\.npz"):
        load(DataConfig(dataset="pictures", path=str(tmp_path / path) if path == "notes.txt" else path))


def test_a_zip_whose_names_cannot_be_read_is_one_sentence(tmp_path):
    path = tmp_path / "names.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("\u00e4.png", b"")
    path.write_bytes(path.read_bytes().replace("\u00e4".encode(), b"\xff\xfe"))
    with pytest.raises(UserError, match=r"names\.zip is damaged"):
        load(DataConfig(dataset="pictures", path=str(path)))
