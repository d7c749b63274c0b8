"""Exported models: the list of layers, and ONNX files compared with torch for every network and likelihood."""

import json
from itertools import product

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from torch import nn

from tests.helpers.export_helpers import (
    INPUTS,
    case_inputs,
    config,
    in_browser,
    lively,
    networks_and_likelihoods,
    of_likelihood,
    of_pictures,
    reference,
    sentence_model,
)
from vae_core.axes.names import WITH_SIGMA
from vae_core.errors import UserError
from vae_core.export.browser import browser_model
from vae_core.export.onnx import in_onnx, onnx_models
from vae_core.models.networks import ACTIVATIONS
from vae_core.models.posteriors import POSTERIORS

AXES = [(*pair, *rest) for pair, rest in product(networks_and_likelihoods(), product(in_browser(POSTERIORS), [0, 4]))]


def session(content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize(("network", "likelihood", "posterior", "classes"), AXES)
def test_onnx_agrees_with_torch(network, likelihood, posterior, classes):
    agrees(lively(network=network, posterior=posterior, classes=classes, **of_likelihood(likelihood)))


@pytest.mark.parametrize("shape", [(3, 9, 14), (1, 28, 28), (3, 16, 16)])
@pytest.mark.parametrize(("network", "activation"), list(product(of_pictures(), ACTIVATIONS)))
def test_onnx_agrees_with_torch_at_every_shape_and_activation(network, activation, shape):
    agrees(lively(network=network, activation=activation, shape=shape))


def test_onnx_agrees_with_torch_on_points():
    agrees(lively(shape=(2,), likelihood="gaussian_learned"))


def test_onnx_agrees_with_torch_at_the_ends_of_a_continuous_bernoulli():
    raw = torch.tensor([-500.0, -188.0, -16.0, -1.0, -0.9999, -0.01, 0.0, 1e-30, 1e-6, 0.5, 1.0, 15.9, 100.0, 500.0])
    vae = lively(shape=(1, 1, len(raw)), latent_dim=1, hidden=(), likelihood="continuous_bernoulli")
    with torch.no_grad():
        vae.decoder.layers[0].weight.copy_(raw[:, None])
        vae.decoder.layers[0].bias.zero_()
    [picture] = session(onnx_models(vae)["decoder.onnx"]).run(["picture"], {"z": np.ones((1, 1), np.float32)})
    expected = vae.decode(torch.ones(1, 1)).mean.detach()
    np.testing.assert_allclose(picture, expected, rtol=0, atol=1e-6)
    assert picture.ravel()[0] == pytest.approx(1 / 500, abs=1e-6)  # 0.063 where logits are clamped at 15.9


def agrees(vae):
    """Within 1e-5 on 64 random inputs: the mean and log-variance of q(z|x), and the mean of p(x|z)."""
    files = onnx_models(vae, "A model", ("a", "b"))
    x, z, y = case_inputs(vae)
    expected = reference(vae, x, z, y)
    label = {} if y is None else {"label": nn.functional.one_hot(y, vae.config.classes).float().numpy()}
    encoder, decoder = session(files["encoder.onnx"]), session(files["decoder.onnx"])
    told = dict(
        zip([out.name for out in encoder.get_outputs()], encoder.run(None, {"x": x.numpy(), **label}), strict=True)
    )
    assert ("logvar" in told) == (expected.logvar is not None)
    for name, values in told.items():
        np.testing.assert_allclose(values, getattr(expected, name), rtol=0, atol=1e-5)
    [picture] = decoder.run(["picture"], {"z": z.numpy(), **label})
    assert picture.shape == (INPUTS, *vae.config.shape)
    np.testing.assert_allclose(picture, expected.picture, rtol=0, atol=1e-5)


def test_the_onnx_files_say_how_to_use_them():
    files = onnx_models(lively(classes=2), "Digits", ("zero", "one"))
    assert list(files) == ["encoder.onnx", "decoder.onnx"]
    for name, content in files.items():
        model = onnx.load_from_string(content)
        told = {entry.key: entry.value for entry in model.metadata_props}
        ends = [end.name for end in (*model.graph.input, *model.graph.output)]
        assert told.keys() == {"title", "classes", *ends}, name
        assert told["title"] == "Digits" and told["classes"] == "zero, one" and "one-hot" in told["label"]
        assert all(f"{key}: {text}" in model.doc_string for key, text in told.items())
    assert "in [0, 1]" in onnx.load_from_string(files["encoder.onnx"]).doc_string


@pytest.mark.parametrize(("network", "likelihood", "posterior", "classes"), AXES)
def test_the_header_is_json_and_its_layers_fill_the_weights(network, likelihood, posterior, classes):
    exported = browser_model(lively(network=network, posterior=posterior, classes=classes, **of_likelihood(likelihood)))
    assert exported.weights.dtype == np.float16 and exported.weights.ndim == 1
    header = json.loads(json.dumps(exported.header, allow_nan=False))
    assert header == exported.header
    starts = [
        layer[key]
        for layer in header["encoder"] + header["decoder"]
        for key in ("weight", "bias", "label")
        if layer.get(key) is not None
    ]
    assert starts == sorted(set(starts)) and starts[0] == 0 and starts[-1] < exported.weights.size
    has_sigma = likelihood in WITH_SIGMA or likelihood == "gaussian_optimal"
    assert (header["likelihood"]["sigma"] is not None) == (has_sigma and likelihood != "columns")


def test_a_model_of_sentences_has_its_two_networks_in_the_header_and_no_onnx_file():
    vae = sentence_model(classes=3)
    exported = browser_model(vae, "float32")
    header = json.loads(json.dumps(exported.header, allow_nan=False))
    reader, writer = header["reader"], header["likelihood"]["writer"]
    assert len(reader["cells"]) == len(writer["cells"]) == 2 and reader["told"] is None and writer["told"]
    assert [layer["outputs"] for layer in header["encoder"]] == [2 * vae.config.latent_dim]
    numbers = sum(p.numel() for p in vae.parameters())
    zeros = writer["told"]["outputs"]  # the layer from the context has no bias of its own
    assert exported.weights.size == numbers + zeros
    with pytest.raises(UserError, match="no rule for the likelihood 'tokens'"):
        onnx_models(vae)
    assert not in_onnx(vae.config) and in_onnx(config())


def test_a_transformer_is_decoded_by_the_server():
    exported = browser_model(sentence_model(network="transformer"))
    assert exported.header["remote"] and exported.weights.size == 1


def test_sigma_is_that_of_evaluation():
    vae = lively(likelihood="gaussian_optimal").train()
    vae.likelihood.observe(torch.zeros(2, 1, 8, 8), torch.full((2, 1, 8, 8), 0.5))
    vae.likelihood.observe(torch.zeros(2, 1, 8, 8), torch.full((2, 1, 8, 8), 0.1))
    sigma = browser_model(vae).header["likelihood"]["sigma"]
    assert vae.training and sigma == pytest.approx((0.99 * 0.25 + 0.01 * 0.01) ** 0.5)


def test_weights_beyond_float16_stay_float32():
    vae = lively()
    with torch.no_grad():
        vae.decoder.layers[0].weight[0, 0] = 1e6
    assert browser_model(vae, "float16").weights.dtype == np.float32


@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_a_layer_without_a_rule_is_refused_in_one_sentence(network):
    vae = lively(network=network)
    vae.encoder.get_submodule("layers" if network == "mlp" else "convolutions").insert(1, nn.Dropout())
    with pytest.raises(UserError, match=r"^The model cannot be exported: .*'Dropout'\.$"):
        browser_model(vae)
    vae.encoder = nn.Flatten()
    with pytest.raises(UserError, match="'Flatten'"):
        onnx_models(vae)
    vae = lively(network="conv")
    vae.encoder.convolutions[0] = nn.Conv2d(1, 6, 3, 2, 1, dilation=2)
    with pytest.raises(UserError, match="square"):
        browser_model(vae)
