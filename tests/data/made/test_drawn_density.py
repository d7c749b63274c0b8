"""A drawn density survives its text, and points fall where it was drawn, in its proportions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.made.drawn_density import CELLS, SIDE, decode, encode, packed, sample, unpacked
from vae_core.errors import UserError

RING = np.hypot(*(np.indices((SIDE, SIDE)) + 0.5 - SIDE / 2))
RING = ((RING > 7) & (RING < 12)).astype(np.uint8)


@given(st.binary(min_size=CELLS, max_size=CELLS))
def test_a_drawing_survives_its_text(raw):
    levels = np.frombuffer(raw, np.uint8).reshape(SIDE, SIDE) % 4
    levels[0, 0] = 1
    assert np.array_equal(decode(encode(levels)), levels) and len(encode(levels)) <= 400
    assert np.array_equal(unpacked(packed(levels)), levels)


@given(st.text(max_size=1000))
def test_any_text_is_a_drawing_or_a_sentence(text):
    try:
        assert decode(text).any()
    except UserError as error:
        assert "draw" in error.message


def test_a_text_that_unpacks_to_more_than_a_drawing_is_refused():
    import base64
    import zlib

    bomb = base64.urlsafe_b64encode(zlib.compress(bytes(100_000), 9)).decode().rstrip("=")
    with pytest.raises(UserError, match="cannot be read"):
        decode(bomb)


def test_points_fall_into_the_drawn_cells_in_their_proportions():
    levels = np.zeros((SIDE, SIDE), np.uint8)
    levels[0, 0], levels[SIDE - 1, SIDE - 1] = 1, 3  # top left; bottom right, three times as many
    points = sample(levels, 4000, np.random.default_rng(0))
    top_left = (points[:, 0] < 1 / SIDE) & (points[:, 1] > 1 - 1 / SIDE)
    bottom_right = (points[:, 0] > 1 - 1 / SIDE) & (points[:, 1] < 1 / SIDE)
    assert (top_left | bottom_right).all() and 0.22 < top_left.mean() < 0.28


def test_a_drawn_ring_is_a_data_set_with_a_hole():
    data = load(DataConfig(dataset="points", variant="drawn", drawing=encode(RING)))
    x = data.train.x.numpy()
    assert x.shape == (4800, 2) and abs(x.std(0) - 1).max() < 0.05
    assert np.hypot(*x.T).min() > 0.8 and data.classes == ()


@pytest.mark.parametrize("drawing", ["", "no drawing", encode(np.zeros((SIDE, SIDE), np.uint8))])
def test_no_drawing_is_a_sentence(drawing):
    with pytest.raises(UserError, match="[Dd]raw"):
        load(DataConfig(dataset="points", variant="drawn", drawing=drawing))
