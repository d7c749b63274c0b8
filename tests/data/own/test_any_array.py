"""Any array, of any range, type and order of axes: no pixel changes without a word, and the rest is refused in a sentence."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.helpers.data_helpers import arrays_of
from vae_core.config import ModelConfig
from vae_core.errors import UserError

VALUES = {
    "bytes": (lambda x: x, False),
    "black and white": (lambda x: x > 99, False),
    "0 and 1": (lambda x: (x > 99).astype(np.uint8), True),
    "0 to 1": (lambda x: x / 255, False),
    "float32": (lambda x: (x / 255).astype(np.float32), False),
    "a little above 1": (lambda x: x / 254.9, True),
    "-1 to 1": (lambda x: x / 127.5 - 1, True),
    "0 to 255": (lambda x: x.astype(np.int64), True),
    "12 bits": (lambda x: x.astype(np.uint16) * 16, True),
    "16 bits": (lambda x: x.astype(np.uint16) * 257, True),
    "anything": (lambda x: x * 8.0 - 1000, True),
}
AXES = {
    "NCHW": lambda x: x,
    "NHWC": lambda x: np.moveaxis(x, 1, -1),
    "HWCN": lambda x: np.moveaxis(np.moveaxis(x, 1, -1), 0, -1),
}


@settings(max_examples=60)
@given(
    st.sampled_from(sorted(VALUES)),
    st.sampled_from(sorted(AXES)),
    st.sampled_from([1, 3]),
    st.integers(0, 99),
    st.booleans(),
)
def test_no_pixel_moves_or_changes_without_a_word(values, axes, channels, seed, strided):
    x = np.random.default_rng(seed).integers(0, 256, (40, channels, 8, 12), dtype=np.uint8)
    x[0, 0, 0, :2] = 0, 255
    change, word = VALUES[values]
    found = AXES[axes](change(x))
    found = found[::-1].copy()[::-1] if strided else found
    pixels, _, data = arrays_of(found, ModelConfig(shape=(channels, 8, 12), hidden=(8,)))
    wanted = (x > 99) * 255 if values in ("0 and 1", "black and white") else x
    # The largest value of 12 bits is 4095, of which 4080 is 254.1: the range is that of the type, and not of the pictures.
    tolerance = 1.5 if values == "12 bits" else 0.5
    assert np.abs(pixels - wanted).max() <= tolerance
    assert bool(data.notes) == (word or axes != "NCHW")


SHAPES = st.one_of(arrays.array_shapes(min_dims=0, max_dims=5, max_side=4), st.just((12, 6)), st.just((12, 2, 3)))
OBJECTS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.binary(max_size=3))


@given(
    st.one_of(
        arrays.arrays(st.one_of(arrays.scalar_dtypes(), arrays.unicode_string_dtypes(max_len=3)), SHAPES),
        arrays.arrays(object, SHAPES, elements=OBJECTS),
        arrays.arrays(object, SHAPES, elements=st.integers(0, 300)),
    )
)
def test_any_array_is_a_data_set_or_a_sentence(x):
    try:
        _, _, found = arrays_of(x, ModelConfig(shape=(1, 2, 3), hidden=(8,)))
    except UserError as error:
        assert str(error)
        return
    assert found.shape == (1, 2, 3) and found.train.x.dtype in (torch.uint8, torch.float32)
    every = torch.cat(
        [found.train.x, found.val.x, found.test.x]
    )  # of very few pictures the training split may be empty
    assert every.dtype == torch.uint8 or (every.min() >= 0 and every.max() <= 1)
