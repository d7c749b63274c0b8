"""Ten kinds of paper and ink: `photo` makes a photograph of a digit from a kind and a seed."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.random import Generator

from benchmarks.made_photos import camera
from benchmarks.made_photos.ink import Floats, ink_mask
from benchmarks.made_photos.strokes import Path

Colour = tuple[float, float, float]  # the share of red, green and blue light that is reflected

WHITE, BOARDS = (0.97, 0.96, 0.94), ((0.13, 0.2, 0.16), (0.12, 0.12, 0.13))
PENS: tuple[Colour, ...] = ((0.1, 0.12, 0.35), (0.08, 0.08, 0.09), (0.12, 0.2, 0.55))
MARKERS: tuple[Colour, ...] = ((0.98, 0.9, 0.2), (0.2, 0.5, 0.9))
BLUE, GREY, RED = (0.4, 0.58, 0.88), (0.55, 0.56, 0.58), (0.88, 0.16, 0.22)


def photo(kind: str, digits: Sequence[Path], seed: int) -> bytes:
    """The JPEG file of a photograph, about 1200 x 900 pixels, of one digit, or of two for the kind `two digits`.

    Without a digit the paper is blank.
    """
    rng = np.random.default_rng([seed, list(KINDS).index(kind)])
    wide, high = int(rng.integers(1100, 1300)), int(rng.integers(820, 980))
    height, width = (wide, high) if rng.random() < 0.5 else (high, wide)
    scene = KINDS[kind](rng, digits, height, width) * camera.light(rng, height, width)
    return camera.taken(rng, scene.clip(0, 1))


def plain(rng: Generator, digits: Sequence[Path], height: int, width: int) -> Floats:
    return written(rng, paper(rng, height, width), digits)


def ruled(rng: Generator, digits: Sequence[Path], height: int, width: int) -> Floats:
    return written(rng, lines(rng, paper(rng, height, width), (0,), BLUE), digits)


def squared(rng: Generator, digits: Sequence[Path], height: int, width: int) -> Floats:
    colour = (BLUE, GREY)[rng.integers(2)]
    return written(rng, lines(rng, paper(rng, height, width), (0, 90), colour, rng.uniform(32, 55)), digits)


def margin(rng: Generator, digits: Sequence[Path], height: int, width: int) -> Floats:
    """Ruled paper with a strong red line to the left of the digit."""
    page = lines(rng, paper(rng, height, width), (0,), BLUE)
    at, half = width * rng.uniform(0.1, 0.2), rng.uniform(1.5, 5)
    across = np.arange(width) - at - np.tan(np.deg2rad(rng.uniform(-2, 2))) * np.arange(height)[:, None]
    return written(rng, _covered(page, (half + 0.5 - abs(across)).clip(0, 1), RED), digits, left=0.25)


def shadow(rng: Generator, digits: Sequence[Path], height: int, width: int) -> Floats:
    return plain(rng, digits, height, width) * camera.hard_shadow(rng, height, width)


def pencil(rng: Generator, digits: Sequence[Path], height: int, width: int) -> Floats:
    """Thin, grey and grainy strokes."""
    grain = rng.uniform(0.4, 1, (height // 2 + 1, width // 2 + 1)).repeat(2, 0).repeat(2, 1)[:height, :width]
    level = rng.uniform(0.35, 0.55)
    return written(rng, paper(rng, height, width), digits, (level, level, level), pen=(0.02, 0.04), grain=grain)


def marker(rng: Generator, digits: Sequence[Path], height: int, width: int) -> Floats:
    """Thick strokes of yellow or blue."""
    return written(rng, paper(rng, height, width), digits, MARKERS[rng.integers(2)], pen=(0.09, 0.14))


def blackboard(rng: Generator, digits: Sequence[Path], height: int, width: int) -> Floats:
    """Chalk, with wiped clouds of old chalk on the board."""
    board = np.full((height, width, 3), BOARDS[rng.integers(2)], np.float32)
    clouds = 0.05 * _smooth(rng, height, width, 250) + 0.03 * _smooth(rng, height, width, 60)
    board += clouds.clip(0)[..., None]
    grain = rng.uniform(0.45, 1, (height // 3 + 1, width // 3 + 1)).repeat(3, 0).repeat(3, 1)[:height, :width]
    return written(rng, board, digits, (0.85, 0.85, 0.82), pen=(0.045, 0.08), grain=grain)


def tilted(rng: Generator, digits: Sequence[Path], height: int, width: int) -> Floats:
    return written(rng, paper(rng, height, width), digits, angle=float(rng.choice([-15, 15])))


def two_digits(rng: Generator, digits: Sequence[Path], height: int, width: int) -> Floats:
    """Two digits of about the same size side by side."""
    page, colour, pen = paper(rng, height, width), PENS[rng.integers(3)], rng.uniform(0.03, 0.07)
    tall = rng.uniform(0.2, 0.28) * min(height, width)
    masks = [ink_mask(digit, int(tall * rng.uniform(0.9, 1.1)), pen) for digit in digits[:2]]
    gap = int(tall * rng.uniform(0.15, 0.5))
    both = sum(mask.shape[1] for mask in masks) + gap
    top, left = int(rng.uniform(0.1, 0.6) * height), int(rng.uniform(0.05, 0.95) * (width - both))
    for mask in masks:
        page, left = _stamped(page, mask, top, left, colour), left + mask.shape[1] + gap
    return page


KINDS: dict[str, Callable[[Generator, Sequence[Path], int, int], Floats]] = {
    "plain": plain,
    "ruled": ruled,
    "squared": squared,
    "red margin": margin,
    "hard shadow": shadow,
    "pencil": pencil,
    "marker": marker,
    "blackboard": blackboard,
    "tilted": tilted,
    "two digits": two_digits,
}


def paper(rng: Generator, height: int, width: int) -> Floats:
    """White paper (H, W, 3) with a slight texture."""
    return np.array(WHITE, np.float32) * (1 + 0.01 * _smooth(rng, height, width, 4))[..., None]


def lines(
    rng: Generator, page: Floats, angles: Sequence[float], colour: Colour, spacing: float | None = None
) -> Floats:
    """The page with printed lines in each direction (degrees), all turned by the same few degrees."""
    height, width = page.shape[:2]
    spacing, turn, half = spacing or rng.uniform(50, 90), rng.uniform(-4, 4), rng.uniform(0.8, 1.8)
    pale = rng.uniform(0, 0.6)
    for angle in np.deg2rad(np.add(angles, turn)):
        across = np.arange(height)[:, None] * np.cos(angle) - np.arange(width) * np.sin(angle)
        away = abs((across + rng.uniform(0, spacing)) % spacing - spacing / 2)
        page = _covered(page, (1 - pale) * (half + 0.5 - away).clip(0, 1), colour)
    return page


def written(
    rng: Generator,
    page: Floats,
    digits: Sequence[Path],
    colour: Colour | None = None,
    pen: tuple[float, float] = (0.03, 0.07),
    angle: float = 0.0,
    grain: Floats | None = None,
    left: float = 0.04,
) -> Floats:
    """The page with the first digit at a random place, right of the share `left` of the width; the blank page where there is none."""
    height, width = page.shape[:2]
    if not len(digits):
        return page
    mask = ink_mask(digits[0], int(rng.uniform(0.25, 0.6) * min(height, width)), rng.uniform(*pen), angle)
    top = int(rng.uniform(0.05, 0.95) * (height - mask.shape[0]))
    over = int(rng.uniform(left, 0.96) * (width - mask.shape[1]))
    return _stamped(page, mask, top, over, colour or PENS[rng.integers(3)], grain)


def _stamped(page: Floats, mask: Floats, top: int, left: int, colour: Colour, grain: Floats | None = None) -> Floats:
    cover = np.zeros(page.shape[:2], np.float32)
    cover[top : top + mask.shape[0], left : left + mask.shape[1]] = mask
    return _covered(page, cover if grain is None else cover * grain, colour)


def _covered(page: Floats, share: Floats, colour: Colour) -> Floats:
    """The page where `share` (H, W) of each pixel is covered with a colour: dark inks stay dark where they cross lines."""
    ink = np.array(colour, np.float32)
    ink = np.minimum(page, ink) if ink.mean() < page.mean() else ink
    return (page * (1 - share[..., None]) + ink * share[..., None]).astype(np.float32)


def _smooth(rng: Generator, height: int, width: int, scale: int) -> Floats:
    """Smooth noise (H, W) of standard deviation about 1 with structures of `scale` pixels."""
    from PIL import Image

    coarse = rng.normal(0, 1, (height // scale + 2, width // scale + 2)).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC), np.float32)
