"""Published data sets, downloaded from a local server with made files: read right, or refused in a sentence."""

import gzip
import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.helpers.data_helpers import idx_bytes, saved, zipped
from tests.helpers.made_files import cifar_records, svhn, tarred, write
from tests.helpers.web_server import serving
from vae_core.__main__ import main
from vae_core.config import DataConfig
from vae_core.data import DATASETS, Dataset, download, load
from vae_core.data.published import emnist, medmnist
from vae_core.data.published.sources import PUBLISHED
from vae_core.data.torchvision_import import torchvision_datasets
from vae_core.errors import UserError

RNG = np.random.default_rng(0)
LETTERS = RNG.integers(0, 256, (60, 28, 28), np.uint8)
WIDE = RNG.integers(0, 256, (60, 3, 32, 32), np.uint8)
CELLS = RNG.integers(0, 256, (60, 28, 28, 3), np.uint8)
Y = np.arange(60) % 8
Made = tuple[dict[str, bytes], np.ndarray, list[str], int]  # files, pictures, names of classes, test images


def made_emnist(part: str = "balanced") -> Made:
    labels = Y + (part == "letters")
    files = {
        f"gzip/emnist-{part}-{split}-{kind}-ubyte.gz": gzip.compress(idx_bytes(array))
        for split, rows in (("train", slice(0, 40)), ("test", slice(40, 60)))
        for kind, array in (("images-idx3", LETTERS[rows].swapaxes(1, 2)), ("labels-idx1", labels[rows]))
    }
    return files, LETTERS[:, None], [emnist.CLASSES[part][y] for y in Y], 20


def emnist_files(folder: Path) -> Made:
    files, x, names, count = made_emnist()
    return {"gzip.zip": zipped(folder / "gzip.zip", files).read_bytes()}, x, names, count


def cifar_files(folder: Path) -> Made:
    batches = {
        "cifar-10-batches-bin/data_batch_1.bin": cifar_records(WIDE[:30], Y[:30]),
        "cifar-10-batches-bin/data_batch_2.bin": cifar_records(WIDE[30:40], Y[30:40]),
        "cifar-10-batches-bin/test_batch.bin": cifar_records(WIDE[40:], Y[40:]),
        "cifar-10-batches-bin/readme.html": b"hello",
    }
    data = tarred(folder / "cifar-10-binary.tar.gz", batches).read_bytes()
    names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse"]
    return {"cifar-10-binary.tar.gz": data}, WIDE, [names[y] for y in Y], 20


def svhn_files(folder: Path) -> Made:
    stored = np.where(Y == 0, 10, Y)
    files = {"train_32x32.mat": svhn(WIDE[:40], stored[:40]), "test_32x32.mat": svhn(WIDE[40:], stored[40:])}
    return files, WIDE, [str(y) for y in Y], 20


def medmnist_files(folder: Path) -> Made:
    arrays = {
        f"{split}_{kind}": array[rows]
        for split, rows in (("train", slice(0, 30)), ("val", slice(30, 40)), ("test", slice(40, 60)))
        for kind, array in (("images", CELLS), ("labels", Y[:, None].astype(np.uint8)))
    }
    np.savez(folder / "bloodmnist.npz", **arrays)
    data = (folder / "bloodmnist.npz").read_bytes()
    return {"bloodmnist.npz": data}, CELLS.transpose(0, 3, 1, 2), [medmnist.CLASSES["bloodmnist"][y] for y in Y], 20


def omniglot_files(folder: Path) -> Made:
    drawings = np.ones((60, 28, 28), bool)
    drawings[np.arange(60), 4 + np.arange(60) // 10, 4:20] = False
    names = [("Latin", "Old_Greek")[i % 2] for i in range(60)]
    parts: dict[str, dict[str, bytes]] = {"images_background": {}, "images_evaluation": {}}
    for i, (drawing, name) in enumerate(zip(drawings, names, strict=True)):
        part = list(parts)[i % 2]
        parts[part][f"{part}/{name}/character{i:02}/{i:04}_01.png"] = saved(Image.fromarray(drawing), "PNG")
    files = {f"{part}.zip": zipped(folder / f"{part}.zip", inside).read_bytes() for part, inside in parts.items()}
    return files, (255 * ~drawings).astype(np.uint8)[:, None], [name.replace("_", " ") for name in names], 6


SETS: dict[str, Callable[[Path], Made]] = {
    "emnist": emnist_files,
    "cifar10": cifar_files,
    "svhn": svhn_files,
    "omniglot": omniglot_files,
    "medmnist": medmnist_files,
}


def seen(data: Dataset) -> list[tuple[bytes, str]]:
    splits = (data.train, data.val, data.test)
    return sorted(
        (x.numpy().tobytes(), data.classes[y])
        for split in splits
        for x, y in zip(split.x, split.labels.tolist(), strict=True)
    )


@pytest.mark.parametrize("name", SETS)
def test_a_data_set_is_downloaded_and_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    files, x, names, count = SETS[name](tmp_path)
    assert [file for file, _ in PUBLISHED[name].of("")] == list(files), "the files that the table names"
    sums = [(file, hashlib.md5(data).hexdigest()) for file, data in files.items()]
    data_dir = tmp_path / "data"
    assert not DATASETS[name].available(data_dir)
    with serving(write(tmp_path / "served", files)) as (address, asked):
        events = list(download(name, data_dir, [address], sums))
        assert events[-1].done_bytes == events[-1].total_bytes == len(files[events[-1].file])
        first = len(asked)
        list(download(name, data_dir, [address], sums))
        assert len(asked) == first == len(files), "what is whole is not fetched again"
        assert all(path.endswith(PUBLISHED[name].query) for path in asked)
    assert DATASETS[name].available(data_dir) and DATASETS[name].needs_download
    data = load(DataConfig(dataset=name), data_dir)
    assert (data.name, data.shape) == (name, x.shape[1:]) and data.shape == (DATASETS[name].shape or data.shape)
    assert seen(data) == sorted((one.tobytes(), label) for one, label in zip(x, names, strict=True))
    assert len(data.test) == count and len(data.val) > 0
    again, other = load(DataConfig(dataset=name), data_dir), load(DataConfig(dataset=name, seed=1), data_dir)
    assert torch.equal(data.val.x, again.val.x)
    assert name == "medmnist" or not torch.equal(data.val.x, other.val.x), (
        "only MedMNIST has a validation split of its own"
    )


@pytest.mark.parametrize("name", SETS)
def test_without_a_network_a_sentence_says_where_to_put_the_files(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as error:
        load(DataConfig(dataset=name), tmp_path)
    said = str(error.value)
    assert f"datasets --download {name}" in said and str(tmp_path / PUBLISHED[name].folder) in said
    assert all(file in said for file, _ in PUBLISHED[name].of("")) and PUBLISHED[name].mirrors[0] in said


@pytest.mark.parametrize("name", SETS)
def test_a_file_that_is_damaged_or_something_else_is_named(name: str, tmp_path: Path) -> None:
    files, *_ = SETS[name](tmp_path)
    other = {
        "emnist": zipped(tmp_path / "o.zip", {"a.txt": b"x"}).read_bytes(),
        "cifar10": tarred(tmp_path / "o.tar.gz", {"a.txt": b"x"}).read_bytes(),
        "svhn": svhn(CELLS.transpose(0, 3, 1, 2)[:, :, :20, :20], Y),
        "omniglot": zipped(tmp_path / "p.zip", {"a.png": saved(Image.new("L", (9, 9)), "PNG")}).read_bytes(),
        "medmnist": zipped(tmp_path / "q.zip", {"a.npy": b"x"}).read_bytes(),
    }[name]
    for number, data in enumerate((b"", b"<html>not found</html>", next(iter(files.values()))[:-300], other)):
        data_dir = tmp_path / str(number)
        first = next(iter(files))
        write(data_dir / PUBLISHED[name].folder, files | {first: data})
        with pytest.raises(UserError, match=first.replace(".", r"\.")):
            load(DataConfig(dataset=name), data_dir)


def test_parts_of_emnist_have_their_own_labels(tmp_path: Path) -> None:
    files, x, names, _ = made_emnist("letters")
    folder = tmp_path / PUBLISHED["emnist"].folder
    folder.mkdir(parents=True)
    zipped(folder / "gzip.zip", files)
    data = load(DataConfig(dataset="emnist", variant="letters"), tmp_path)
    assert data.classes == tuple("abcdefghijklmnopqrstuvwxyz") and data.title == "EMNIST letters"
    assert seen(data) == sorted((one.tobytes(), label) for one, label in zip(x, names, strict=True))
    with pytest.raises(UserError, match="lacks emnist-digits-train-images"):
        load(DataConfig(dataset="emnist", variant="digits"), tmp_path)
    with pytest.raises(UserError, match="no part 'greek': choose one of balanced, letters"):
        load(DataConfig(dataset="emnist", variant="greek"), tmp_path)


def test_the_sets_of_medmnist_are_files_of_their_own(tmp_path: Path) -> None:
    arrays = {f"{split}_images": LETTERS[:20] for split in ("train", "val", "test")}
    arrays |= {f"{split}_labels": np.ones((20, 14), np.uint8) for split in ("train", "val", "test")}
    folder = tmp_path / PUBLISHED["medmnist"].folder
    folder.mkdir(parents=True)
    np.savez(folder / "chestmnist.npz", **arrays)
    assert DATASETS["medmnist"].available(tmp_path) and DATASETS["medmnist"].available(tmp_path, "chestmnist")
    assert not DATASETS["medmnist"].available(tmp_path, "pathmnist")
    data = load(DataConfig(dataset="medmnist", variant="chestmnist"), tmp_path)
    assert data.shape == (1, 28, 28) and data.classes == () and "up to 14 labels" in " ".join(data.notes)
    with pytest.raises(
        UserError, match="datasets --download medmnist --variant pathmnist`.*put pathmnist.npz from https"
    ):
        load(DataConfig(dataset="medmnist", variant="pathmnist"), tmp_path)
    with pytest.raises(UserError, match="no set 'bonemnist'"):
        load(DataConfig(dataset="medmnist", variant="bonemnist"), tmp_path)


def test_the_table_agrees_with_torchvision() -> None:
    known = torchvision_datasets()
    for name, kind in (("mnist", known.MNIST), ("fashion-mnist", known.FashionMNIST), ("kmnist", known.KMNIST)):
        assert PUBLISHED[name].of("") == tuple(kind.resources) and list(PUBLISHED[name].mirrors) == list(kind.mirrors)
        assert PUBLISHED[name].folder == f"{kind.__name__}/raw"
    emnist_url = PUBLISHED["emnist"].mirrors[0] + PUBLISHED["emnist"].of("")[0][0]
    assert (emnist_url, PUBLISHED["emnist"].of("")[0][1]) == (known.EMNIST.url, known.EMNIST.md5)
    for part, classes in known.EMNIST.classes_split_dict.items():
        assert list(emnist.CLASSES[part]) == [one for one in classes if one != "N/A"], part
    svhn_files = [known.SVHN.split_list[split] for split in ("train", "test")]
    source = PUBLISHED["svhn"]
    assert [[source.mirrors[0] + file, file, md5] for file, md5 in source.of("")] == svhn_files
    zips = {f"{name}.zip": md5 for name, md5 in known.Omniglot.zips_md5.items()}
    assert dict(PUBLISHED["omniglot"].of("")) == zips
    assert PUBLISHED["omniglot"].mirrors[0].rstrip("/") == known.Omniglot.download_url_prefix
    assert PUBLISHED["omniglot"].folder == known.Omniglot.folder


def test_every_address_has_a_checksum_and_every_set_a_licence() -> None:
    for name, source in PUBLISHED.items():
        sums = [md5 for files in source.files.values() for _, md5 in files]
        assert all(len(md5) == 32 and int(md5, 16) for md5 in sums) and len(set(sums)) == len(sums)
        assert DATASETS[name].licence == source.licence and DATASETS[name].needs_download
        assert all(mirror.startswith(("http://", "https://")) and mirror.endswith("/") for mirror in source.mirrors)
    assert set(PUBLISHED["medmnist"].files) == set(medmnist.CLASSES) == set(DATASETS["medmnist"].variants)


def test_the_command_downloads_one_set_of_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = []
    monkeypatch.setattr("vae_core.data.download", lambda name, folder, variant="": asked.append((name, variant)) or [])
    command = ["datasets", "--data-dir", str(tmp_path), "--download"]
    assert main([*command, "medmnist", "--variant", "pathmnist"]) == 0 and asked == [("medmnist", "pathmnist")]
    assert main([*command, "mnist", "--variant", "letters"]) == 2
    assert "--variant letters: mnist has no such part" in capsys.readouterr().err
    assert main(["datasets", "--variant", "pathmnist"]) == 2
