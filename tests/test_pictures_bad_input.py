"""A person's own pictures: folders, zips and npz files, good ones read right, bad ones refused in a sentence that names the file."""

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

from vae_core import images, limits
from vae_core.config import DataConfig
from vae_core.datasets import Dataset, load
from vae_core.errors import UserError


def encoded(level: int = 120, size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (level, 255 - level, 30)).save(out, kind)
    return out.getvalue()


GOOD = {f"{label}/{i}.png": encoded(20 * i) for label in ("cats", "dogs") for i in range(8)}


def zipped(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def unzipped(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def own(path: Path, **settings: object) -> Dataset:
    return load(DataConfig(dataset="pictures", path=str(path), **settings))


def whole(data: Dataset) -> np.ndarray:
    return np.concatenate([split.x.numpy() for split in (data.train, data.val, data.test)])


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
    data = own(unzipped(tmp_path / "mixed", files), size=24)
    assert data.classes == () and data.train.labels.max() == 0
    assert whole(data).std() < 2, "all are of one colour"


def test_a_wide_picture_is_cut_in_its_middle(tmp_path: Path) -> None:
    wide = np.zeros((20, 60), np.uint8)
    wide[:, 20:40] = 255
    files = {f"{i}.png": images.png(wide) for i in range(10)}
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
        "climbs out": (GOOD | {"../../evil.png": good}, "../../evil.png", "leads out of the zip"),
        "climbs out, Windows": (GOOD | {"..\\..\\evil.png": good}, "evil.png", "leads out of the zip"),
        "climbs inside": (GOOD | {"cats/../../evil.txt": b"x"}, "evil.txt", "leads out of the zip"),
        "absolute": (GOOD | {"/etc/evil.png": good}, "/etc/evil.png", "leads out of the zip"),
        "drive": (GOOD | {"C:\\evil.png": good}, "evil.png", "leads out of the zip"),
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
        assert own(path, size=8).shape == (1, 8, 8)
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


@pytest.mark.parametrize("path", ["", "/nosuch/place", "notes.txt"])
def test_a_path_that_is_no_place_for_pictures(path: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(UserError, match=r"folder.*\.zip.*\.npz"):
        load(DataConfig(dataset="pictures", path=str(tmp_path / path) if path == "notes.txt" else path))


X = np.arange(12 * 20 * 20, dtype=np.uint8).reshape(12, 20, 20)
Y = np.array(["b", "a"] * 6)


@pytest.mark.parametrize(
    ("arrays", "channels"),
    [
        ({"images": X, "labels": Y}, 1),
        ({"x": X / np.float32(255), "y": Y}, 1),
        ({"x": X.astype(np.float64), "y": Y}, 1),
        ({"x": X.astype(np.uint16) * 257, "y": Y}, 1),
        ({"images": X[:, None], "labels": np.array([10, 9] * 6)}, 1),
        ({"images": np.stack([X] * 3, -1), "labels": Y}, 3),
        ({"images": np.stack([X] * 3, 1), "labels": Y}, 3),
        ({"images": np.stack([X, X, X, 0 * X + 255], -1), "labels": Y}, 3),
    ],
)
def test_npz_of_any_layout(arrays: dict[str, np.ndarray], channels: int, tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", **arrays)
    data = own(tmp_path / "mine.npz", size=20, channels=channels)
    assert data.classes in (("a", "b"), ("09", "10"))
    splits = (data.train, data.val, data.test)
    seen = {(x.numpy().tobytes(), int(y)) for split in splits for x, y in zip(split.x, split.labels, strict=True)}
    assert seen == {(np.stack([x] * channels).tobytes(), 1 - i % 2) for i, x in enumerate(X)}


def test_npz_is_resized_and_may_lack_labels(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "mine.npz", images=np.full((10, 50, 70, 3), 200, np.uint8))
    data = own(tmp_path / "mine.npz", size=28)
    assert data.classes == () and data.shape == (1, 28, 28) and set(whole(data).ravel()) == {200}


class Evil:
    """Unpickling this would make a file: a test that nothing is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (self.path,)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("arrays", "why"),
    [
        ({"pixels": X}, "no array named 'images' or 'x'"),
        ({"images": X, "labels": Y[:5]}, "one label for each image"),
        ({"images": X, "labels": np.array([[1, 2]] * 12)}, "one label for each image"),
        ({"images": X[0]}, "shape"),
        ({"images": np.zeros((12, 20, 20, 7))}, "1, 3 or 4 channels"),
        ({"images": np.zeros((12, 0, 20))}, "without a pixel"),
        ({"images": X * np.float32(np.nan)}, "a pixel that is nan, in picture 0"),
        ({"images": X.astype(np.float32) - 300}, "no grey levels"),
        ({"images": X.astype(np.int64) * 10**6}, "no grey levels"),
        ({"images": X.astype(complex)}, "no grey levels"),
        ({"images": np.array([["text"] * 5] * 5)[None].repeat(12, 0)}, "no grey levels"),
        ({"images": X[:4]}, "only 4 pictures"),
        ({"images": X[:0]}, "no picture"),
    ],
)
def test_npz_that_holds_something_else(arrays: dict[str, np.ndarray], why: str, tmp_path: Path) -> None:
    np.savez(tmp_path / "mine.npz", **arrays)
    with pytest.raises(UserError, match=why) as error:
        own(tmp_path / "mine.npz")
    assert "mine.npz" in str(error.value)


@pytest.mark.parametrize("key", ["images", "labels"])
def test_npz_with_objects_is_never_unpickled(key: str, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    arrays = {"images": X, "labels": Y} | {key: np.array([Evil(trap)] * 12, dtype=object)}
    np.savez(tmp_path / "mine.npz", **arrays)
    with pytest.raises(UserError, match="Python objects, which are never loaded"):
        own(tmp_path / "mine.npz")
    assert not trap.exists()


def test_npz_that_is_damaged_or_lies_about_its_size(tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, images=X, labels=Y)
    data = path.read_bytes()
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "|u1", "fortran_order": False, "shape": (10**15, 28, 28)})
    for damaged in (b"", data[:-30], data.replace(b"NUMPY", b"NUMPI"), data[:2000] + bytes(500) + data[2500:]):
        path.write_bytes(damaged)
        with pytest.raises(UserError, match=r"mine\.npz"):
            own(path)
    with pytest.raises(UserError, match=r"mine\.npz"):
        own(zipped(path, {"images.npy": header.getvalue() + bytes(1000)}))


def test_npz_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ZIP_BYTES", 2**20)
    np.savez_compressed(tmp_path / "mine.npz", images=np.zeros((2000, 28, 28), np.uint8))
    with pytest.raises(UserError, match="unpacks to .* GB, more than"):
        own(tmp_path / "mine.npz")


def test_a_zip_whose_names_cannot_be_read_is_one_sentence(tmp_path):
    path = tmp_path / "names.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("\u00e4.png", b"")
    path.write_bytes(path.read_bytes().replace("\u00e4".encode(), b"\xff\xfe"))
    with pytest.raises(UserError, match=r"names\.zip is damaged"):
        load(DataConfig(dataset="pictures", path=str(path)))
