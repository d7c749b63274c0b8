"""Interpolation between two or four codes: linear, spherical, bilinear."""

from typing import Literal

import numpy as np

from vae_core.explore.nearest_codes import Codes

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
