"""The range of a person's pixel values, found from all of them: which value is black, which is white, and a sentence that says so."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils.arrays import Float32, UInt8
from vae_core.utils.finite_checks import place_of_non_finite

Numbers = NDArray[Any]

NUMERIC = "biuf"  # kinds of numpy types whose values can be grey levels
BITS = (10, 12, 14, 16)  # of cameras and scanners; 8 bits are 0 to 255
SLACK = 1e-3  # of white: values outside a known range by so little are errors of rounding, and are cut
CLEAR = Message("The fourth channel is taken as transparency, and filled with white.")
DARK = 1 / 8  # of white: where all pictures together stay below it, the range must be another, such as 0 to 16


def refuse_no_numbers(x: Numbers) -> None:
    """Raise UserError for an array of a type that holds no real numbers."""
    if x.dtype.kind not in NUMERIC:
        raise UserError("Values of type {dtype} are no grey levels: give numbers.", dtype=x.dtype)


@dataclass
class ValueSurvey:
    """What is known of the values of an array (N, ...) that is read piece by piece along its first axis."""

    low: float = float("inf")
    high: float = float("-inf")
    whole: bool = True  # all values are whole numbers
    distinct: tuple[float, ...] = ()  # the first values that differ, at most 3
    non_finite: tuple[tuple[int, ...], float] | None = None  # the first NaN or infinity: its index, and which of them
    rows: int = 0

    def add(self, piece: Numbers) -> None:
        """Take the next rows into account; raises UserError for a type that holds no numbers.

        After the first value that is not finite, only the rows are counted.
        """
        refuse_no_numbers(piece)
        if self.non_finite is None and piece.size:
            self._look(piece)
        self.rows += len(piece)

    def _look(self, piece: Numbers) -> None:
        if piece.dtype.kind == "f":
            if (bad := ~np.isfinite(piece)).any():
                row, *place = where = np.unravel_index(int(bad.argmax()), piece.shape)
                self.non_finite = (self.rows + int(row), *map(int, place)), float(piece[where])
                return
            self.whole = self.whole and bool((np.floor(piece) == piece).all())
        self.low, self.high = min(self.low, float(piece.min())), max(self.high, float(piece.max()))
        while len(self.distinct) < 3 and (new := _other_than(self.distinct, piece)).any():
            self.distinct += (float(piece[np.unravel_index(int(new.argmax()), piece.shape)]),)


def _other_than(known: tuple[float, ...], piece: Numbers) -> NDArray[np.bool_]:
    """Where values differ from those known; in the piece's own type, which takes less memory, if that can hold them all."""
    new = np.ones(piece.shape, bool)
    for value in known:
        new &= piece != (value if piece.dtype.itemsize == 8 else piece.dtype.type(value))
    return new


@dataclass(frozen=True)
class ValueRange:
    """`low` is black and `high` is white; `plain` where the `sentence` need not be said, since nobody would read it otherwise.

    `stretched` where the range is no known one, only that of the values themselves.
    """

    low: float
    high: float
    sentence: Message
    plain: bool = False
    stretched: bool = False


def recognise_range(survey: ValueSurvey, dtype: np.dtype[Any]) -> ValueRange:
    """The range that a person means by the values of the survey, of this type.

    Known are black and white (bool, 0 and 1, or any two values), 0 to 1, -1 to 1, 0 to 255, and whole numbers of 10, 12, 14 or 16 bits;
    anything else is stretched from its smallest to its largest value. Raises UserError for NaN and infinity, naming the
    place, for no values at all, and where all values are one number that could be any grey level.
    """
    refuse_unusable(survey)
    return _two_values(survey, dtype) or _known(survey, dtype) or _bits(survey) or _stretched(survey)


def refuse_unusable(survey: ValueSurvey) -> None:
    """Raise UserError for NaN and infinity, naming the place, and for no values at all."""
    if survey.non_finite:
        raise UserError(
            "These data cannot be used: {problem}. Leave it out or correct it.",
            problem=place_of_non_finite(Message("image"), *survey.non_finite),
        )
    if not survey.distinct:
        raise UserError("There are no pictures: the array is empty.")


def _two_values(survey: ValueSurvey, dtype: np.dtype[Any]) -> ValueRange | None:
    """Black and white: 0 and 1 of any type (or one of them alone), or two other values that no known range explains."""
    low, high = survey.low, survey.high
    if {low, high} <= {0, 1} and survey.whole:
        said = Message("Values 0 and 1, taken as black and white.")
        return ValueRange(0, 1, said, plain=dtype.kind in "bf" or high == 0)
    if len(survey.distinct) != 2 or _is_bytes(survey, dtype) or (low >= 0 and high <= 1):
        return None
    return ValueRange(
        low, high, Message("Values {low:.8g} and {high:.8g}, taken as black and white.", low=low, high=high)
    )


def _is_bytes(survey: ValueSurvey, dtype: np.dtype[Any]) -> bool:
    """Whether the values use enough of the range 0 to 255 of their type to be ordinary grey levels."""
    return dtype == np.uint8 and survey.high >= DARK * 255


def _known(survey: ValueSurvey, dtype: np.dtype[Any]) -> ValueRange | None:
    """0 to 1, -1 to 1 or 0 to 255; values outside by at most SLACK of white are cut."""
    for low, high, least in ((0, 1, DARK), (-1, 1, -1.0 - SLACK), (0, 255, DARK * 255)):
        fits = low - SLACK * high <= survey.low and least <= survey.high <= high + SLACK * high
        if fits and (low == 0 or survey.low < -0.5):
            found = {"min": survey.low, "max": survey.high, "low": low, "high": high}
            if survey.low < low or survey.high > high:
                said = Message(
                    "Values {min:.8g} to {max:.8g}, taken as {low} (black) to {high} (white): the little that lies outside is cut.",
                    **found,
                )
                return ValueRange(low, high, said)
            said = Message("Values {min:.8g} to {max:.8g}, taken as {low} (black) to {high} (white).", **found)
            return ValueRange(low, high, said, plain=(low, high) == (0, 1) or _is_bytes(survey, dtype))
    return None


def _bits(survey: ValueSurvey) -> ValueRange | None:
    if not survey.whole or survey.low < 0 or not 255 < survey.high < 2 ** BITS[-1]:
        return None
    bits = next(bits for bits in BITS if survey.high < 2**bits)
    white = 2**bits - 1
    said = Message(
        "Values {min:.8g} to {max:.8g}, taken as {bits} bits: 0 (black) to {white} (white).",
        min=survey.low,
        max=survey.high,
        bits=bits,
        white=white,
    )
    return ValueRange(0, white, said)


def _stretched(survey: ValueSurvey) -> ValueRange:
    low, high = survey.low, survey.high
    if low == high:
        raise UserError("All values are {value:g}: there is nothing to be seen in these pictures.", value=low)
    if not np.isfinite(high - low):
        raise UserError("Values from {low:g} to {high:g} are too far apart to be grey levels.", low=low, high=high)
    said = Message(
        "Values {low:.8g} to {high:.8g}, stretched: the smallest becomes black, the largest white.", low=low, high=high
    )
    return ValueRange(low, high, said, stretched=True)


def to_bytes(x: Numbers, values: ValueRange) -> UInt8:
    """x as grey levels: `low` becomes 0 and `high` 255, rounded to the nearest level; what lies outside is cut."""
    if x.dtype == np.uint8 and (values.low, values.high) == (0, 255):
        return x
    return np.rint(255 * _scaled(x, values)).astype(np.uint8)


def to_unit(x: Numbers, values: ValueRange) -> Float32:
    """x as float32 in [0, 1]: `low` becomes 0 and `high` 1; what lies outside is cut."""
    if x.dtype == np.float32 and (values.low, values.high) == (0, 1):
        return np.clip(x, 0, 1)
    return _scaled(x, values).astype(np.float32)


def to_model(x: Numbers, values: ValueRange | None, channels: int) -> Numbers:
    """Pictures (N, C, H, W) as a model takes them: whole numbers as bytes, floats as float32 from 0 to 1, or as they are for None.

    Where there are four channels and not so many are wanted, the fourth is transparency, and is filled with white.
    """
    floats = x.dtype.kind == "f"
    white = 1.0 if floats else 255
    scaled = x.astype(np.float32) if values is None else to_unit(x, values) if floats else to_bytes(x, values)
    if scaled.shape[1] == channels:
        return scaled
    colours, opacity = scaled[:, :3], scaled[:, 3:] / white
    filled = white - opacity * (white - colours)
    return filled if floats else np.rint(filled).astype(np.uint8)


def _scaled(x: Numbers, values: ValueRange) -> NDArray[np.float64]:
    scaled = (x.astype(np.float64) - values.low) / (values.high - values.low)
    return np.clip(scaled, 0, 1, out=scaled)
