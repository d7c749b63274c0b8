"""Writing images: model output as 8-bit arrays, PNG and GIF files, and contact sheets."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from vae_core.axes.table_layout import TableLayout
from vae_core.utils.arrays import UInt8


def pictures(x: NDArray[Any]) -> UInt8:
    """Model inputs or outputs, (N, C, H, W) uint8 or floats in [0, 1], or points (N, 2), as uint8 (N, H, W) or (N, H, W, 3)."""
    if x.ndim == 2 and x.shape[1] == 2:
        return _dots(x.astype(np.float32))
    if x.ndim != 4 or x.shape[1] not in (1, 3):
        raise ValueError(f"expected (N, 1 or 3, H, W) or (N, 2), not {x.shape}")
    if x.dtype != np.uint8:
        x = np.rint(np.nan_to_num(x).clip(0, 1) * 255).astype(np.uint8)
    return x[:, 0] if x.shape[1] == 1 else np.moveaxis(x, 1, -1)


def _dots(points: NDArray[np.float32], side: int = 64, reach: float = 3.0, radius: float = 3.0) -> UInt8:
    """An image (N, 64, 64) of each point: a white dot in the square [-reach, reach]^2, y upwards, clipped to its edge, with axes."""
    axes = np.zeros((side, side), np.float32)
    axes[side // 2 - 1 : side // 2 + 1] = axes[:, side // 2 - 1 : side // 2 + 1] = 56
    to_pixels = side / (2 * reach)
    column, row = (np.nan_to_num(points * (1, -1)).T * to_pixels + side / 2).clip(radius, side - radius)
    at = np.arange(side) + 0.5
    distance = np.hypot(at[None, None, :] - column[:, None, None], at[None, :, None] - row[:, None, None])
    return np.rint(np.maximum(axes, 255 * (radius + 0.5 - distance).clip(0, 1))).astype(np.uint8)


def bars(rows: NDArray[np.float32], layout: TableLayout, side: int = 64) -> UInt8:
    """An image (N, side, side) of each row of a table: a line for each of its first columns, as many as `side`.

    The line of a number is a bar from the middle, where the mean is, to the value, 3 standard deviations at the edge. The line of a
    category has a field for each of its values, as bright as the value is probable. Of a missing value nothing is drawn.
    """
    shown = min(len(layout.widths), side)
    edges = np.linspace(0, side, shown + 1).round().astype(int)
    out, at = np.zeros((len(rows), side, side), np.uint8), np.arange(side) + 0.5
    for part, top, bottom in zip(layout.parts, edges, edges[1:], strict=False):
        values, room = np.nan_to_num(rows[:, part]), (bottom - top) // 4  # dark above and below
        if values.shape[1] == 1:
            end = side / 2 + (values / 3).clip(-1, 1) * side / 2
            line = np.where((at - side / 2) * (at - end) <= 0, 200, 0)
        else:
            line = 200 * values.clip(0, 1)[:, (np.arange(side) * values.shape[1]) // side]
        out[:, top + room : bottom - room] = line[:, None].astype(np.uint8)
    return out


def word_lines(ids: NDArray[np.float32], vocabulary: int, side: int = 64) -> UInt8:
    """An image (N, side, side) of each sentence of token ids (N, T): a line for each token, whose place and width its id gives."""
    edges = np.linspace(0, side, ids.shape[1] + 1).round().astype(int)
    out, at = np.zeros((len(ids), side, side), np.uint8), np.arange(side) + 0.5
    for token, top, bottom in zip(ids.T, edges, edges[1:], strict=False):
        end = (token[:, None] / max(1, vocabulary - 1)).clip(0, 1) * side
        out[:, top + (bottom - top) // 4 : bottom] = np.where(at <= end, 200, 0)[:, None].astype(np.uint8)
    return out


def png(picture: UInt8) -> bytes:
    """An array (H, W) or (H, W, 3) as a PNG file."""
    out = BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return out.getvalue()


def gif(frames: Sequence[UInt8], ms: int = 80) -> bytes:
    """Arrays of one shape as a GIF that repeats endlessly, with `ms` milliseconds per frame (the format has steps of 10)."""
    first, *rest = [Image.fromarray(frame) for frame in frames]
    out = BytesIO()
    first.save(out, "GIF", save_all=True, append_images=rest, duration=max(20, round(ms, -1)), loop=0)
    return out.getvalue()


def sheet(pictures: UInt8, columns: int, gap: int = 1, background: int = 0) -> UInt8:
    """Pictures (N, H, W) or (N, H, W, 3) in rows, with `gap` pixels of grey level `background` between them."""
    count, height, width, *colour = pictures.shape
    rows = -(-count // columns)
    out = np.full((rows, height + gap, columns, width + gap, *colour), background, np.uint8)
    out.swapaxes(1, 2)[np.arange(count) // columns, np.arange(count) % columns, :height, :width] = pictures
    return out.reshape(rows * (height + gap), columns * (width + gap), *colour)[: -gap or None, : -gap or None]


def upscale(picture: UInt8, factor: int) -> UInt8:
    """Each pixel repeated factor x factor times (nearest-neighbour scaling)."""
    return picture.repeat(factor, 0).repeat(factor, 1)
