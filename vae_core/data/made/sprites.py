"""Generated sprites with known factors, after dSprites (Matthey et al. 2017): a square, an ellipse or a heart, white on black."""

from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, shares, split
from vae_core.utils.arrays import Int64, UInt8

SIDE = 32
SHAPES = ("square", "ellipse", "heart")
FACTORS = {"shape": 3, "scale": 6, "rotation": 20, "x": 8, "y": 8}
RADII = np.linspace(4.5, 8.5, FACTORS["scale"])  # pixels from the centre to the farthest point
STEP = 2  # pixels from one position to the next; an integer, so that translated sprites have equal pixels
SAMPLES = 4  # per pixel and axis: 16 samples give 17 grey levels at an edge


def _inside(shape: str, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Whether points (u to the right, v upwards) lie in the shape, whose circumscribed circle is the unit circle."""
    if shape == "square":
        return np.maximum(abs(u), abs(v)) <= np.sqrt(0.5)
    if shape == "ellipse":
        return u**2 + (2 * v) ** 2 <= 1
    u, v = 1.26 * u, 1.26 * v + 0.255  # (u^2 + v^2 - 1)^3 = u^2 v^3 lies in this circle
    inner = u**2 + v**2 - 1
    return inner * inner * inner <= u**2 * v**2 * v  # a product takes a tenth of the time of a power


def _sprites() -> UInt8:
    """Each shape, size and rotation at the centre of a larger canvas, from which positions are cut: (3, 6, 20, 46, 46)."""
    side = SIDE + STEP * (FACTORS["x"] - 1)
    at = (np.arange(side * SAMPLES) + 0.5) / SAMPLES - side / 2
    angle = 2 * np.pi * np.arange(FACTORS["rotation"]) / FACTORS["rotation"]
    cos, sin = (f(angle)[:, None, None] for f in (np.cos, np.sin))
    right, up = at[None, None, :], -at[None, :, None]
    u, v = cos * right + sin * up, cos * up - sin * right  # (20, 184, 184): the grid turned back by the angle
    drawn = [[_inside(shape, u / radius, v / radius) for radius in RADII] for shape in SHAPES]
    blocks = np.asarray(drawn).reshape(*list(FACTORS.values())[:3], side, SAMPLES, side, SAMPLES)
    return np.rint(blocks.mean((4, 6), dtype=np.float32) * 255).astype(np.uint8)


def draw() -> tuple[UInt8, Int64]:
    """All 23,040 sprites (N, 1, 32, 32) and their factors (N, 5) as indices in the order of FACTORS; deterministic.

    Rotations cover the full turn in 20 steps, so a square looks the same after 5 steps and an ellipse after 10. x increases from left
    to right, y from top to bottom.
    """
    windows = sliding_window_view(_sprites(), (SIDE, SIDE), (3, 4))[
        :, :, :, ::-STEP, ::-STEP
    ]  # (shape, scale, rotation, y, x, H, W)
    factors = np.indices(tuple(FACTORS.values()), dtype=np.int64).reshape(len(FACTORS), -1).T
    return windows.swapaxes(3, 4).reshape(-1, 1, SIDE, SIDE), np.ascontiguousarray(factors)


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """All combinations of factors, split 80/10/10 by the seed unless the settings say otherwise; the label is the shape."""
    images, factors = draw()
    if config.noise:
        images = _noisy(images, config.noise, np.random.default_rng([config.seed, 2]))
    parts = split(images, factors[:, 0].copy(), config.seed, factors, shares(config))
    return Dataset(SPRITES.name, SPRITES.title, *parts, classes=SHAPES, factor_names=tuple(FACTORS))


def _noisy(images: UInt8, noise: float, rng: np.random.Generator) -> UInt8:
    """Normal noise of `noise` times white on every pixel, cut at black and white."""
    noisy = np.empty(images.shape, np.uint8)
    for at in range(0, len(images), 2048):
        piece = images[at : at + 2048]
        levels = piece + 255 * noise * rng.standard_normal(piece.shape, np.float32)
        noisy[at : at + 2048] = np.rint(levels.clip(0, 255))
    return noisy


SPRITES = DatasetEntry(
    name="shapes",
    title="Shapes",
    summary="23,040 sprites of 32x32 pixels with known shape, scale, rotation, x and y; generated on loading.",
    licence="made by this project (MIT)",
    shape=(1, SIDE, SIDE),
    read=read,
    uses=("noise",),
    held_out=0.2,
)
