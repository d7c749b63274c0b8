"""Axes of pictures are recognised, or refused where they are in doubt; no pixel moves to another place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae_core.data.own.image_axes import channels_first, recognise_axes
from vae_core.errors import UserError


@pytest.mark.parametrize(
    ("shape", "wanted", "order", "found"),
    [
        ((50, 28, 20), None, "NHW", (1, 28, 20)),
        ((50, 3, 28, 20), None, "NCHW", (3, 28, 20)),
        ((50, 28, 20, 3), None, "NHWC", (3, 28, 20)),
        ((50, 28, 20, 4), None, "NHWC", (4, 28, 20)),
        ((50, 28, 20, 4), (3, 28, 20), "NHWC", (4, 28, 20)),
        ((50, 1, 4, 4), None, "NCHW", (1, 4, 4)),
        ((50, 784), None, "ND", (1, 28, 28)),
        ((50, 3072), None, "ND", (3, 32, 32)),
        ((50, 560), (1, 20, 28), "ND", (1, 20, 28)),
        ((50, 2), (2,), "ND", (2,)),
        ((32, 32, 3, 500), None, "HWCN", (3, 32, 32)),
        ((28, 28, 5000), (1, 28, 28), "HWN", (1, 28, 28)),
        ((50, 2, 28, 28), (2, 28, 28), "NCHW", (2, 28, 28)),
    ],
)
def test_axes_are_recognised(shape, wanted, order, found):
    axes = recognise_axes(shape, wanted)
    assert (axes.order, axes.shape) == (order, found)
    assert channels_first(np.zeros(shape, bool), axes).shape[1:] == found
    assert (axes.sentence is None) == (order in ("NHW", "NCHW") or (order == "ND" and wanted is not None))


@pytest.mark.parametrize(
    ("shape", "wanted", "said"),
    [
        ((40, 28, 20), (1, 20, 28), r"\(1, 20, 28\), these have \(28, 20\), with height and width exchanged"),
        ((40, 28, 20, 3), (3, 20, 28), r"these have \(28, 20, 3\), with height and width exchanged"),
        ((40, 28, 28), (3, 28, 28), r"\(3, 28, 28\), these have \(28, 28\): give image_size and in_channels"),
        ((40, 785), (1, 28, 28), r"these have \(785,\)"),
        ((40, 785), None, "785 numbers are no square pictures"),
        ((64, 64, 3), None, "in doubt"),
        ((28, 28, 5000), None, "in doubt"),
        ((40, 3, 28, 3), None, "in doubt"),
        ((40, 3, 3, 3), None, "in doubt"),
        ((40,), None, "in doubt"),
        ((40, 2, 1, 28, 28), None, "in doubt"),
        ((0, 28, 28), None, "There is no picture"),
        ((40, 0, 28), None, "without a pixel"),
    ],
)
def test_what_is_in_doubt_is_refused(shape, wanted, said):
    with pytest.raises(UserError, match=said):
        recognise_axes(shape, wanted)


@given(
    channels=st.sampled_from([1, 3, 4]),
    sides=st.tuples(st.integers(5, 40), st.integers(5, 40)),
    count=st.integers(1, 40),
    last=st.booleans(),
    told=st.booleans(),
)
def test_every_pixel_keeps_its_place(channels, sides, count, last, told):
    x = np.arange(count * channels * sides[0] * sides[1]).reshape(count, channels, *sides)
    given_order = np.moveaxis(x, 1, -1) if last else x
    try:
        axes = recognise_axes(given_order.shape, (channels, *sides) if told else None)
    except UserError:
        assert not told  # fewer than five pictures may be read in two ways
        return
    assert (channels_first(given_order, axes) == x).all()
