"""The look of each data set's images: the pictures of a person are prepared to look alike."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """The look of a data set's images; lengths are fractions of the image's side.

    `on_black`: light objects on black; otherwise pictures are not changed. `fill`: the longest side of the object, 0 where size and
    position are factors of the data and are kept. `stroke`: the usual stroke width, 0 for objects without strokes. `mass`: the position
    of the centre of mass, None where the bounding box is centred instead. `digit`: each image shows one digit, so that two objects side
    by side in a picture are two digits.
    """

    on_black: bool = False
    fill: float = 0.0
    stroke: float = 0.0
    mass: float | None = None
    digit: bool = False


STYLES: dict[str, Style] = {
    "digits": Style(on_black=True, fill=1.0, stroke=0.16, digit=True),
    "mnist": Style(on_black=True, fill=20 / 28, stroke=0.085, mass=14.5 / 28, digit=True),
    "fashion-mnist": Style(on_black=True, fill=1.0),
    "emnist": Style(on_black=True, fill=24 / 28, stroke=0.1),  # MNIST's writers, but 24 pixels large and not moved
    "kmnist": Style(on_black=True, fill=1.0, stroke=0.085),
    "shapes": Style(on_black=True),
}
