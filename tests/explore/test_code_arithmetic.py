"""Arithmetic with codes against known answers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vae_core.errors import UserError
from vae_core.explore.code_arithmetic import along, analogy, mean_code

codes = arrays(np.float32, 3, elements=st.floats(-4, 4, width=32))


@given(codes, codes, codes)
def test_what_is_taken_away_and_added_again_leaves_the_code(a, b, c):
    np.testing.assert_allclose(analogy(a, b, b), a, atol=1e-6)
    np.testing.assert_allclose(analogy(b, b, c), c, atol=1e-6)
    np.testing.assert_allclose(analogy(a, b, c), analogy(c, b, a), atol=1e-6)


@given(codes, codes)
def test_a_direction_begins_at_z_and_reaches_the_other_mean(a, b):
    path = along(b, a - b, np.array([0, 1, -1], np.float32))
    np.testing.assert_allclose(path, [b, a, 2 * b - a], atol=1e-5)


def test_the_mean_of_a_group_is_that_of_its_images():
    known = np.arange(12, dtype=np.float32).reshape(4, 3)
    np.testing.assert_array_equal(mean_code(known, np.array([1, 3])), [6, 7, 8])
    with pytest.raises(UserError, match="without images"):
        mean_code(known, np.array([], np.int64))
