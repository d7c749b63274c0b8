"""Figures over the map, each packed once into a block of bytes: contours, heat, regions, the ellipse or class of every point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae_core.utils.arrays import UInt8
from vae_ui.stage.payload import Block, digest, pack

Extent = tuple[float, float, float, float]


class Figure(Block):
    """A packed figure."""


@dataclass(frozen=True)
class Offer:
    """A figure that the page offers on the map: the label of its switch, and what the switch shows."""

    name: str
    label: str
    hint: str


def contours(
    values: NDArray[np.floating],
    extent: Extent,
    levels: Sequence[float],
    names: Sequence[str],
    paint: str,
    inset: bool = False,
) -> Figure:
    """Lines where `values` (rows, columns), the top row first, cross `levels`, each with a name, in the colour of `paint`.

    `inset`: where they are too small to be read on the map, they are magnified in a corner, beside the ellipse of q(z|x).
    """
    told = {"levels": list(levels), "names": list(names), "paint": paint, "inset": inset}
    return _packed("contours", extent, {"values": _half(values)}, **told)


def heat(values: NDArray[np.floating], extent: Extent, most: float, level: float, paint: str) -> Figure:
    """`values` (rows, columns) from 0, which is clear, to `most` in the colour of `paint`, and a line at `level`."""
    return _packed("heat", extent, {"values": _half(values)}, most=most, levels=[level], names=[""], paint=paint)


def regions(classes: UInt8, probability: NDArray[np.floating], extent: Extent) -> Figure:
    """The class of each cell (rows, columns) in its colour, the stronger the larger its probability, with borders."""
    sure = np.rint(255 * probability).astype(np.uint8)
    return _packed("regions", extent, {"classes": classes.astype(np.uint8), "sure": sure})


def guesses(classes: UInt8, labelled: NDArray[np.bool_]) -> Figure:
    """The class that each point of the map (N,) takes instead of its own, and which ones were labelled by hand."""
    return _packed(
        "guesses", (0, 0, 0, 0), {"classes": classes.astype(np.uint8), "labelled": labelled.astype(np.uint8)}
    )


def ellipses(deviations: NDArray[np.floating], rho: NDArray[np.floating]) -> Figure:
    """The normal of every point of the map: standard deviations (N, 2) along both axes, and correlations (N,)."""
    return _packed("ellipses", (0, 0, 0, 0), {"values": _half(np.column_stack([deviations, rho]))}, paint="q")


def of_property(
    own: NDArray[np.floating],
    predicted: NDArray[np.floating] | None,
    extent: Extent,
    ends: tuple[float, float],
    title: str,
    colours: Sequence[str],
) -> Figure:
    """A property of every point of the map (N,), NaN where it is not known, and what is `predicted` for cells (rows, columns) below.

    Values from the first to the second of `ends` have `colours` from the first to the last; a legend says so, under the `title`.
    """
    low, high = ends
    ground = {} if predicted is None else {"predicted": _half(np.clip(predicted, low, high))}
    told = {"levels": [float(low), float(high)], "names": [title], "colours": list(colours)}
    return _packed("property", extent, {"own": np.asarray(own, np.float32), **ground}, **told)


def _half(values: NDArray[np.floating]) -> NDArray[np.uint16]:
    return np.asarray(values, np.float16).view(np.uint16)


def _packed(kind: str, extent: Extent, arrays: Mapping[str, NDArray], **header: object) -> Figure:
    told: dict[str, object] = {"kind": kind, "extent": [float(v) for v in extent], **header}
    told["hash"] = digest(told, arrays)
    return Figure(pack(told, arrays), str(told["hash"]))
