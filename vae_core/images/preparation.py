"""Preparation of a person's picture as a model's input: grey, invert, crop, centre, resize; each step can be shown and switched off.

A model expects images like those of its training set. MNIST's digits are white on black, 20 pixels large, with their centre of mass in
the middle of 28 x 28 pixels (LeCun et al. 1998), so a photograph of a digit on paper must be converted to such an image first.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps

from vae_core.images.background import has_one_background, ink_cover, light_background, object_on_black
from vae_core.images.fitting import FAINT, centred, cropped
from vae_core.images.objects import NO_INK, find_object
from vae_core.images.printed_lines import without_printed_lines
from vae_core.images.styles import STYLES, Style
from vae_core.messages import Message
from vae_core.utils.arrays import UInt8


@dataclass(frozen=True)
class Preparation:
    """Which steps to apply; None: decided from the picture and the data set."""

    grey: bool | None = None
    invert: bool | None = None
    crop: bool | None = None
    centre: bool | None = None


@dataclass(frozen=True)
class PreparationStep:
    """The picture after one step, uint8 (H, W) or (H, W, 3); `done` is False where the step was skipped."""

    name: str
    title: Message
    picture: UInt8
    done: bool = True


class Prepared(NamedTuple):
    """A model's input uint8 (C, H, W), the picture after each step, and what is wrong with the picture, None if all is well."""

    x: UInt8
    steps: list[PreparationStep]
    problem: Message | None

    @property
    def blank(self) -> bool:
        """Whether there is nothing that could go in."""
        return self.problem == NO_INK


def prepare(
    image: Image.Image, shape: tuple[int, ...], steps: Preparation | None = None, dataset: str = "mnist"
) -> Prepared:
    """The picture (mode L or RGB) as a model's input, and the picture after each of the five steps.

    By default it becomes grey for models with one channel. For a data set of light objects on black it is inverted if the background
    is lighter than the object, paper and shadows are removed, and it is cropped and centred like that data set's images; a picture of
    the model's size with a dark background is not changed. For other data sets the middle square is resized, as for training.
    """
    (channels, height, width), steps, style = shape, steps or Preparation(), STYLES.get(dataset, Style())
    grey = _choose(steps.grey, channels == 1)
    colours = np.asarray(image)
    picture = np.asarray(image.convert("L" if grey else "RGB"))
    light = light_background(colours, style.stroke > 0)
    automatic = style.on_black and (light or image.size != (width, height))
    steps_taken = [PreparationStep("grey", Message("Grey") if grey else Message("Colours kept"), picture, grey)]

    invert, problem = _choose(steps.invert, style.on_black and light), None
    picture = 255 - picture if invert else picture
    if automatic and grey and invert == light:
        picture, problem = _found(255 - colours if invert else colours, picture, style)
    steps_taken.append(
        PreparationStep(
            "invert", Message("Inverted: light on dark") if invert else Message("Not inverted"), picture, invert
        )
    )

    crop = _choose(steps.crop, automatic and style.fill > 0)
    picture = cropped(picture, style) if crop else picture
    steps_taken.append(
        PreparationStep("crop", Message("Cropped to what is drawn") if crop else Message("Not cropped"), picture, crop)
    )

    centre = _choose(steps.centre, automatic and style.mass is not None)
    picture = centred(picture, style.mass or 0.5) if centre else picture
    steps_taken.append(
        PreparationStep(
            "centre", Message("Centre of mass in the middle") if centre else Message("Not moved"), picture, centre
        )
    )

    small = ImageOps.fit(Image.fromarray(picture), (width, height), Image.Resampling.BICUBIC)
    final = np.asarray(small.convert("L" if channels == 1 else "RGB"))
    if automatic and style.stroke and final.max() >= FAINT:
        final = np.rint(final * (255 / final.max())).astype(np.uint8)
    steps_taken.append(
        PreparationStep("resize", Message("Resized to {width} x {height}", width=width, height=height), final)
    )
    problem = NO_INK if style.stroke and not final.any() else problem
    return Prepared(np.ascontiguousarray(np.moveaxis(np.atleast_3d(final), -1, 0)), steps_taken, problem)


def _found(colours: UInt8, grey: UInt8, style: Style) -> tuple[UInt8, Message | None]:
    """The object of a picture of light on dark, on black (H, W), and what is wrong with it."""
    if not style.stroke:
        return object_on_black(grey), None
    drawn = has_one_background(colours)
    found = find_object(without_printed_lines(ink_cover(colours, drawn, style.stroke)), style.digit, not drawn)
    return np.rint(255 * found.ink).astype(np.uint8), found.problem


def _choose(choice: bool | None, automatic: bool) -> bool:
    return automatic if choice is None else choice
