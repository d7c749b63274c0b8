"""`data` says what would be read, and `train` takes the size and the channels of one's own pictures."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.helpers.data_helpers import saved
from tests.helpers.made_files import write
from vae_core.__main__ import main


def output(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict]:
    assert main(list(words)) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def refusal(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(list(words)) == 2
    return capsys.readouterr().err


def test_all_that_is_worth_a_look_is_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    same = saved(Image.new("L", (20, 20), 90), "PNG")
    many = {f"train/cat/{i}.png": saved(Image.new("L", (20, 20), 4 * i), "PNG") for i in range(30)}
    few = {f"train/dog/{i}.png": saved(Image.new("L", (30, 20), 200 + i), "PNG") for i in range(4)}
    test = {"test/cat/0.png": same, "test/dog/0.png": same, "train/cat/notes.pdf": b"x"}
    test |= {f"train/cat/again{i}.png": same for i in range(5)}
    (report,) = output(capsys, "data", str(write(tmp_path, many | few | test)))
    assert report["shape"] == [1, 20, 20] and report["sizes"] == {"20x20": 37, "20x30": 4}
    assert sum(report["classes"]["dog"].values()) == 5 and report["splits"]["test"] == 2
    said = " ".join(report["warnings"])
    assert "splits that are also in the training split: " in said
    assert "The classes are unbalanced" in said and "2 different sizes, most often 20x" in said
    assert report["left_out"] == [
        "Left out, files ending in .pdf: notes.pdf (1 in all); drawings are not read: save them as .png."
    ]
    assert report["recognised"] == "Picture files: 41 .png."


def test_one_class_is_no_class(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.savez(tmp_path / "mine.npz", x=np.random.default_rng(0).integers(0, 256, (30, 9, 9), np.uint8), y=np.full(30, 7))
    (report,) = output(capsys, "data", str(tmp_path / "mine.npz"))
    assert report["classes"] == {} and report["warnings"] == [
        "All pictures have the same label, 7, so the labels say nothing."
    ]


def test_a_data_set_by_its_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (report,) = output(capsys, "data", "points", "--variant", "rings")
    assert report["shape"] == [2] and set(report["classes"]) == {"inner ring", "middle ring", "outer ring"}
    assert "--variant: 'digits' has no variants" in refusal(capsys, "data", "digits", "--variant", "rings")
    assert "--size: the data set 'digits' has one of its own" in refusal(capsys, "data", "digits", "--size", "16")
    assert "put gzip.zip from https" in refusal(capsys, "data", "emnist", "--data-dir", str(tmp_path))


def test_a_table_is_told_from_pixels_and_from_a_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        "id,age,colour,sold",
        *(f"{i},{20 + i % 7},{('red', 'green')[i % 2]},{('no', 'yes')[i % 3 == 0]}" for i in range(60)),
    ]
    path = write(tmp_path, {"table.csv": "\n".join(rows).encode()}) / "table.csv"
    (report,) = output(capsys, "data", str(path))
    assert report["dataset"] == "table" and "sold" in report["label_columns"]
    assert any("'id' is left out" in note for note in report["notes"])
    assert "--size: the data set 'table' has one of its own" in refusal(capsys, "data", str(path), "--size", "16")
    line = ["train", "--dataset", "pictures", "--pictures", str(path), "--out", str(tmp_path / "x")]
    assert "A table of numbers and words is the data set 'table'" in refusal(capsys, *line)


def test_train_takes_size_and_channels_and_says_what_it_trains_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    x = np.random.default_rng(0).integers(0, 256, (40, 24, 16, 3), np.uint8)
    np.savez(tmp_path / "mine.npz", images=x)
    common = ["train", "--dataset", "pictures", "--pictures", str(tmp_path / "mine.npz"), "--epochs", "1"]
    common += ["--set", "hidden=[8]"]
    first, *_ = output(capsys, *common, "--out", str(tmp_path / "own"))
    assert first["event"] == "data" and first["shape"] == [3, 24, 16] and first["splits"]["train"] == 32
    first, *_ = output(capsys, *common, "--out", str(tmp_path / "small"), "--size", "16", "--channels", "1")
    assert first["shape"] == [1, 16, 16]
    assert "Pictures of 24 x 16 pixels; their middle is resized to 16 x 16." in first["notes"]
    line = ["train", "--dataset", "digits", "--size", "16", "--out", str(tmp_path / "x")]
    assert "--size: the data set 'digits' has one of its own" in refusal(capsys, *line)


def zipped(folder: Path, files: dict[str, bytes]) -> str:
    with zipfile.ZipFile(folder / "one.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return str(folder / "one.zip")


def test_a_table_in_a_zip_is_a_table_and_pixels_in_a_zip_are_pictures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = np.random.default_rng(0)
    table = "a,b,kind\n" + "".join(f"{dice.normal():.3f},{dice.normal():.3f},{'xy'[i % 2]}\n" for i in range(40))
    (report,) = output(capsys, "data", zipped(tmp_path, {"flowers.csv": table.encode(), "readme.md": b"words"}))
    assert report["dataset"] == "table" and [column["name"] for column in report["columns"]] == ["a", "b", "kind"]
    pixels = "\n".join(",".join(map(str, dice.integers(0, 256, 64))) for _ in range(40))
    (report,) = output(capsys, "data", zipped(tmp_path, {"pixels.csv": pixels.encode()}))
    assert report["shape"] == [1, 8, 8]
