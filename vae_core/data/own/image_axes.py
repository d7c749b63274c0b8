"""Which axis of an array of pictures is which: number, channels, height and width, or a refusal where it is in doubt."""

from dataclasses import dataclass
from math import isqrt, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError
from vae_core.messages import Message

CHANNELS = (1, 3, 4)  # grey, colour, colour with transparency
LAYOUTS = {3: ("NHW", "HWN"), 4: ("NCHW", "NHWC", "HWCN")}  # by the number of axes; the usual one first
Shape = tuple[int, ...]


@dataclass(frozen=True)
class ImageAxes:
    """The axes of an array in `order`: NHW, NCHW, NHWC, or HWN and HWCN as Matlab has them, or ND for rows of all pixels.

    `shape` is (C, H, W) of one picture; `sentence` says how the array is read, where that is not the usual NHW or NCHW.
    """

    order: str
    shape: Shape
    sentence: Message | None = None


def recognise_axes(shape: Shape, wanted: Shape | None = None) -> ImageAxes:
    """The axes of an array of this shape, whose pictures should have the shape `wanted` (C, H, W) if it is given.

    Four channels are also taken where three are wanted: colour with transparency. Raises UserError for a shape that
    cannot be pictures, that is not the wanted one, or that can be read in two ways.
    """
    if 0 in shape:
        raise UserError("There is no picture, or one without a pixel: the shape is {shape}.", shape=shape)
    if len(shape) == 2:
        return _rows(shape, wanted)
    readings = [_reading(shape, order) for order in LAYOUTS.get(len(shape), ())]
    fitting = [axes for axes in readings if _fits(axes, wanted)] if wanted else _likely(readings)
    if wanted and not fitting:
        raise _not_wanted(shape, wanted)
    if not fitting or (not wanted and len(fitting) > 1):
        raise _in_doubt(shape)
    return fitting[0]


def channels_first(x: NDArray[Any], axes: ImageAxes) -> NDArray[Any]:
    """The array as (N, C, H, W), a view where that is possible."""
    if axes.order == "ND":
        return x.reshape(len(x), *axes.shape)
    there = [axes.order.index(axis) for axis in "NCHW" if axis in axes.order]
    x = x.transpose(there)
    return x if "C" in axes.order else np.expand_dims(x, 1)


def _reading(shape: Shape, order: str) -> ImageAxes:
    sizes = {"C": 1, **dict(zip(order, shape, strict=True))}
    usual = order == LAYOUTS[len(shape)][0]
    said = Message("Shape {shape}, taken as {order}.", shape=shape, order=f"({', '.join(order)})")
    return ImageAxes(order, tuple(sizes[axis] for axis in "CHW"), None if usual else said)


def _fits(axes: ImageAxes, wanted: Shape) -> bool:
    return axes.shape == wanted or (axes.shape[0] == 4 and wanted[0] == 3 and axes.shape[1:] == wanted[1:])


def _likely(readings: list[ImageAxes]) -> list[ImageAxes]:
    """The readings with a usual number of channels; of several, the one whose shorter side is longest, if that is above 3."""
    if [axes.order for axes in readings] == ["NHW", "HWN"]:
        return readings if _is_another_thing(*readings) else readings[:1]
    found = [axes for axes in readings if axes.shape[0] in CHANNELS]
    if len(found) < 2:
        return found
    largest = max(min(axes.shape[1:]) for axes in found)
    best = [axes for axes in found if min(axes.shape[1:]) == largest]
    return best if largest > 3 else []


def _is_another_thing(usual: ImageAxes, last: ImageAxes) -> bool:
    """Whether (N, H, W) is more probably one picture in colour, (H, W, C), or square pictures with their number last."""
    _, height, width = usual.shape
    one_picture = width in CHANNELS and min(last.shape[1:]) > max(CHANNELS)
    squares = last.shape[1] == last.shape[2] and width > 8 * height
    return one_picture or squares


def _rows(shape: Shape, wanted: Shape | None) -> ImageAxes:
    pixels = shape[1]
    if wanted:
        if prod(wanted) != pixels:
            raise _not_wanted(shape, wanted)
        return ImageAxes("ND", wanted, _planes(pixels, wanted) if len(wanted) == 3 and wanted[0] > 1 else None)
    for channels in (1, 3):
        side = isqrt(pixels // channels)
        if channels * side**2 == pixels:
            square = (channels, side, side)
            return ImageAxes("ND", square, _planes(pixels, square))
    raise UserError(
        "Rows of {pixels:,} numbers are no square pictures: give the pictures as (N, H, W) or (N, C, H, W).",
        pixels=pixels,
    )


def _planes(pixels: int, shape: Shape) -> Message:
    channels, height, width = shape
    if channels == 1:
        return Message(
            "Rows of {pixels:,} numbers, taken as pictures of {height} x {width} pixels.",
            pixels=pixels,
            height=height,
            width=width,
        )
    return Message(
        "Rows of {pixels:,} numbers, taken as {channels} channels of {height} x {width} pixels, one after the other.",
        pixels=pixels,
        channels=channels,
        height=height,
        width=width,
    )


def _not_wanted(shape: Shape, wanted: Shape) -> UserError:
    if len(wanted) == 3 and len(shape) in LAYOUTS and shape != wanted and wanted[1] != wanted[2]:
        turned = (wanted[0], wanted[2], wanted[1])
        if any(_reading(shape, order).shape == turned for order in LAYOUTS[len(shape)]):
            return UserError(
                "The model takes images of shape {wanted}, these have {given}, with height and width exchanged: turn them, or "
                "give image_size=({height}, {width}).",
                wanted=wanted,
                given=shape[1:],
                height=wanted[2],
                width=wanted[1],
            )
    return UserError(
        "The model takes images of shape {wanted}, these have {given}: give image_size and in_channels to fit.",
        wanted=wanted,
        given=shape[1:],
    )


def _in_doubt(shape: Shape) -> UserError:
    return UserError(
        "It is in doubt which axis is which in an array of shape {shape}: give (N, H, W), (N, C, H, W) or (N, H, W, C) with "
        "1, 3 or 4 channels.",
        shape=shape,
    )
