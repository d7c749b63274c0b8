"""Photographs and drawings of digits become images like MNIST's; every step can be switched off."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from tests.helpers.data_helpers import halves, pixel, saved
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.images import reading
from vae_core.images.preparation import Preparation, prepare
from vae_core.images.styles import STYLES


def photograph(digit: np.ndarray, seed: int) -> Image.Image:
    """The digit in dark ink on paper in a phone's photograph: small, off centre, half in shadow, noisy, with a strip of the table."""
    rng = np.random.default_rng(seed)
    width, height, side = 1600, 1200, int(1200 * rng.uniform(0.4, 0.6))
    ink = Image.new("L", (width, height))
    place = int(rng.uniform(0.15, 0.9) * (width - side)), int(rng.uniform(0.1, 0.9) * (height - side))
    ink.paste(
        Image.fromarray(digit)
        .resize((side, side), Image.Resampling.BICUBIC)
        .point(lambda v: min(255, max(0, 3 * v - 255))),
        place,
    )
    down, over = np.mgrid[0:height, 0:width] / height
    shadow = 60 / (1 + np.exp(-30 * (over * np.cos(seed) + down * np.sin(seed) - 0.5)))
    level = (190 + 30 * down - shadow) * (1 - 0.7 * np.asarray(ink) / 255) + rng.normal(0, 5, (height, width))
    level[:, :70] = 70 + rng.normal(0, 5, (height, 70))
    return Image.fromarray(np.stack([level, 0.96 * level, 0.88 * level], -1).clip(0, 255).astype(np.uint8))


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a.ravel().astype(float), b.ravel().astype(float))[0, 1])


def test_a_photograph_of_a_digit_becomes_that_digit_of_mnist(data_root: Path) -> None:
    digits = load(DataConfig(dataset="mnist"), data_root).test.x[:20, 0].numpy()
    found = [
        prepare(reading.read(saved(photograph(digit, i), "JPEG")), (1, 28, 28))[0][0] for i, digit in enumerate(digits)
    ]
    alike = [likeness(a, b) for a, b in zip(found, digits, strict=True)]
    assert np.median(alike) > 0.94 and min(alike) > 0.8, np.round(alike, 2)


def test_mnist_images_are_unchanged_and_their_negatives_inverted(data_root: Path) -> None:
    digits = load(DataConfig(dataset="mnist"), data_root).test.x[:300, 0].numpy()
    for digit in digits:
        assert np.array_equal(prepare(Image.fromarray(digit), (1, 28, 28))[0][0], digit)
    back = [likeness(prepare(Image.fromarray(255 - digit), (1, 28, 28))[0], digit) for digit in digits]
    assert np.mean(np.array(back) > 0.99) > 0.9


def test_fashion_images_on_white_are_restored(data_root: Path) -> None:
    clothes = load(DataConfig(dataset="fashion-mnist"), data_root).test.x[:200, 0].numpy()
    large = [Image.fromarray(255 - x).resize((280, 280), Image.Resampling.BICUBIC) for x in clothes]
    found = [prepare(x, (1, 28, 28), dataset="fashion-mnist")[0] for x in large]
    assert np.median([likeness(a, b) for a, b in zip(found, clothes, strict=True)]) > 0.95


def seven(size: tuple[int, int], pen: int, dark: bool = True) -> Image.Image:
    """A 7 drawn with a pen of the given width in pixels, small and in a corner."""
    ground, ink = (235, 30) if dark else (20, 240)
    image = Image.new("L", size, ground)
    side = min(size)
    corners = [(0.1 * side, 0.15 * side), (0.4 * side, 0.15 * side), (0.2 * side, 0.65 * side)]
    ImageDraw.Draw(image).line(corners, fill=ink, width=pen, joint="curve")
    return image.filter(ImageFilter.GaussianBlur(0.7))


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize(("size", "pen"), [((300, 300), 14), ((900, 500), 3), ((500, 900), 30), ((100, 100), 5)])
def test_a_drawn_digit_gets_mnists_size_position_and_contrast(size: tuple[int, int], pen: int, dark: bool) -> None:
    x, steps, _ = prepare(seven(size, pen, dark), (1, 28, 28))
    assert [step.name for step in steps] == ["grey", "invert", "crop", "centre", "resize"]
    assert [step.done for step in steps] == [True, dark, True, True, True]
    assert x.shape == (1, 28, 28) and x.dtype == np.uint8 and x.max() == 255 and np.array_equal(steps[-1].picture, x[0])
    rows, columns = (np.flatnonzero((x[0] > 60).any(axis)) for axis in (1, 0))
    assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 21
    mass = x[0] / x[0].sum(dtype=float)
    assert np.allclose([mass.sum(1) @ np.arange(28), mass.sum(0) @ np.arange(28)], 14, atol=0.6)
    assert 12 < x.mean() < 60, "as much ink as MNIST's digits have"


def test_each_step_can_be_switched_off() -> None:
    drawing = seven((300, 200), 12)
    _, off, _ = prepare(drawing, (1, 28, 28), Preparation(invert=False, crop=False, centre=False))
    assert [step.done for step in off] == [True, False, False, False, True]
    assert np.array_equal(off[3].picture, np.asarray(drawing)), "nothing was touched before the last step"
    full = prepare(drawing, (1, 28, 28))[0]
    for name in ("invert", "crop", "centre"):
        x, steps, _ = prepare(drawing, (1, 28, 28), Preparation(**{name: False}))
        assert not next(step for step in steps if step.name == name).done
        assert not np.array_equal(x, full)
    colour, steps, _ = prepare(halves(), (1, 28, 28), Preparation(grey=False, invert=True), dataset="pictures")
    assert steps[0].picture.shape == (40, 60, 3) and pixel(Image.fromarray(steps[1].picture), 0.1, 0.5) == [
        55,
        215,
        215,
    ]
    assert colour.shape == (1, 28, 28)


def test_own_pictures_are_prepared_as_they_were_read(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x, steps, _ = prepare(halves((90, 40)), (3, 20, 20), dataset="pictures")
    assert x.shape == (3, 20, 20) and [step.done for step in steps] == [False, False, False, False, True]
    assert x[:, 10, 2].tolist() == [200, 40, 40] and x[:, 10, 17].tolist() == [40, 40, 200]
    originals = [Image.fromarray(rng.integers(0, 256, (16, 16), dtype=np.uint8)).resize((64, 64)) for _ in range(10)]
    for i, image in enumerate(originals):
        image.save(tmp_path / f"{i}.png")
    data = load(DataConfig(dataset="pictures", path=str(tmp_path), size=16))
    again = np.stack([prepare(image, (1, 16, 16), dataset="pictures")[0] for image in originals])
    for picture in data.train.x.numpy():
        assert np.abs(again.astype(int) - picture).reshape(10, -1).mean(1).min() < 2


@settings(max_examples=60)
@given(
    width=st.integers(1, 70), height=st.integers(1, 70), seed=st.integers(0, 99),
    kind=st.sampled_from(["noise", "black", "white", "dot"]),
    dataset=st.sampled_from([*STYLES, "pictures"]), channels=st.sampled_from([1, 3]),
    flags=st.tuples(*[st.sampled_from([None, True, False])] * 4),
)  # fmt: skip
def test_any_picture_gives_an_input(
    width: int, height: int, seed: int, kind: str, dataset: str, channels: int, flags: tuple[bool | None, ...]
) -> None:
    array = np.full((height, width, 3), 255 * (kind == "white"), np.uint8)
    if kind == "noise":
        array = np.random.default_rng(seed).integers(0, 256, array.shape, dtype=np.uint8)
    if kind == "dot":
        array[seed % height, seed % width] = 200
    x, steps, _ = prepare(Image.fromarray(array), (channels, 28, 28), Preparation(*flags), dataset)
    assert x.shape == (channels, 28, 28) and x.dtype == np.uint8 and len(steps) == 5
    assert all(step.picture.dtype == np.uint8 and step.picture.ndim in (2, 3) for step in steps)
