"""Codes to decode side by side: latent traversals, which vary one dimension, and a grid over the plane of a map."""

import numpy as np

from vae_core.explore.nearest_codes import Codes


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
