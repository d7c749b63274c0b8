"""Folders and archives of picture files: labels, splits, lists, sizes and colours, and a word on every file that is left out."""

from io import BytesIO
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
from PIL import Image

from tests.helpers.data_helpers import own, saved, whole, zipped
from tests.helpers.made_files import COLOUR, COUNT, GREY, PETS, text, write
from tests.helpers.made_pictures import IN_CLASSES, png_files
from vae_core.config import DataConfig
from vae_core.data.own.archives.files import File
from vae_core.data.own.formats.folder_names import UNSORTED, read_folder_names
from vae_core.data.own.formats.left_out import left_out
from vae_core.data.own.pictures.own_pictures import look
from vae_core.data.own.pictures.splits import split_in
from vae_core.errors import UserError
from vae_core.images import reading
from vae_core.utils import limits

FILES = png_files(IN_CLASSES)
UNREAD = "heic" if reading.HEIC is None else "xcf"


def folders(*names: str) -> tuple[list[str] | None, list[int] | None]:
    found = read_folder_names([PurePosixPath(name) for name in names for _ in range(3)])
    return found.labels and found.labels[::3], None if found.splits is None else found.splits[::3].tolist()


def test_the_label_is_the_innermost_folder_that_varies() -> None:
    assert folders("a.png", "b.png") == (None, None)
    assert folders("cat/a.png", "cat/b.png") == (None, None), "one folder tells nothing apart"
    assert folders("cat/a.png", "dog/b.png") == (["cat", "dog"], None)
    assert folders("data/cat/images/a.png", "data/dog/images/b.png") == (["cat", "dog"], None)
    assert folders("2021/cat/a.png", "2022/dog/b.png", "2021/dog/c.png") == (["cat", "dog", "dog"], None)
    assert folders("cat/a.png", "cat/more/b.png", "dog/c.png") == (["cat", "cat", "dog"], None)
    assert folders("a.png", "cat/b.png") == ([UNSORTED, "cat"], None)


def test_a_level_of_splits_is_no_label() -> None:
    assert folders("train/cat/a.png", "Test/dog/b.png") == (["cat", "dog"], [0, 2])
    assert folders("cat/train/a.png", "cat/val/b.png", "dog/test/c.png") == (["cat", "cat", "dog"], [0, 1, 2])
    assert folders("train/a.png", "valid/b.png") == (None, [0, 1])
    assert folders("train/a.png", "other/b.png") == (["train", "other"], None), (
        "other is no split, so these are classes"
    )


def test_a_level_with_a_folder_for_each_object_is_no_class() -> None:
    names = [PurePosixPath(f"{'cat' if i % 2 else 'dog'}/animal{i}/photo.png") for i in range(40)]
    found = read_folder_names(names)
    assert found.labels == [name.parts[0] for name in names] and "not those like 'animal" in str(found.note)


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("fashion-mnist_test", 2),
        ("t10k-images.idx3-ubyte", 2),
        ("trainSet", 0),
        ("valid", 1),
        ("contest", None),
        ("train_test", None),
    ],
)
def test_words_that_say_a_split(name: str, split: int | None) -> None:
    assert split_in(name) == split


def test_every_file_that_is_left_out_is_named_or_counted(tmp_path: Path) -> None:
    noise = {f"ant/photo{i}.{UNREAD}": b"x" for i in range(12)} | {
        "ant/.DS_Store": b"x", "__MACOSX/ant/._0.png": b"x", "Thumbs.db": b"x", "readme.txt": b"hello", "raw.CR2": b"x",
        "weights.pt": b"x", "old.rar": b"x", "drawing.svg": b"x", "LICENSE": b"x", "movie.mp4": b"x", "a.h5": b"x",
    }  # fmt: skip
    for path in (zipped(tmp_path / "pets.zip", FILES | noise), write(tmp_path / "pets", FILES | noise)):
        found = look(DataConfig(dataset="pictures", path=str(path)))
        assert len(found.data.train) + len(found.data.val) + len(found.data.test) == COUNT
        said = "\n".join(found.left_out)
        for part in (
            f"files ending in .{UNREAD}: photo0.{UNREAD}, photo1.{UNREAD}, photo10.{UNREAD} ... (12 in all)",
            "hidden files of the system: ",
            "(3 in all)",
            "ending in .cr2: raw.CR2 (1 in all); raw pictures of cameras",
            "ending in .pt: weights.pt (1 in all); they may hold Python objects, which are never loaded",
            "ending in .rar: old.rar (1 in all); archives are read as .zip",
            "ending in .svg: drawing.svg (1 in all); drawings are not read",
            "whose names have no ending: LICENSE (1 in all); they are not pictures",
            "ending in .mp4: movie.mp4",
            "ending in .h5: a.h5 (1 in all); HDF5 is not read",
            "ending in .txt: readme.txt",
        ):
            assert part in said, part
        assert set(found.left_out) <= set(found.data.notes)


@pytest.mark.skipif(reading.HEIC is not None, reason="pillow-heif is installed")
def test_heic_without_its_library_is_named() -> None:
    (said,) = left_out([File(PurePosixPath("a.HEIC"), 1, BytesIO)])
    assert "a.HEIC (1 in all); reading them needs the package pillow-heif" in said


@pytest.mark.skipif(reading.HEIC is None, reason="pillow-heif is not installed")
def test_heic_is_read(tmp_path: Path) -> None:
    import pillow_heif

    pillow_heif.register_heif_opener()
    write(tmp_path, {f"{i}.heic": saved(Image.new("RGB", (64, 64), (20 * i, 40, 200)), "HEIF") for i in range(10)})
    assert own(tmp_path).shape == (3, 64, 64)


def test_avif_jfif_and_jpeg_together(tmp_path: Path) -> None:
    kinds = [("JPEG", "jpg")] * 12 + [("AVIF", "avif")] * 12 + [("JPEG", "jfif")] * 4
    levels = [8 * i for i in range(28)]
    files = {f"{i:02}.{end}": saved(Image.new("L", (16, 16), levels[i]), kind) for i, (kind, end) in enumerate(kinds)}
    data = own(write(tmp_path, files))
    assert data.shape == (1, 16, 16) and data.notes == ()
    assert np.abs(np.sort(whole(data)[:, 0, 8, 8].astype(int)) - levels).max() <= 2


@pytest.mark.parametrize(
    ("sizes", "shape", "said"),
    [
        ([(20, 30)], (3, 30, 20), ""),
        ([(200, 100)], (3, 64, 64), "Pictures of 100 x 200 pixels; their middle is resized to 64 x 64."),
        ([(40, 40), (50, 40)], (3, 40, 40), "Pictures of 2 sizes, with sides of 40 to 50 pixels"),
        ([(5, 7)], (3, 8, 8), "Pictures of 7 x 5 pixels; their middle is resized to 8 x 8."),
    ],
)
def test_the_pictures_own_size_is_kept_or_another_is_said(
    sizes: list[tuple[int, int]], shape: tuple[int, ...], said: str, tmp_path: Path
) -> None:
    files = {f"{i}.png": saved(Image.new("RGB", sizes[i % len(sizes)], (9 * i, 200, 30)), "PNG") for i in range(12)}
    found = look(DataConfig(dataset="pictures", path=str(write(tmp_path, files))))
    assert found.data.shape == shape and said in " ".join(found.data.notes) and len(found.sizes) == len(sizes)
    assert (found.data.notes == ()) == (said == "")
    asked = own(tmp_path, size=16, channels=1)
    assert asked.shape == (1, 16, 16)


def test_a_photograph_that_lies_on_its_side_counts_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    files = {f"{i}.jpg": saved(Image.new("L", (32, 24), 9 * i), "JPEG", exif=exif) for i in range(12)}
    assert own(write(tmp_path, files)).shape == (1, 32, 24)


def test_grey_pictures_in_colour_files_are_grey_and_colour_stays_colour(tmp_path: Path) -> None:
    grey = png_files([f"{i:02}.png" for i in range(COUNT)], np.stack([GREY] * 3, -1))
    data = own(write(tmp_path / "grey", grey))
    assert data.shape == (1, 12, 12) and "three colours are equal everywhere" in " ".join(data.notes)
    assert {x.tobytes() for x in whole(data)} == {x.tobytes() for x in GREY}
    assert own(tmp_path / "grey", channels=3).shape == (3, 12, 12)
    one = grey | {"00.png": saved(Image.fromarray(COLOUR[0]), "PNG")}
    assert own(write(tmp_path / "one", one)).shape == (3, 12, 12)
    assert own(tmp_path / "one", channels=1).shape == (1, 12, 12)


def test_masks_of_0_and_1_are_black_and_white(tmp_path: Path) -> None:
    masks = (GREY > 127).astype(np.uint8)
    data = own(write(tmp_path, png_files([f"{i:02}.png" for i in range(COUNT)], masks)))
    assert set(whole(data).ravel()) == {0, 255} and "Values 0 and 1, taken as black and white." in data.notes


def test_one_range_for_all_pictures_of_more_than_8_bits(tmp_path: Path) -> None:
    """A dark picture stays dark beside a light one: the range is not that of each picture."""
    deep = np.full((12, 10, 10), 100, np.uint16)
    deep[10:] = np.array([2000, 4000])[:, None, None]
    data = own(write(tmp_path, png_files([f"{i:02}.png" for i in range(12)], deep)))
    assert sorted(set(whole(data).ravel())) == [round(level / 4095 * 255) for level in (100, 2000, 4000)]


def test_a_list_may_name_splits_and_only_some_pictures(tmp_path: Path) -> None:
    names = [f"img/{i:02}.png" for i in range(COUNT)]
    rows = [["id", "image", "species", "subset"], ["x", "img\\99.png", "yak", "train"]]
    rows += [[str(i), f"img\\{i:02}.png", PETS[i], "test" if i % 5 == 0 else "train"] for i in range(0, COUNT, 2)]
    for delimiter in (",", ";", "\t"):
        write(tmp_path, png_files(names) | {"list.csv": text(rows, delimiter)})
        data = own(tmp_path)
        assert data.classes == ("ant", "bee", "cat") and len(data.test) == 6
        said = " ".join(data.notes)
        assert "The labels are those of species in list.csv." in said
        assert "Left out: 30 pictures that list.csv does not name." in said
        assert "1 lines of list.csv name no picture that is here." in said


def test_a_list_that_contradicts_itself_is_refused(tmp_path: Path) -> None:
    rows = [["file", "label"], *([f"{i}.png", str(i % 2)] for i in range(20)), ["3.png", "0"]]
    write(tmp_path, png_files([f"{i}.png" for i in range(20)], COLOUR[:20]) | {"labels.csv": text(rows)})
    with pytest.raises(UserError, match=r"labels\.csv names 3\.png twice, with different labels"):
        own(tmp_path)


def test_a_list_reads_nothing_that_is_not_below_its_folder(tmp_path: Path) -> None:
    outside = write(tmp_path / "secret", png_files([f"{i}.png" for i in range(20)], COLOUR[:20]))
    rows = [["file", "label"], *([str(outside / f"{i}.png"), "a"] for i in range(20))]
    rows += [[f"../secret/{i}.png", "b"] for i in range(20)]
    path = write(tmp_path / "mine", {"labels.csv": text(rows)}) / "labels.csv"
    with pytest.raises(UserError, match=r"labels\.csv is neither a table with a row of pixels"):
        own(path)


def test_a_table_of_other_columns_is_no_picture(tmp_path: Path) -> None:
    rows = [["age", "colour", "price"], *([str(i), "red", "3.5"] for i in range(30))]
    path = write(tmp_path, {"table.csv": text(rows)}) / "table.csv"
    with pytest.raises(
        UserError, match=r"table\.csv is neither a table with a row of pixels .* nor a list of pictures"
    ):
        own(path)


def test_text_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[str(i % 3), *map(str, GREY[i].ravel())] for i in range(COUNT)]
    path = write(tmp_path, {"mine.csv": text(rows)}) / "mine.csv"
    monkeypatch.setattr(limits, "FILE_BYTES", 1000)
    with pytest.raises(UserError, match=r"mine\.csv has more than 0 MB of text"):
        own(path)


def test_of_more_pictures_with_factors_as_many_as_are_allowed_are_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = np.indices((1, 3, 4, 5)).reshape(4, -1).T
    factors = np.concatenate([values, 0 * values[:, :2]], 1)
    pictures = np.zeros((60, 12, 12), np.uint8)
    pictures[np.arange(60), np.arange(60) // 12, np.arange(60) % 12] = 1
    np.savez(tmp_path / "sprites.npz", imgs=pictures, latents_classes=factors)
    monkeypatch.setattr(limits, "MOST", 30)
    data = own(tmp_path / "sprites.npz")
    assert data.factor_names == ("shape", "scale", "orientation") and data.classes == ("ellipse", "heart", "square")
    assert "30 of 60 pictures are used, drawn at random." in data.notes
    for split in (data.train, data.val, data.test):
        assert split.factors is not None
        for x, y, known in zip(split.x.numpy(), split.labels.tolist(), split.factors.numpy(), strict=True):
            row, column = np.argwhere(x[0] == 255)[0]
            assert factors[12 * row + column, 1:4].tolist() == known.tolist()
            assert data.classes[y] == ("square", "ellipse", "heart")[known[0]]


def test_the_set_of_pictures_that_is_named_in_a_refusal_is_the_persons(tmp_path: Path) -> None:
    names = dict(list(FILES.items())[:4])
    with pytest.raises(UserError, match=r"^few\.zip holds only 4 pictures: give at least 10"):
        own(zipped(tmp_path / "few.zip", names))
