"""Files of every kind become plain pictures; photographs of digits become what MNIST is; arrays become PNG, GIF and sheets."""

import io
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter

from vae_core import images
from vae_core.config import DataConfig
from vae_core.datasets import load
from vae_core.errors import UserError
from vae_core.images import Preparation, prepare
from vae_core.preparation import STYLES

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL", "ignore::PIL.Image.DecompressionBombWarning")


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def halves(
    size: tuple[int, int] = (60, 40), left: object = (200, 40, 40), right: object = (40, 40, 200), mode: str = "RGB"
) -> Image.Image:
    image = Image.new(mode, size, right)  # type: ignore[arg-type]
    image.paste(left, (0, 0, size[0] // 2, size[1]))  # type: ignore[arg-type]
    return image


def pixel(image: Image.Image, x: float, y: float) -> list[int]:
    return np.atleast_1d(np.asarray(image)[int(y * image.height), int(x * image.width)]).astype(int).tolist()


@pytest.mark.parametrize("kind", images.FORMATS)
def test_every_format_is_read_true(kind: str) -> None:
    lossless = {"lossless": True} if kind == "WEBP" else {}
    image = images.read(saved(halves(), kind, **lossless))
    assert (image.mode, image.size) == ("RGB", (60, 40))
    assert np.abs(np.subtract(pixel(image, 0.1, 0.5), (200, 40, 40))).max() < 6
    assert np.abs(np.subtract(pixel(image, 0.9, 0.5), (40, 40, 200))).max() < 6


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_turned_as_the_camera_was_held(kind: str, orientation: int) -> None:
    upright = Image.new("L", (40, 60), 0)
    upright.paste(255, (0, 0, 20, 30))  # light in the upper left
    undo = [None, 0, 3, 1, 5, 2, 6, 4][orientation - 1]  # how such a camera would have stored it
    stored = upright if undo is None else upright.transpose(Image.Transpose(undo))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = images.read(saved(stored, kind, exif=exif))
    assert image.size == (40, 60)
    quarters = [pixel(image.convert("L"), x, y)[0] > 127 for y in (0.25, 0.75) for x in (0.25, 0.75)]
    assert quarters == [True, False, False, False]


def test_damaged_notes_do_not_cost_the_picture() -> None:
    data = saved(halves(), "JPEG", exif=b"Exif\0\0II*\0" + b"\xff" * 40)
    assert images.read(data).size == (60, 40)


def test_transparent_parts_lie_on_white_but_white_ink_on_black() -> None:
    ink = Image.new("RGBA", (40, 40))
    for colour, ground in (((0, 0, 0, 255), 255), ((255, 255, 255, 255), 0), ((90, 90, 250, 255), 255)):
        ink.paste(colour, (10, 10, 30, 30))
        image = images.read(saved(ink, "PNG"))
        assert pixel(image, 0.5, 0.5) == list(colour[:3]) and pixel(image, 0, 0) == [ground] * 3
    ink.paste((0, 0, 0, 128), (10, 10, 30, 30))
    assert pixel(images.read(saved(ink, "PNG")), 0.5, 0.5) == [127] * 3
    assert pixel(images.read(saved(Image.new("RGBA", (9, 9)), "PNG")), 0.5, 0.5) == [255] * 3, "nothing drawn at all"
    palette = ink.convert("P")
    assert pixel(images.read(saved(palette, "GIF", transparency=palette.getpixel((0, 0)))), 0, 0) == [255] * 3
    assert images.read(saved(Image.new("LA", (9, 9), (0, 0)), "PNG")).convert("L").getpixel((4, 4)) == 255


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_and_more(kind: str) -> None:
    ramp = np.linspace(0, 65535, 64, dtype=np.uint16)[None].repeat(8, 0)
    levels = np.asarray(images.read(saved(Image.fromarray(ramp), kind)))
    assert levels.dtype == np.uint8 and np.array_equal(levels, np.rint(ramp / 257))
    if kind == "TIFF":
        floats = np.asarray(images.read(saved(Image.fromarray((ramp / 65535).astype(np.float32)), kind)))
        assert np.array_equal(floats, levels)
        wide = np.asarray(images.read(saved(Image.fromarray(ramp.astype(np.int32)), kind)))
        assert np.array_equal(wide, levels)
        assert not np.asarray(images.read(saved(Image.fromarray(np.full((4, 4), np.nan, np.float32)), kind))).any()


def test_cmyk_palette_and_bilevel() -> None:
    print_colours = halves(left=(0, 255, 255, 0), right=(255, 255, 0, 0), mode="CMYK")
    for kind in ("JPEG", "TIFF"):
        image = images.read(saved(print_colours, kind))
        assert np.abs(np.subtract(pixel(image, 0.1, 0.5), (255, 0, 0))).max() < 6
        assert np.abs(np.subtract(pixel(image, 0.9, 0.5), (0, 0, 255))).max() < 6
    assert pixel(images.read(saved(halves().quantize(4), "PNG")), 0.1, 0.5) == [200, 40, 40]
    assert pixel(images.read(saved(halves(left=1, right=0, mode="1"), "PNG")), 0.1, 0.5) == [255]


def test_the_first_of_several_frames() -> None:
    first, second = halves(), Image.new("RGB", (60, 40), "white")
    for kind in ("GIF", "TIFF", "WEBP"):
        image = images.read(saved(first, kind, save_all=True, append_images=[second]))
        assert np.abs(np.subtract(pixel(image, 0.1, 0.5), (200, 40, 40))).max() < 12


def test_a_48_megapixel_photograph_is_quick() -> None:
    data = saved(halves((8000, 6000)), "JPEG")
    start = time.perf_counter()
    image = images.read(data)
    assert time.perf_counter() - start < 3  # 0.15 s; the bound leaves room for a busy machine
    assert image.size == (1024, 768)


def test_what_cannot_be_read_is_named_with_what_to_do(tmp_path: Path) -> None:
    cases = {
        "text.png": (b"hello", "not a picture that can be read"),
        "empty.png": (b"", "not a picture that can be read"),
        "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture that can be read"),
        "cut.jpg": (saved(halves(), "JPEG")[:500], "damaged or was cut short"),
        "cut.png": (saved(halves(), "PNG")[:-40], "damaged or was cut short"),
        "cut.webp": (saved(halves((300, 300)), "WEBP")[:-20], "cut.webp"),
        "large.png": (saved(Image.new("1", (12_500, 10_000)), "PNG"), "12,500 x 10,000 pixels, more than 120 million"),
        "bomb.png": (saved(Image.new("1", (20_000, 10_000)), "PNG"), "more than 120 million: make it smaller"),
    }
    for name, (data, why) in cases.items():
        with pytest.raises(UserError, match=why) as error:
            images.read(data, name)
        assert name in str(error.value)
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UserError, match=name):
            images.read(tmp_path / name)
    with pytest.raises(UserError, match=r"gone\.png cannot be read"):
        images.read(tmp_path / "gone.png")
    with pytest.raises(UserError, match="larger than 200 MB"):
        images.read(bytes(images.FILE_BYTES + 1), "big.bmp")


@settings(max_examples=150)
@given(
    kind=st.sampled_from(images.FORMATS),
    at=st.integers(0, 10**6),
    junk=st.binary(min_size=1, max_size=8),
    cut=st.integers(0, 60),
)
def test_damaged_bytes_give_a_picture_or_a_sentence(kind: str, at: int, junk: bytes, cut: int) -> None:
    data = bytearray(saved(halves((24, 16)), kind))
    at %= len(data)
    data[at : at + len(junk)] = junk
    try:
        assert images.read(bytes(data[: len(data) - cut]), "my picture").mode in ("L", "RGB")
    except UserError as error:
        assert str(error).startswith("my picture ")


def photograph(digit: np.ndarray, seed: int) -> Image.Image:
    """The digit in dark ink on paper, as a phone sees it: small, off centre, in half shadow, with noise and a strip of the table."""
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
        prepare(images.read(saved(photograph(digit, i), "JPEG")), (1, 28, 28))[0][0] for i, digit in enumerate(digits)
    ]
    alike = [likeness(a, b) for a, b in zip(found, digits, strict=True)]
    assert np.median(alike) > 0.94 and min(alike) > 0.8, np.round(alike, 2)


def test_mnist_itself_passes_and_its_negative_comes_back(data_root: Path) -> None:
    digits = load(DataConfig(dataset="mnist"), data_root).test.x[:300, 0].numpy()
    for digit in digits:
        assert np.array_equal(prepare(Image.fromarray(digit), (1, 28, 28))[0][0], digit)
    back = [likeness(prepare(Image.fromarray(255 - digit), (1, 28, 28))[0], digit) for digit in digits]
    assert np.mean(np.array(back) > 0.99) > 0.9


def test_fashion_on_white_comes_back(data_root: Path) -> None:
    clothes = load(DataConfig(dataset="fashion-mnist"), data_root).test.x[:200, 0].numpy()
    large = [Image.fromarray(255 - x).resize((280, 280), Image.Resampling.BICUBIC) for x in clothes]
    found = [prepare(x, (1, 28, 28), dataset="fashion-mnist")[0] for x in large]
    assert np.median([likeness(a, b) for a, b in zip(found, clothes, strict=True)]) > 0.95


def seven(size: tuple[int, int], pen: int, dark: bool = True) -> Image.Image:
    """A 7 drawn with a pen of so many pixels, small and in a corner."""
    ground, ink = (235, 30) if dark else (20, 240)
    image = Image.new("L", size, ground)
    side = min(size)
    corners = [(0.1 * side, 0.15 * side), (0.4 * side, 0.15 * side), (0.2 * side, 0.65 * side)]
    ImageDraw.Draw(image).line(corners, fill=ink, width=pen, joint="curve")
    return image.filter(ImageFilter.GaussianBlur(0.7))


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize(("size", "pen"), [((300, 300), 14), ((900, 500), 3), ((500, 900), 30), ((100, 100), 5)])
def test_a_drawn_digit_has_mnists_size_place_and_strength(size: tuple[int, int], pen: int, dark: bool) -> None:
    x, steps = prepare(seven(size, pen, dark), (1, 28, 28))
    assert [step.name for step in steps] == ["grey", "invert", "crop", "centre", "resize"]
    assert [step.done for step in steps] == [True, dark, True, True, True]
    assert x.shape == (1, 28, 28) and x.dtype == np.uint8 and x.max() == 255 and np.array_equal(steps[-1].picture, x[0])
    rows, columns = (np.flatnonzero((x[0] > 60).any(axis)) for axis in (1, 0))
    assert 19 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 21
    mass = x[0] / x[0].sum(dtype=float)
    assert np.allclose([mass.sum(1) @ np.arange(28), mass.sum(0) @ np.arange(28)], 14, atol=0.6)
    assert 12 < x.mean() < 60, "as much ink as MNIST's digits have"


def test_each_step_can_be_switched() -> None:
    drawing = seven((300, 200), 12)
    _, off = prepare(drawing, (1, 28, 28), Preparation(invert=False, crop=False, centre=False))
    assert [step.done for step in off] == [True, False, False, False, True]
    assert np.array_equal(off[3].picture, np.asarray(drawing)), "nothing was touched before the last step"
    full = prepare(drawing, (1, 28, 28))[0]
    for name in ("invert", "crop", "centre"):
        x, steps = prepare(drawing, (1, 28, 28), Preparation(**{name: False}))
        assert not next(step for step in steps if step.name == name).done
        assert not np.array_equal(x, full)
    colour, steps = prepare(halves(), (1, 28, 28), Preparation(grey=False, invert=True), dataset="pictures")
    assert steps[0].picture.shape == (40, 60, 3) and pixel(Image.fromarray(steps[1].picture), 0.1, 0.5) == [
        55,
        215,
        215,
    ]
    assert colour.shape == (1, 28, 28)


def test_own_pictures_are_prepared_as_they_were_read(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x, steps = prepare(halves((90, 40)), (3, 20, 20), dataset="pictures")
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
    x, steps = prepare(Image.fromarray(array), (channels, 28, 28), Preparation(*flags), dataset)
    assert x.shape == (channels, 28, 28) and x.dtype == np.uint8 and len(steps) == 5
    assert all(step.picture.dtype == np.uint8 and step.picture.ndim in (2, 3) for step in steps)


def test_pictures_of_images_and_points() -> None:
    grey = np.linspace(0, 1, 2 * 4 * 5, dtype=np.float32).reshape(2, 1, 4, 5)
    assert np.array_equal(images.pictures(grey), np.rint(grey[:, 0] * 255))
    assert images.pictures(np.array([[[[np.nan, -1.0, 2.0]]]])).tolist() == [[[0, 0, 255]]]
    assert images.pictures(np.zeros((2, 3, 4, 5), np.uint8)).shape == (2, 4, 5, 3)
    dots = images.pictures(np.array([[1.5, 0.75], [-1.5, -2], [99, -99]], np.float32))
    assert dots.shape == (3, 64, 64) and dots.dtype == np.uint8 and dots.max() == 255
    for dot, (x, y) in zip(dots[:2], [(1.5, 0.75), (-1.5, -2)], strict=True):
        ink = np.where(dot > 100, dot.astype(float), 0)
        centre = [(ink.sum(axis) @ (np.arange(64) + 0.5)) / ink.sum() for axis in (0, 1)]
        assert np.allclose(centre, [32 + x * 64 / 6, 32 - y * 64 / 6], atol=0.1), "to the right is x, upwards is y"
    assert (dots[2] > 100).sum() > 20, "a point beyond the plane is seen at its edge"
    with pytest.raises(ValueError, match="expected"):
        images.pictures(np.zeros((3, 28, 28)))


@pytest.mark.parametrize("colour", [(), (3,)])
def test_png_gif_and_sheets_give_back_what_went_in(colour: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    frames = (rng.integers(0, 2, (5, 12, 9, *colour)) * 255).astype(np.uint8)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(images.png(frames[0])))), frames[0])
    with Image.open(io.BytesIO(images.gif(list(frames), ms=120))) as movie:
        assert (movie.n_frames, movie.info["duration"], movie.info["loop"]) == (5, 120, 0)
        for i, frame in enumerate(frames):
            movie.seek(i)
            assert np.array_equal(np.asarray(movie.convert("RGB" if colour else "L")), frame)
    sheet = images.sheet(frames, columns=3, gap=2, ground=77)
    assert sheet.shape == (2 * 12 + 2, 3 * 9 + 2 * 2, *colour)
    assert (
        np.array_equal(sheet[14:26, 11:20], frames[4]) and (sheet[12:14] == 77).all() and (sheet[14:, 22:] == 77).all()
    )
    assert np.array_equal(images.sheet(frames[:2], 2, gap=0), np.concatenate([frames[0], frames[1]], 1))
    large = images.upscale(frames[0], 3)
    assert large.shape == (36, 27, *colour) and np.array_equal(large[1::3, 1::3], frames[0])
