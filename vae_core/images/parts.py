"""The parts of the ink in a picture that may be an object: not specks, not the table beside the paper, not the texture of paper."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae_core.images.background import Floats

SMALLEST = (
    64  # pixels of the shorter side of a picture below which its parts are not judged by their place and contrast
)
VISIBLE = 0.08  # share of the full contrast above which pixels belong to a part
HAZE = 0.15  # share of the full contrast that is left of the texture of photographed paper
SPECK = 0.05  # of the ink of the largest part: less is a speck
TOUCHING = 0.3  # of the picture's shorter side: what covers more of the edge is no object
LARGE = 0.15  # of the ink of the largest part: with so much inside, nothing at the edge is the object
FRAME = 0.015  # of a photograph's shorter side: the edge is left out, where shadows and printed lines end
WEDGE = 0.2  # of a photograph's shorter side: a smaller part at the edge is the corner of a shadow
INVISIBLE = 0.15  # contrast below which a photograph shows only texture
CLEARER = 2.5  # an object has so many times the contrast of the texture around it
AROUND = 0.05  # of the picture: texture that is not weaker fills more


@dataclass(frozen=True)
class Parts:
    """Ink (H, W) in full contrast, 0 outside the parts; and the contrast it had, a share of ink."""

    ink: Floats
    contrast: float


def possible_parts(ink: Floats, photograph: bool) -> Parts | None:
    """The parts of ink (H, W) that may be an object, None where there are none."""
    if photograph:
        frame = round(FRAME * min(ink.shape))
        ink = ink[frame : ink.shape[0] - frame, frame : ink.shape[1] - frame]
    if not ink.any():
        return None
    parts = _scaled(ink, _contrast(ink), photograph)
    if not photograph or min(ink.shape) < SMALLEST or not parts.any():
        return Parts(parts, 1.0) if parts.any() else None
    own = _contrast(np.where(parts > 0, ink, 0))
    if own < 0.8 * _contrast(ink):  # something small had more contrast than the object
        parts = _scaled(np.where(parts > 0, ink, 0), own, photograph)
    return Parts(parts, own) if own > INVISIBLE and _stands_out(ink, parts, own / CLEARER) else None


def _contrast(ink: Floats) -> float:
    return float(np.percentile(ink[ink > ink.max() / 2], 90))


def _stands_out(ink: Floats, parts: Floats, least: float) -> bool:
    """Whether hardly any ink of at least such a contrast lies around the parts, apart from tables beside the paper."""
    from scipy import ndimage

    labels, count = ndimage.label((ink > least) & (parts == 0), np.ones((3, 3)))
    touching = _touching(labels, count)
    return bool(((labels > 0) & (touching <= TOUCHING * min(ink.shape))[labels]).mean() < AROUND)


def _touching(labels: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """For the background and each part, how many pixels of the edge it covers."""
    return np.bincount(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]), minlength=count + 1)


def _scaled(ink: Floats, contrast: float, photograph: bool) -> Floats:
    """The ink of all parts in full contrast."""
    from scipy import ndimage

    ink = (ink / contrast).clip(0, 1)
    if photograph:
        ink = ((ink - HAZE) / (1 - HAZE)).clip(0, 1)
    labels, count = ndimage.label(ink > VISIBLE, np.ones((3, 3)))
    weights = ndimage.sum_labels(ink, labels, np.arange(count + 1))
    weights[0] = 0
    weights = _away_from_edges(labels, weights, photograph)
    kept = (weights > 0) & (weights >= SPECK * weights.max())
    return np.where(kept[labels], ink, 0)


def _away_from_edges(labels: NDArray[np.int32], weights: NDArray[np.float64], photograph: bool) -> NDArray[np.float64]:
    """The ink of each part, 0 for those at the edge that are no object.

    Parts at the edge count only if they touch it briefly and no large part lies inside.
    """
    touching = _touching(labels, len(weights) - 1)
    short, inside = (np.where(touching <= most, weights, 0) for most in (TOUCHING * min(labels.shape), 0))
    weights = short if photograph or short.any() else weights
    if inside.max() >= LARGE * weights.max():
        return inside
    return np.where((touching == 0) | (not photograph) | _large(labels), weights, 0)


def _large(labels: NDArray[np.int32]) -> NDArray[np.bool_]:
    """For each part, 0 first, whether it is larger than the corner of a shadow."""
    from scipy import ndimage

    sides = [max(part.stop - part.start for part in box) for box in ndimage.find_objects(labels)]
    return np.array([0, *sides]) >= WEDGE * min(labels.shape)
