"""Files of every kind are read as 8-bit images; arrays are written as PNG, GIF and contact sheets."""

import io
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.helpers.data_helpers import halves, pixel, saved
from vae_core.errors import UserError
from vae_core.images import reading, writing
from vae_core.utils.limits import FILE_BYTES

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL", "ignore::PIL.Image.DecompressionBombWarning")


@pytest.mark.parametrize("kind", reading.FORMATS)
def test_every_format_is_read_correctly(kind: str) -> None:
    lossless = {"lossless": True} if kind == "WEBP" else {}
    image = reading.read(saved(halves(), kind, **lossless))
    assert (image.mode, image.size) == ("RGB", (60, 40))
    assert np.abs(np.subtract(pixel(image, 0.1, 0.5), (200, 40, 40))).max() < 6
    assert np.abs(np.subtract(pixel(image, 0.9, 0.5), (40, 40, 200))).max() < 6


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_is_rotated_by_its_exif_orientation(kind: str, orientation: int) -> None:
    upright = Image.new("L", (40, 60), 0)
    upright.paste(255, (0, 0, 20, 30))  # light in the upper left
    undo = [None, 0, 3, 1, 5, 2, 6, 4][orientation - 1]  # how such a camera would have stored it
    stored = upright if undo is None else upright.transpose(Image.Transpose(undo))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = reading.read(saved(stored, kind, exif=exif))
    assert image.size == (40, 60)
    quarters = [pixel(image.convert("L"), x, y)[0] > 127 for y in (0.25, 0.75) for x in (0.25, 0.75)]
    assert quarters == [True, False, False, False]


def test_damaged_metadata_do_not_prevent_reading() -> None:
    data = saved(halves(), "JPEG", exif=b"Exif\0\0II*\0" + b"\xff" * 40)
    assert reading.read(data).size == (60, 40)


def test_transparent_parts_become_white_or_black_under_white_ink() -> None:
    ink = Image.new("RGBA", (40, 40))
    for colour, ground in (((0, 0, 0, 255), 255), ((255, 255, 255, 255), 0), ((90, 90, 250, 255), 255)):
        ink.paste(colour, (10, 10, 30, 30))
        image = reading.read(saved(ink, "PNG"))
        assert pixel(image, 0.5, 0.5) == list(colour[:3]) and pixel(image, 0, 0) == [ground] * 3
    ink.paste((0, 0, 0, 128), (10, 10, 30, 30))
    assert pixel(reading.read(saved(ink, "PNG")), 0.5, 0.5) == [127] * 3
    assert pixel(reading.read(saved(Image.new("RGBA", (9, 9)), "PNG")), 0.5, 0.5) == [255] * 3, "nothing drawn at all"
    palette = ink.convert("P")
    assert pixel(reading.read(saved(palette, "GIF", transparency=palette.getpixel((0, 0)))), 0, 0) == [255] * 3
    assert reading.read(saved(Image.new("LA", (9, 9), (0, 0)), "PNG")).convert("L").getpixel((4, 4)) == 255


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_and_more(kind: str) -> None:
    ramp = np.linspace(0, 65535, 64, dtype=np.uint16)[None].repeat(8, 0)
    levels = np.asarray(reading.read(saved(Image.fromarray(ramp), kind)))
    assert levels.dtype == np.uint8 and np.array_equal(levels, np.rint(ramp / 257))
    if kind == "TIFF":
        floats = np.asarray(reading.read(saved(Image.fromarray((ramp / 65535).astype(np.float32)), kind)))
        assert np.array_equal(floats, levels)
        wide = np.asarray(reading.read(saved(Image.fromarray(ramp.astype(np.int32)), kind)))
        assert np.array_equal(wide, levels)


def test_cmyk_palette_and_bilevel() -> None:
    print_colours = halves(left=(0, 255, 255, 0), right=(255, 255, 0, 0), mode="CMYK")
    for kind in ("JPEG", "TIFF"):
        image = reading.read(saved(print_colours, kind))
        assert np.abs(np.subtract(pixel(image, 0.1, 0.5), (255, 0, 0))).max() < 6
        assert np.abs(np.subtract(pixel(image, 0.9, 0.5), (0, 0, 255))).max() < 6
    assert pixel(reading.read(saved(halves().quantize(4), "PNG")), 0.1, 0.5) == [200, 40, 40]
    assert pixel(reading.read(saved(halves(left=1, right=0, mode="1"), "PNG")), 0.1, 0.5) == [255]


def test_the_first_of_several_frames() -> None:
    first, second = halves(), Image.new("RGB", (60, 40), "white")
    for kind in ("GIF", "TIFF", "WEBP"):
        image = reading.read(saved(first, kind, save_all=True, append_images=[second]))
        assert np.abs(np.subtract(pixel(image, 0.1, 0.5), (200, 40, 40))).max() < 12


def test_a_48_megapixel_photograph_is_quick() -> None:
    data = saved(halves((8000, 6000)), "JPEG")
    start = time.perf_counter()
    image = reading.read(data)
    assert time.perf_counter() - start < 3  # 0.15 s; the bound leaves room for a busy machine
    assert image.size == (1024, 768)


def test_unreadable_files_are_named_with_what_to_do(tmp_path: Path) -> None:
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
            reading.read(data, name)
        assert name in str(error.value)
        (tmp_path / name).write_bytes(data)
        with pytest.raises(UserError, match=name):
            reading.read(tmp_path / name)
    with pytest.raises(UserError, match=r"gone\.png cannot be read"):
        reading.read(tmp_path / "gone.png")
    with pytest.raises(UserError, match="larger than 200 MB"):
        reading.read(bytes(FILE_BYTES + 1), "big.bmp")


@settings(max_examples=150)
@given(
    kind=st.sampled_from(reading.FORMATS),
    at=st.integers(0, 10**6),
    junk=st.binary(min_size=1, max_size=8),
    cut=st.integers(0, 60),
)
def test_damaged_bytes_give_a_picture_or_a_sentence(kind: str, at: int, junk: bytes, cut: int) -> None:
    data = bytearray(saved(halves((24, 16)), kind))
    at %= len(data)
    data[at : at + len(junk)] = junk
    try:
        assert reading.read(bytes(data[: len(data) - cut]), "my picture").mode in ("L", "RGB")
    except UserError as error:
        assert str(error).startswith("my picture ")


def test_pictures_of_images_and_points() -> None:
    grey = np.linspace(0, 1, 2 * 4 * 5, dtype=np.float32).reshape(2, 1, 4, 5)
    assert np.array_equal(writing.pictures(grey), np.rint(grey[:, 0] * 255))
    assert writing.pictures(np.array([[[[np.nan, -1.0, 2.0]]]])).tolist() == [[[0, 0, 255]]]
    assert writing.pictures(np.zeros((2, 3, 4, 5), np.uint8)).shape == (2, 4, 5, 3)
    dots = writing.pictures(np.array([[1.5, 0.75], [-1.5, -2], [99, -99]], np.float32))
    assert dots.shape == (3, 64, 64) and dots.dtype == np.uint8 and dots.max() == 255
    for dot, (x, y) in zip(dots[:2], [(1.5, 0.75), (-1.5, -2)], strict=True):
        ink = np.where(dot > 100, dot.astype(float), 0)
        centre = [(ink.sum(axis) @ (np.arange(64) + 0.5)) / ink.sum() for axis in (0, 1)]
        assert np.allclose(centre, [32 + x * 64 / 6, 32 - y * 64 / 6], atol=0.1), "to the right is x, upwards is y"
    assert (dots[2] > 100).sum() > 20, "a point beyond the plane is seen at its edge"
    with pytest.raises(ValueError, match="expected"):
        writing.pictures(np.zeros((3, 28, 28)))


@pytest.mark.parametrize("colour", [(), (3,)])
def test_png_gif_and_sheets_give_back_what_went_in(colour: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    frames = (rng.integers(0, 2, (5, 12, 9, *colour)) * 255).astype(np.uint8)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(writing.png(frames[0])))), frames[0])
    with Image.open(io.BytesIO(writing.gif(list(frames), ms=120))) as movie:
        assert (movie.n_frames, movie.info["duration"], movie.info["loop"]) == (5, 120, 0)
        for i, frame in enumerate(frames):
            movie.seek(i)
            assert np.array_equal(np.asarray(movie.convert("RGB" if colour else "L")), frame)
    sheet = writing.sheet(frames, columns=3, gap=2, background=77)
    assert sheet.shape == (2 * 12 + 2, 3 * 9 + 2 * 2, *colour)
    assert (
        np.array_equal(sheet[14:26, 11:20], frames[4]) and (sheet[12:14] == 77).all() and (sheet[14:, 22:] == 77).all()
    )
    assert np.array_equal(writing.sheet(frames[:2], 2, gap=0), np.concatenate([frames[0], frames[1]], 1))
    large = writing.upscale(frames[0], 3)
    assert large.shape == (36, 27, *colour) and np.array_equal(large[1::3, 1::3], frames[0])
