"""Codes to decode in a row: interpolation between two or four codes, traversal of one dimension, and a grid in the plane."""

from typing import Literal

import numpy as np

from vae_core.explore.codes import Codes

Path = Literal["linear", "spherical"]


def interpolate(a: Codes, b: Codes, steps: int, path: Path = "linear") -> Codes:
    """Codes (steps, L) from a to b, ends included: linear, or spherical along the great circle (Shoemake 1985; White 2016).

    The spherical path stays at the norm where a normal prior has its mass; the norm changes linearly from |a| to |b|.
    """
    t = np.linspace(0.0, 1.0, steps)[:, None]
    straight = ((1 - t) * a + t * b).astype(np.float32)
    norm_a, norm_b = np.linalg.norm(a), np.linalg.norm(b)
    if path == "linear" or min(norm_a, norm_b) < 1e-6:
        return straight
    u, v = a / norm_a, b / norm_b
    angle = np.arccos(np.clip(u @ v, -1.0, 1.0))
    if np.sin(angle) < 1e-4:
        return straight
    direction = (np.sin((1 - t) * angle) * u + np.sin(t * angle) * v) / np.sin(angle)
    return (direction * ((1 - t) * norm_a + t * norm_b)).astype(np.float32)


def corners(four: Codes, steps: int) -> Codes:
    """Bilinear interpolation (steps * steps, L) of four codes (4, L): top left, top right, bottom left, bottom right."""
    t = np.linspace(0.0, 1.0, steps)
    across, down = np.meshgrid(t, t)
    weights = np.stack([(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down], axis=-1)
    return (weights.reshape(-1, 4) @ four).astype(np.float32)


def traverse(z: Codes, dimensions: list[int], span: float, steps: int) -> Codes:
    """Latent traversals of z (L,): one dimension varied from -span to span, (len(dimensions), steps, L)."""
    walks = np.broadcast_to(z, (len(dimensions), steps, len(z))).astype(np.float32)
    for walk, dimension in zip(walks, dimensions, strict=True):
        walk[:, dimension] = np.linspace(-span, span, steps)
    return walks


def grid(extent: tuple[float, float, float, float], columns: int, rows: int) -> Codes:
    """Centres of the cells of a grid over (x0, x1, y0, y1), (rows * columns, 2), row by row from the top left."""
    x0, x1, y0, y1 = extent
    x = x0 + (np.arange(columns) + 0.5) * (x1 - x0) / columns
    y = y1 - (np.arange(rows) + 0.5) * (y1 - y0) / rows
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)
