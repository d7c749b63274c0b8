"""The object among all the ink of a picture: its parts are found, and a word says what is wrong."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vae_core.images.background import Floats
from vae_core.images.parts import SMALLEST, Parts, possible_parts
from vae_core.messages import Message

NO_INK = Message("I see no ink: write larger or darker, or take the photo from nearer and in more light.")
TWO = Message("I see two digits: only the larger one goes in. Crop the picture to the digit that you mean.")
OTHERS = Message("I see more than one object: only the largest one goes in. Crop the picture to the one that you mean.")
CUT = Message("The digit touches the edge of the picture, so a part may be missing: leave some paper all around it.")
WIDE = Message("This is wider than a digit: if two digits touch, crop the picture to one of them.")
FAINT = Message("The ink is hardly visible, so the digit may be wrong: write darker, or take the photo in more light.")

TINY = 0.06  # of the picture's shorter side: a smaller object is dirt, a larger one is ink
WEAK = 0.22  # contrast of ink that is hardly visible in a photograph
JOINED = 0.06  # gaps in a stroke, in shares of the digit's longer side
NEAR = 0.3  # distance of a digit's own part, such as the bar of a five, in shares of the digit's longer side
LIKE = 0.6  # height of another digit in shares of the digit's
SOME, MUCH = 0.1, 0.25  # ink of another digit, and of anything else, in shares of the digit's
STRONG = 0.4  # ink at the edge that is no remainder of a printed line
BROAD = 1.6  # width of more than one digit in shares of its height


@dataclass(frozen=True)
class Found:
    """Ink (H, W) of the object alone in full contrast, and what is wrong with it, None if all is well."""

    ink: Floats
    problem: Message | None = None


@dataclass(frozen=True)
class Group:
    """Parts that belong together: their number, their ink, and their box."""

    number: int
    ink: float
    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def side(self) -> int:
        return max(self.height, self.width)

    def gap(self, other: "Group") -> float:
        """Pixels between the two boxes, 0 where they overlap."""
        down = max(self.top, other.top) - min(self.bottom, other.bottom)
        across = max(self.left, other.left) - min(self.right, other.right)
        return float(np.hypot(max(0, down), max(0, across)))

    def beside(self, other: "Group") -> bool:
        """Whether the boxes stand side by side."""
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        apart = abs(self.left + self.right - other.left - other.right)
        return shared > 0.5 * min(self.height, other.height) and apart > 0.5 * (self.width + other.width)


def find_object(ink: Floats, digit: bool, photograph: bool) -> Found:
    """The object in the ink (H, W) of a picture, or a word that there is none; `digit`: the object is one digit."""
    parts = possible_parts(ink, photograph)
    if parts is None:
        return Found(np.zeros_like(ink), NO_INK)
    return Found(parts.ink) if min(ink.shape) < SMALLEST else _checked(parts, digit, photograph)


def _checked(parts: Parts, digit: bool, photograph: bool) -> Found:
    """The object among the groups of parts, and the word on what is wrong."""
    ink = parts.ink
    labels, groups = _groups(ink)
    largest = groups[0]
    if largest.side < TINY * min(ink.shape):
        return Found(np.zeros_like(ink), NO_INK)
    if not digit:
        return Found(ink)
    own = [group for group in groups if group is largest or _belongs(group, largest)]
    ink = np.where(np.isin(labels, [group.number for group in own]), ink, 0)
    apart = [group for group in groups if group not in own]
    digits = sum(group.height > LIKE * largest.height and group.ink > SOME * largest.ink for group in apart)
    others = sum(group.ink > MUCH * largest.ink for group in apart)
    return Found(ink, _word(ink, largest, others, digits, parts.contrast, photograph))


def _groups(ink: Floats) -> tuple[NDArray[np.int32], list[Group]]:
    """The number of each pixel's group, and the groups, the one with the most ink first; gaps in strokes do not separate groups."""
    from scipy import ndimage

    parts, _ = ndimage.label(ink > 0, np.ones((3, 3)))
    side = max(
        max(rows.stop - rows.start, columns.stop - columns.start) for rows, columns in ndimage.find_objects(parts)
    )
    near = ndimage.distance_transform_edt(ink == 0) <= JOINED * side / 2
    labels, count = ndimage.label(near, np.ones((3, 3)))
    labels = np.where(ink > 0, labels, 0)
    weights = ndimage.sum_labels(ink, labels, np.arange(1, count + 1))
    boxes = ndimage.find_objects(labels, count)
    groups = [
        Group(i + 1, float(weights[i]), box[0].start, box[0].stop, box[1].start, box[1].stop)
        for i, box in enumerate(boxes)
        if box is not None
    ]
    return labels, sorted(groups, key=lambda group: -group.ink)


def _belongs(group: Group, largest: Group) -> bool:
    """Whether a group is a part of the digit whose largest part is given."""
    near = group.gap(largest) <= NEAR * largest.side
    return near and not (group.height > LIKE * largest.height and group.beside(largest))


def _word(ink: Floats, largest: Group, others: int, digits: int, contrast: float, photograph: bool) -> Message | None:
    if digits == 1:
        return TWO
    if digits > 1:
        return Message(
            "I see {count} digits: only the largest one goes in. Crop the picture to the digit that you mean.",
            count=digits + 1,
        )
    if others:
        return OTHERS
    if photograph and any((side > STRONG).any() for side in (ink[0], ink[-1], ink[:, 0], ink[:, -1])):
        return CUT
    if largest.width > BROAD * largest.height:
        return WIDE
    return FAINT if photograph and contrast < WEAK else None
