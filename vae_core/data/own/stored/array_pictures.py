"""Pictures that are stored as arrays: number, size and type are checked from the headers, then the numbers are read in pieces."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from vae_core.data.own.archives.files import named_in_errors
from vae_core.data.own.image_axes import ImageAxes, channels_first, recognise_axes
from vae_core.data.own.pictures.load_limits import refuse_count, refuse_memory, refuse_pixels, within_time_limit
from vae_core.data.own.pictures.raw_pictures import Shape
from vae_core.data.own.stored.stored_array import AnyArray, HeldArray, Numbers, StoredArray
from vae_core.data.own.value_range import NUMERIC, ValueRange, ValueSurvey, recognise_range, to_bytes
from vae_core.errors import UserError
from vae_core.images.colour_modes import flatten
from vae_core.images.reading import fitted
from vae_core.messages import Message
from vae_core.utils import limits
from vae_core.utils.arrays import Int64, UInt8

SAMPLE, SMOOTHER = 100, 0.8  # pictures by which the order of colours is found; how much smoother another order must be


@dataclass(frozen=True)
class ArrayPictures:
    """The pictures of one array, or of several one after the other; `rows` chooses some of them (None: all)."""

    place: str
    parts: tuple[AnyArray, ...]
    layout: ImageAxes
    rows: Int64 | None = None

    @property
    def count(self) -> int:
        """The number of pictures."""
        return sum(part.shape[0] for part in self.parts) if self.rows is None else len(self.rows)

    @property
    def sizes(self) -> Counter[tuple[int, int]]:
        """The one size that all of them have."""
        height, width = self.layout.shape[1:]
        return Counter({(width, height) if self.parts[0].turned else (height, width): self.count})

    @property
    def colour(self) -> bool:
        """Whether they have more than one channel."""
        return self.layout.shape[0] > 1

    @property
    def axes(self) -> Message | None:
        """How the axes of the array are read, where that is not the usual way."""
        if self.parts[0].turned:
            return Message("The pictures are stored with height and width exchanged, and are turned back.")
        return self.layout.sentence

    def find_range(self) -> ValueRange:
        """The levels of black and white; raises UserError naming the first picture with a value that is no finite number."""
        survey = ValueSurvey()
        for piece in self._pieces():
            survey.add(piece)
        if survey.non_finite:
            (number, *_), value = survey.non_finite
            raise UserError(
                "{name} has a pixel that is {value}, in picture {number} (the first is 0): give such pixels a number, for "
                "instance with numpy.nan_to_num, or leave the picture out.",
                name=self.place,
                value=value,
                number=number,
            )
        with named_in_errors(self.place):
            return recognise_range(survey, self.parts[0].dtype)

    def blocks(self, values: ValueRange, shape: Shape) -> Iterator[UInt8]:
        """All pictures as blocks (n, C, H, W) of this shape."""
        for piece in self._pieces():
            x = to_bytes(channels_first(piece, self.layout), values)
            yield _of_shape(x.swapaxes(2, 3) if self.parts[0].turned else x, shape)

    def _pieces(self) -> Iterator[Numbers]:
        start = 0
        pieces = (piece for part in self.parts for piece in part.pieces())
        for piece in within_time_limit(pieces, self.place):
            if self.rows is None:
                yield piece
                continue
            chosen = (
                self.rows[np.searchsorted(self.rows, start) : np.searchsorted(self.rows, start + len(piece))] - start
            )
            start += len(piece)
            if len(chosen):
                yield piece[chosen]


def array_pictures(
    parts: Sequence[AnyArray], place: str, rows: Int64 | None = None, number_last: bool = False
) -> ArrayPictures:
    """Pictures from arrays of one shape and type; raises UserError for what cannot be used, as known from the headers.

    `number_last`: the last axis counts the pictures, as in Matlab. `rows` are the only pictures that are read.
    """
    alike = len({part.shape[1:] for part in parts}) == 1 and parts[0].shape
    layout = _layout(
        (sum(part.shape[0] for part in parts), *parts[0].shape[1:]) if alike else parts[0].shape, place, number_last
    )
    if layout.order.endswith("N"):
        turned = [_number_first(part, layout, place) for part in parts]
        parts, layout = [part for part, _ in turned], turned[0][1]
    _refuse_unlike(parts, place)
    pictures = ArrayPictures(place, tuple(parts), layout, rows)
    _refuse(pictures)
    return _interleaved(pictures) if layout.order == "ND" and layout.shape[0] == 3 else pictures


def _interleaved(pictures: ArrayPictures) -> ArrayPictures:
    """Rows in colour whose three colours of a pixel stand together, where that makes the first pictures smoother; else as they are."""
    channels, height, width = pictures.layout.shape
    some = next(iter(pictures.parts[0].pieces()))[:SAMPLE].astype(np.float64)
    planes, pixels = some.reshape(-1, channels, height, width), some.reshape(-1, height, width, channels)
    if np.abs(np.diff(pixels, axis=2)).mean() >= SMOOTHER * np.abs(np.diff(planes, axis=3)).mean():
        return pictures
    parts = tuple(part.of_shape((part.shape[0], height, width, channels)) for part in pictures.parts)
    said = Message(
        "Rows of {pixels:,} numbers, taken as pictures of {height} x {width} pixels, each with its three colours together.",
        pixels=channels * height * width,
        height=height,
        width=width,
    )
    return replace(pictures, parts=parts, layout=ImageAxes("NHWC", pictures.layout.shape, said))


def _refuse_unlike(parts: Sequence[AnyArray], place: str) -> None:
    first = parts[0]
    for part in parts:
        if part.dtype.kind not in NUMERIC:
            raise UserError(
                "{name} has images of type {dtype} with values that are not grey levels: give numbers.",
                name=place,
                dtype=part.dtype,
            )
        if (part.shape[1:], part.dtype) != (first.shape[1:], first.dtype):
            raise UserError(
                "{name} has pictures of unlike shapes or types, {first} {shape} {dtype} and {other} {other_shape} "
                "{other_dtype}: make them alike.",
                name=place,
                first=first.name,
                shape=first.shape,
                dtype=first.dtype,
                other=part.name,
                other_shape=part.shape,
                other_dtype=part.dtype,
            )


def _layout(shape: Shape, place: str, number_last: bool) -> ImageAxes:
    if shape[:1] == (0,):
        refuse_count(0, place)
    if 0 in shape:
        raise UserError(
            "{name} has images without a pixel, of shape {shape}: give (N, H, W) with H and W above 0.",
            name=place,
            shape=shape,
        )
    try:
        if not number_last:
            return recognise_axes(shape)
        layout = recognise_axes((shape[-1], *shape[:-1]))
        return replace(layout, order=f"{layout.order[1:]}N")
    except UserError as error:
        raise UserError(
            "{name} has images of shape {shape}: {problem}", name=place, shape=shape, problem=error.message
        ) from None


def _number_first(part: AnyArray, layout: ImageAxes, place: str) -> tuple[AnyArray, ImageAxes]:
    """An array (H, W, N) or (H, W, C, N) with its number first; raises UserError where it is too large to be held in memory."""
    channels, height, width = layout.shape
    if isinstance(part, StoredArray) and part.fortran_order:
        order = "NHW" if layout.order == "HWN" else "NCHW"
        return part.number_first(), replace(layout, order=order, shape=(channels, width, height))
    _refuse_whole(part, place)
    return HeldArray(part.name, np.moveaxis(part.whole(), -1, 0)), replace(layout, order=f"N{layout.order[:-1]}")


def _refuse(pictures: ArrayPictures) -> None:
    """Raise UserError where number or size of the pictures, known from the header, cannot be used."""
    place, part = pictures.place, pictures.parts[0]
    refuse_count(pictures.count, place)
    refuse_memory(pictures.count, (1, 1, 1), place)
    one = math.prod(part.shape[1:])
    refuse_pixels(pictures.count * one, place)
    if one * (part.dtype.itemsize + 16) > limits.PICTURE_BYTES:
        raise UserError(
            "{name} has images of shape {shape}, too large to be resized here: make them smaller.",
            name=place,
            shape=part.shape[1:],
        )
    for each in pictures.parts:
        if each.fortran_order:
            _refuse_whole(each, place)


def _refuse_whole(part: AnyArray, place: str) -> None:
    if part.nbytes > limits.PICTURE_BYTES // 2:
        raise UserError(
            "{name} keeps its images in Fortran order, which has to be read whole, and {bytes:,} MB is too much: "
            "save numpy.ascontiguousarray(images).",
            name=place,
            bytes=part.nbytes // limits.MIB,
        )


def _of_shape(x: UInt8, shape: Shape) -> UInt8:
    """Pictures (n, C, H, W) as (n, *shape); transparent parts are filled, and colours become grey, where the shape asks for that."""
    if x.shape[1:] == shape:
        return x
    if x.shape[1:] == (1, *shape[1:]):
        return np.broadcast_to(x, (len(x), *shape))
    return np.stack([fitted(flatten(_image(picture)), shape) for picture in x])


def _image(picture: UInt8) -> Image.Image:
    return Image.fromarray(picture[0] if len(picture) == 1 else np.ascontiguousarray(np.moveaxis(picture, 0, -1)))
