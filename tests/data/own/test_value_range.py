"""The range of pixel values is found and said; no pixel changes by more than half a level without a word."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from vae_core.data.own.value_range import ValueSurvey, recognise_range, to_bytes, to_unit
from vae_core.errors import UserError

RAMP = np.linspace(0, 1, 256).reshape(16, 4, 4)


def surveyed(x, rows=3):
    survey = ValueSurvey()
    for at in range(0, len(x), rows):
        survey.add(x[at : at + rows])
    return survey


def recognised(x):
    return recognise_range(surveyed(x), x.dtype)


@pytest.mark.parametrize(
    ("x", "low", "high", "plain", "said"),
    [
        (RAMP > 0.5, 0, 1, True, "Values 0 and 1, taken as black and white."),
        ((RAMP > 0.5).astype(np.uint8), 0, 1, False, "Values 0 and 1, taken as black and white."),
        ((RAMP > 0.5).astype(np.int64), 0, 1, False, "Values 0 and 1, taken as black and white."),
        ((RAMP > 0.5) * 1.0, 0, 1, True, "Values 0 and 1, taken as black and white."),
        ((RAMP > 0.5) * 255, 0, 255, False, "Values 0 and 255, taken as black and white."),
        (1 + (RAMP > 0.5), 1, 2, False, "Values 1 and 2, taken as black and white."),
        (RAMP, 0, 1, True, "Values 0 to 1, taken as 0 (black) to 1 (white)."),
        (RAMP.astype(np.float16), 0, 1, True, "Values 0 to 1, taken as 0 (black) to 1 (white)."),
        (
            RAMP * 1.0000001,
            0,
            1,
            False,
            "Values 0 to 1.0000001, taken as 0 (black) to 1 (white): the little that lies outside is cut.",
        ),
        (RAMP * 2 - 1, -1, 1, False, "Values -1 to 1, taken as -1 (black) to 1 (white)."),
        (np.rint(RAMP * 255).astype(np.uint8), 0, 255, True, "Values 0 to 255, taken as 0 (black) to 255 (white)."),
        (np.rint(RAMP * 255).astype(np.int32), 0, 255, False, "Values 0 to 255, taken as 0 (black) to 255 (white)."),
        (RAMP * 254.5, 0, 255, False, "Values 0 to 254.5, taken as 0 (black) to 255 (white)."),
        (np.rint(RAMP * 1000).astype(np.uint16), 0, 1023, False, "taken as 10 bits: 0 (black) to 1023 (white)."),
        (np.rint(RAMP * 4064).astype(np.uint16), 0, 4095, False, "taken as 12 bits: 0 (black) to 4095 (white)."),
        (np.rint(RAMP * 16000), 0, 16383, False, "taken as 14 bits: 0 (black) to 16383 (white)."),
        (np.rint(RAMP * 65535).astype(np.uint16), 0, 65535, False, "taken as 16 bits: 0 (black) to 65535 (white)."),
        (RAMP * 2040 - 1000, -1000, 1040, False, "stretched: the smallest becomes black, the largest white."),
        (np.rint(RAMP * 16).astype(np.uint8), 0, 16, False, "Values 0 to 16, stretched"),
        (RAMP * 0.02, 0, 0.02, False, "Values 0 to 0.02, stretched"),
        (RAMP * 3.2 - 0.42, -0.42, 2.78, False, "Values -0.42 to 2.78, stretched"),
    ],
)
def test_the_range_is_found_and_said(x, low, high, plain, said):
    found = recognised(x)
    assert (found.low, found.high) == pytest.approx((low, high)) and found.plain == plain
    assert said in found.sentence
    levels = to_bytes(x, found)
    assert levels.dtype == np.uint8 and levels.max() >= 243
    assert np.abs(to_unit(x, found) - levels / 255).max() <= 0.5 / 255 + 1e-6


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32])
def test_zeros_alone_are_black(dtype):
    assert to_bytes(np.zeros((3, 2, 2), dtype), recognised(np.zeros((3, 2, 2), dtype))).max() == 0


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (np.zeros((0, 2, 2)), "There are no pictures"),
        (np.full((3, 2, 2), -5.0), "All values are -5"),
        (np.array([[1e308, -1e308, 0]]), "too far apart"),
        (np.array([["a", "b"]]), "Values of type <U1 are no grey levels"),
        (np.ones((2, 2), complex), "Values of type complex128 are no grey levels"),
    ],
)
def test_what_is_no_range_is_refused(x, said):
    with pytest.raises(UserError, match=said):
        recognised(x)


def test_the_first_value_that_is_not_finite_is_named_whichever_piece_it_is_in():
    x = RAMP.copy()
    x[7, 1, 2] = np.nan
    x[8] = np.inf
    with pytest.raises(UserError, match=r"image 7 \(counted from 0\) holds nan at pixel \(1, 2\)"):
        recognised(x)


@given(
    x=arrays.arrays(
        st.sampled_from(["?", "u1", "u2", "i2", "i4", "i8", "f2", "f4", "f8"]),
        arrays.array_shapes(min_dims=2, max_dims=4),
    )
)
def test_no_pixel_changes_without_a_word(x):
    try:
        found = recognised(x)
    except UserError as error:
        assert str(error)
        return
    levels = to_bytes(x, found).astype(float)
    with np.errstate(all="ignore"):
        exact = (x.astype(float) - found.low) / (found.high - found.low) * 255
    assert np.abs(levels - exact.clip(0, 255)).max() <= 0.5 + 1e-6
    if found.plain:
        assert exact.min() >= 0 and exact.max() <= 255
        assert (found.low, found.high) in ((0, 1), (0, 255))
    else:
        assert found.sentence


@given(x=arrays.arrays("f4", (9, 2, 2), elements=st.floats(-2, 300, width=32)), rows=st.integers(1, 9))
def test_pieces_are_as_the_whole(x, rows):
    whole, pieces = surveyed(x, 9), surveyed(x, rows)
    assert (pieces.low, pieces.high, pieces.whole) == (whole.low, whole.high, whole.whole)
    assert len(pieces.distinct) == len(whole.distinct) == min(3, len(np.unique(x)))
