"""Every format that people have is read right through every door: loading, the command `data`, and an upload of the Train page."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.data_helpers import own
from tests.helpers.made_files import Made
from tests.helpers.made_pictures import FORMATS
from vae_core.__main__ import main
from vae_core.data import Dataset
from vae_ui.datasets import uploads

SPLITS = ("train", "val", "test")
Found = Counter[tuple[bytes, str, str]]  # a picture, its class, and its split where the file says it


def expected(made: Made) -> Found:
    """The validation split that a file lacks is drawn from its training pictures, so these two count as one."""
    classes, splits = made.classes or ("",) * len(made.x), made.splits or ("",) * len(made.x)
    merged = ["train" if split == "val" and "val" not in splits else split for split in splits]
    return Counter((x.tobytes(), name, split) for x, name, split in zip(made.x, classes, merged, strict=True))


def found(data: Dataset, made: Made) -> Found:
    seen: Found = Counter()
    for name in SPLITS:
        split = getattr(data, name)
        own_name = "" if made.splits is None else "train" if name == "val" and "val" not in made.splits else name
        for x, y in zip(split.x.numpy(), split.labels.tolist(), strict=True):
            seen[x.tobytes(), data.classes[y] if data.classes else "", own_name] += 1
    return seen


@pytest.mark.parametrize("name", FORMATS)
def test_loading(name: str, tmp_path: Path) -> None:
    make, made = FORMATS[name]
    data = own(make(tmp_path))
    assert data.shape == made.x.shape[1:]
    assert found(data, made) == expected(made)
    assert made.said in " ".join(data.notes)
    assert len(data.val) > 0 and len(data.test) > 0


@pytest.mark.parametrize("name", FORMATS)
def test_the_command(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make, made = FORMATS[name]
    assert main(["data", str(make(tmp_path))]) == 0
    report = json.loads(capsys.readouterr().out)
    assert tuple(report["shape"]) == made.x.shape[1:] and sum(report["splits"].values()) == len(made.x)
    counts = {name: sum(splits.values()) for name, splits in report["classes"].items()}
    assert counts == Counter(made.classes or ())
    if made.splits:
        assert report["splits"]["test"] == made.splits.count("test")


@pytest.mark.parametrize("name", FORMATS)
def test_an_upload(name: str, tmp_path: Path, home: Path) -> None:
    make, made = FORMATS[name]
    path = make(tmp_path)
    files = (
        [path]
        if path.is_file() and path.name != "labels.csv"
        else sorted(p for p in tmp_path.rglob("*") if p.is_file())
    )
    if len({file.parent for file in files}) > 1 and "CIFAR" not in name and "list" not in name:
        pytest.skip("a browser sends files without their folders")
    data = own(uploads.keep([(file.name, file.read_bytes()) for file in files]))
    assert data.shape == made.x.shape[1:]
    assert found(data, made) == expected(made)


def test_the_documentation_lists_every_format() -> None:
    page = (Path(__file__).parents[3] / "docs" / "data.md").read_text(encoding="utf-8")
    kinds = {name.partition(":")[0] for name in FORMATS}
    assert [kind for kind in kinds if kind.lower() not in page.lower()] == []


def test_splits_are_the_same_twice_and_others_with_another_seed(tmp_path: Path) -> None:
    path = FORMATS["npz: keras"][0](tmp_path)
    first, again, other = (own(path, seed=seed) for seed in (0, 0, 1))
    assert np.array_equal(first.val.x, again.val.x) and not np.array_equal(first.val.x, other.val.x)
    assert np.array_equal(first.test.x, other.test.x), "the file's own test split does not depend on the seed"
    assert len(own(path, held_out=0.5).test) == 15, "a share that is asked for replaces the file's own splits"
