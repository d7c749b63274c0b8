"""The export with weights of 8 bits: the same weights as those of the rounded model, in fewer bytes."""

import json

import numpy as np
import pytest
import torch

from tests.checkpoints.test_checkpoints import DIGITS
from tests.helpers.export_helpers import lively, of_likelihood, of_pictures, sentence_model
from tests.helpers.javascript_fixtures import in_eight_bits
from vae_core import checkpoints
from vae_core.checkpoints import Latents
from vae_core.explore.explorer import Explorer
from vae_core.export.browser import Exported, browser_model
from vae_core.export.eight_bit_weights import eight_bit_model, in_browser_weights
from vae_core.slim.rounding_choice import all_in
from vae_ui.stage.payload import model_block, unpack


def whole(exported: Exported) -> np.ndarray:
    """All weights of an export, as the browser puts them together."""
    half, levels, scales = iter(exported.weights), iter(exported.levels), iter(exported.scales)
    found = []
    for kind, rows, columns in exported.header["parts"]:
        if kind == "half":
            found += [next(half) for _ in range(rows * columns)]
            continue
        own = [next(scales) for _ in range(rows if kind == "rows" else columns)]
        found += [next(levels) * own[r if kind == "rows" else c] for r in range(rows) for c in range(columns)]
    assert not [*half, *levels, *scales]
    return np.array(found, np.float32)


@pytest.mark.parametrize("classes", [0, 4])
@pytest.mark.parametrize("network", of_pictures())
def test_the_weights_are_those_of_the_rounded_model(network, classes):
    vae, exported = in_eight_bits(lively(network=network, classes=classes))
    expected = browser_model(vae, "float32")
    np.testing.assert_allclose(whole(exported), expected.weights, rtol=1e-3, atol=1e-6)  # biases in half precision
    kinds = [kind for kind, _, _ in exported.header["parts"]]
    exact = np.concatenate([np.full(r * c, kind != "half") for kind, r, c in exported.header["parts"]])
    np.testing.assert_allclose(whole(exported)[exact], expected.weights[exact], rtol=1e-6)
    assert "half" in kinds and exact.sum() == exported.levels.size > 0.1 * exact.size
    rest = {name: value for name, value in exported.header.items() if name != "parts"}
    assert rest == expected.header and json.loads(json.dumps(exported.header)) == exported.header
    again = eight_bit_model(vae, all_in(8, vae))
    assert np.isin(exported.levels, again.levels).all()


def test_most_of_a_model_s_weights_are_one_byte_in_its_block():
    vae = lively(shape=(1, 28, 28), hidden=(64, 32))
    before, after = (
        len(model_block(exported).blob) for exported in (browser_model(vae), eight_bit_model(vae, all_in(8, vae)))
    )
    assert after < 0.56 * before
    header, arrays = unpack(model_block(eight_bit_model(vae, all_in(8, vae))).blob)
    assert arrays["levels"].dtype == np.int8 and np.abs(arrays["levels"]).max() == 127
    assert header["model"]["parts"]


@pytest.mark.parametrize(
    "changes", [of_likelihood("columns"), {"shape": (2,), "likelihood": "gaussian_learned"}, {"network": "residual"}]
)
def test_rows_points_and_models_on_the_server_keep_their_precision(changes):
    vae = lively(**changes)
    codes = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    same, roundings = in_browser_weights(vae, Latents(codes, codes, np.zeros(20, np.int64)))
    assert same is vae and roundings == {} and eight_bit_model(vae, roundings).levels is None


def test_sentences_are_decoded_with_weights_of_16_bits():
    vae = sentence_model()
    codes = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    same, roundings = in_browser_weights(vae, Latents(codes, codes, np.zeros(20, np.int64)))
    exported = eight_bit_model(same, roundings)
    assert same is vae and exported.levels is None and exported.weights.dtype == np.float16


def test_weights_too_large_for_half_precision_stay_float32():
    vae = lively()
    with torch.no_grad():
        vae.decoder.layers[0].bias[0] = 1e6
    exported = eight_bit_model(vae, all_in(8, vae))
    assert exported.levels is None and exported.weights.dtype == np.float32


@pytest.mark.parametrize("name", ["digits-vae-2d", "digits-ae-2d"])
def test_what_the_browser_shows_is_near_the_full_model(name):
    full = Explorer.open(checkpoints.bundled() / name)
    slim = full.as_in_browser()
    assert full.exported().levels is not None
    x = DIGITS.test.x.numpy()
    change = np.abs(full.decode(full.encode(x)[0]) - slim.decode(slim.encode(x)[0]))
    assert 0 < 255 * change.mean() <= 0.5
    again = slim.as_in_browser()
    np.testing.assert_allclose(again.encode(x)[0], slim.encode(x)[0], atol=1e-5)
    assert again.exported().header == slim.exported().header == full.exported().header
