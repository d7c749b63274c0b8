"""Properties of every data set, known facts about each, and damaged idx files."""

import gzip
import hashlib
import struct
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st

from tests.helpers.data_helpers import idx_bytes, parts, small_mnist
from vae_core.config import DataConfig
from vae_core.data import DATASETS, load, load_test, to_input
from vae_core.data.made import sprites
from vae_core.data.made.points import CLOUDS
from vae_core.data.mnist import FILES, read_idx
from vae_core.data.torchvision_import import torchvision_datasets
from vae_core.errors import UserError


@pytest.fixture(params=["digits", "mnist", "shapes", *(f"points {name}" for name in CLOUDS)])
def config(request: pytest.FixtureRequest) -> DataConfig:
    name, _, variant = request.param.partition(" ")
    return DataConfig(dataset=name, variant=variant)


def test_every_data_set_keeps_the_contract(config: DataConfig, tmp_path: Path) -> None:
    folder = small_mnist(tmp_path)
    data = load(config, folder)
    family = DATASETS[config.dataset]
    assert (data.name, data.shape) == (config.dataset, family.shape)
    for split in (data.train, data.val, data.test):
        assert len(split) == len(split.labels) > 0
        assert split.x.dtype == (torch.float32 if config.dataset == "points" else torch.uint8)
        assert split.labels.dtype == torch.int64
        assert split.labels.min() >= 0 and split.labels.max() < max(1, len(data.classes))
        assert split.factors is None or split.factors.shape == (len(split), len(data.factor_names))
    again, other = load(config, folder), load(config.model_copy(update={"seed": 1}), folder)
    assert all(map(torch.equal, parts(data), parts(again)))
    assert not torch.equal(data.val.x, other.val.x)


def test_no_image_is_in_two_splits(tmp_path: Path) -> None:
    for name, whole in (("digits", 1797), ("shapes", 23_040), ("mnist", 80)):
        folder = small_mnist(tmp_path) if name == "mnist" else tmp_path
        data = load(DataConfig(dataset=name, seed=3), folder)
        splits = [data.train, data.val, data.test]
        assert sum(map(len, splits)) == whole
        if data.train.factors is not None:
            rows = torch.cat([split.factors for split in splits if split.factors is not None])
            assert len(torch.unique(rows, dim=0)) == whole
        if name == "mnist":
            assert len({row.numpy().tobytes() for split in splits for row in split.x}) == whole


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UserError, match=f"no data set 'nosuch'.*{', '.join(DATASETS)}"):
        load(DataConfig(dataset="nosuch"))
    with pytest.raises(UserError, match="'square'.*moons"):
        load(DataConfig(dataset="points", variant="square"))
    with pytest.raises(UserError, match="choose grey"):
        load(DataConfig(dataset="points", target="static"))


def test_static_targets_are_sampled_once_with_the_pixels_probability() -> None:
    grey, static = (load(DataConfig(target=target)).train.x for target in ("grey", "static"))
    assert set(static.unique().tolist()) == {0, 255}
    assert torch.equal(static, load(DataConfig(target="static")).train.x)
    assert (static[grey == 0] == 0).all() and (static[grey == 255] == 255).all()
    half = grey == 128  # 8 of 16: an error of four standard deviations
    assert abs((static[half] > 0).float().mean() - 128 / 255) < 4 * 0.5 / half.sum().sqrt()


def test_to_input() -> None:
    x = torch.arange(256, dtype=torch.uint8)
    assert torch.equal(to_input(x, "grey"), torch.arange(256) / 255)
    draws = torch.stack([to_input(x, "dynamic", torch.Generator().manual_seed(seed)) for seed in range(2000)])
    assert set(draws.unique().tolist()) == {0, 1}
    assert (draws.mean(0) - x / 255).abs().max() < 5 * 0.5 / 2000**0.5
    assert torch.equal(draws[7], to_input(x, "dynamic", torch.Generator().manual_seed(7)))
    points = torch.randn(5, 2)
    assert torch.equal(to_input(points, "dynamic"), points)


def test_digits_are_scikit_learns() -> None:
    from sklearn.datasets import load_digits

    data, truth = load(DataConfig()), load_digits()
    assert [len(split) for split in (data.train, data.val, data.test)] == [1257, 270, 270]
    known = {
        (np.rint(row * 255 / 16).astype(np.uint8).tobytes(), y) for row, y in zip(truth.data, truth.target, strict=True)
    }
    assert {(x.numpy().tobytes(), int(y)) for x, y in zip(data.test.x, data.test.labels, strict=True)} <= known


def test_shapes_are_deterministic_and_factors_are_correct() -> None:
    (images, factors), again = sprites.draw(), sprites.draw()
    assert hashlib.sha256(images.tobytes()).digest() == hashlib.sha256(again[0].tobytes()).digest()
    grid = images[:, 0].reshape(*sprites.FACTORS.values(), 32, 32).astype(float)
    assert np.array_equal(factors.reshape(*sprites.FACTORS.values(), 5)[2, 5, 19, 7, 6], [2, 5, 19, 7, 6])
    mass = grid.sum((-2, -1))
    row, column = grid.sum(-1) @ np.arange(32) / mass, grid.sum(-2) @ np.arange(32) / mass
    assert np.allclose(np.diff(column, axis=3), sprites.STEP) and np.allclose(np.diff(row, axis=4), sprites.STEP)
    assert np.allclose(np.diff(column, axis=4), 0) and np.allclose(np.diff(row, axis=3), 0)
    assert np.allclose(mass, mass[..., :1, :1]), "a sprite is cut off at the edge"
    assert np.allclose(mass[0, ..., 0, 0].mean(1) / 255, 2 * sprites.RADII**2, rtol=0.02)  # a square of half diagonal r
    assert np.allclose(
        mass[1, ..., 0, 0].mean(1) / 255, np.pi * sprites.RADII**2 / 2, rtol=0.02
    )  # half axes r and r / 2
    assert np.array_equal(grid[0, :, 0], grid[0, :, 5]) and np.array_equal(grid[1, :, 0], grid[1, :, 10])
    assert len(np.unique(images[factors[:, 0] == 2].reshape(-1, 1024), axis=0)) == 6 * 20 * 8 * 8


def test_points_are_standardised_and_have_the_shapes_of_their_names() -> None:
    for name in CLOUDS:
        data = load(DataConfig(dataset="points", variant=name, seed=5))
        x = torch.cat([data.train.x, data.val.x, data.test.x]).double()
        assert torch.allclose(x.mean(0), torch.zeros(2).double(), atol=1e-6)
        assert torch.allclose(x.std(0, correction=0), torch.ones(2).double(), atol=1e-6)
    assert abs(torch.corrcoef(x.T)[0, 1] - 0.8) < 0.02, "the last one, gaussian"
    rings = load(DataConfig(dataset="points", variant="rings")).train
    radii = torch.stack([rings.x[rings.labels == label].norm(dim=1).mean() for label in range(3)])
    assert torch.allclose(radii / radii[0], torch.tensor([1.0, 2.0, 3.0]), atol=0.05)


def test_real_mnist_is_whole_and_quick(data_root: Path) -> None:
    start = time.perf_counter()
    data = load(DataConfig(dataset="mnist"), data_root)
    assert time.perf_counter() - start < 1.0  # 0.03 s; the bound leaves room for a busy machine
    assert [len(split) for split in (data.train, data.val, data.test)] == [55_000, 5_000, 10_000]
    pixels = torch.cat([data.train.x, data.val.x]).double() / 255
    assert abs(pixels.mean() - 0.1307) < 1e-4 and abs(pixels.std() - 0.3081) < 1e-4
    assert data.test.labels[:5].tolist() == [7, 2, 1, 0, 4]


def test_torchvision_opens_and_reads_the_same(data_root: Path) -> None:
    theirs = torchvision_datasets().MNIST(root=str(data_root), train=False, download=False)
    ours = load(DataConfig(dataset="mnist"), data_root).test
    assert torch.equal(theirs.data, ours.x[:, 0]) and torch.equal(theirs.targets, ours.labels)
    assert torchvision_datasets().FashionMNIST.classes == list(
        load(DataConfig(dataset="fashion-mnist"), data_root).classes
    )


def test_raw_and_gzipped_files_are_read_alike(tmp_path: Path) -> None:
    raw, packed = (load(DataConfig(dataset="mnist"), small_mnist(tmp_path / str(p), packed=p)) for p in (False, True))
    assert all(map(torch.equal, parts(raw), parts(packed)))


def test_the_test_split_is_the_same_when_it_is_read_alone(tmp_path: Path) -> None:
    folder = small_mnist(tmp_path)
    config = DataConfig(dataset="mnist", only_classes=("1",), training_images=20)
    alone, whole = load_test(config, folder), load(config, folder)
    assert alone is not None and alone.classes == whole.classes
    assert np.array_equal(alone.x, whole.test.x.numpy()) and np.array_equal(alone.labels, whole.test.labels.numpy())
    changed = ({"target": "static"}, {"without_duplicates": True}, {"dataset": "digits"})
    assert [load_test(config.replace(**change), folder) for change in changed] == [None] * 3
    (folder / "MNIST" / "raw" / FILES[0]).unlink()
    with pytest.raises(UserError, match="datasets --download mnist"):
        load_test(config, folder)


def test_a_missing_data_set_says_how_to_get_it(tmp_path: Path) -> None:
    assert not DATASETS["kmnist"].available(tmp_path)
    with pytest.raises(UserError, match="datasets --download kmnist"):
        load(DataConfig(dataset="kmnist"), tmp_path)
    assert DATASETS["mnist"].available(small_mnist(tmp_path))
    (tmp_path / "MNIST" / "raw" / FILES[3]).unlink()
    assert not DATASETS["mnist"].available(tmp_path)


IMAGES, LABELS, TEST_IMAGES, _ = FILES
WHOLE = idx_bytes(np.zeros((60, 28, 28)))
DAMAGE = {
    "truncated": (IMAGES, WHOLE[:-1], "47,039 bytes"),
    "too long": (IMAGES, WHOLE + b"\0", "47,041 bytes"),
    "header alone": (IMAGES, WHOLE[:16], "0 bytes of data instead of 47,040"),
    "half a header": (IMAGES, WHOLE[:7], "not an idx file"),
    "empty": (LABELS, b"", "not an idx file"),
    "a web page": (IMAGES, b"<html>404 not found</html>", "not an idx file"),
    "labels for images": (IMAGES, idx_bytes(np.zeros(60)), "not an idx file of bytes with 3 axes"),
    "huge": (IMAGES, bytes([0, 0, 8, 3]) + struct.pack(">3I", *[2**32 - 1] * 3), "cut short or altered"),
    "one label less": (LABELS, idx_bytes(np.zeros(59)), "60 images but train-labels-idx1-ubyte has 59 labels"),
    "a class too many": (LABELS, idx_bytes(np.full(60, 10)), "holds the label 10"),
    "another size": (TEST_IMAGES, idx_bytes(np.zeros((20, 32, 32))), "32x32"),
    "cut .gz": (
        IMAGES + ".gz",
        gzip.compress(idx_bytes(np.random.default_rng(0).integers(0, 256, (60, 28, 28))))[:-50],
        "damaged or was cut short",
    ),
    "another .gz": (IMAGES + ".gz", gzip.compress(np.random.default_rng(0).bytes(9999)), "not an idx file"),
    "no .gz": (IMAGES + ".gz", b"plain text", "damaged or was cut short"),
    "wrong .gz sum": (IMAGES + ".gz", gzip.compress(WHOLE)[:-8] + bytes(8), "damaged or was cut short"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_file_is_named_with_what_to_do(name: str, tmp_path: Path) -> None:
    file, data, why = DAMAGE[name]
    raw = small_mnist(tmp_path) / "MNIST" / "raw"
    (raw / file.removesuffix(".gz")).unlink()
    (raw / file).write_bytes(data)
    with pytest.raises(UserError, match=why) as error:
        load(DataConfig(dataset="mnist"), tmp_path)
    assert file in str(error.value) and "datasets --download mnist" in str(error.value)


@example(cut=300, at=11, byte=0)  # no rows, and no bytes: it agrees with itself
@given(cut=st.integers(0, 300), at=st.integers(0, 15), byte=st.integers(0, 255))
def test_every_damage_to_an_idx_file_is_detected(
    tmp_path_factory: pytest.TempPathFactory, cut: int, at: int, byte: int
) -> None:
    whole = bytearray(idx_bytes(np.arange(3 * 10 * 10).reshape(3, 10, 10) % 256))
    changed = whole[:]
    changed[at] = byte
    changed = changed[: len(whole) - cut]
    path = tmp_path_factory.getbasetemp() / "some-idx3-ubyte"
    path.write_bytes(changed)
    if changed == whole:
        assert read_idx(path, 3).shape == (3, 10, 10)
    else:
        with pytest.raises(UserError, match="some-idx3-ubyte"):
            read_idx(path, 3)
