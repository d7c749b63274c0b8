"""The model in a real browser against torch: every network, likelihood, posterior and condition, 64 random inputs each."""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page, Route

from tests.helpers.export_helpers import (
    case_inputs,
    in_browser,
    lively,
    networks_and_likelihoods,
    of_likelihood,
    of_pictures,
    reference,
)
from tests.helpers.javascript_fixtures import in_eight_bits, stored
from vae_core.export.browser import browser_model
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.networks import ACTIVATIONS
from vae_core.models.posteriors import POSTERIORS

SOURCES = Path(__file__).resolve().parents[2] / "vae_ui" / "stage" / "js"
WITHIN = {"float32": 1e-5, "float16": 2e-3, "8 bits": 2e-3}

# Each input is encoded, its z decoded and its terms asked for, in turn: buffers that two calls share would show.
WORK = """async (given) => {
  const {header, weights, half, levels, scales, x, z, y} = JSON.parse(given);
  const {allWeights} = await import("http://stage.test/model/stored_weights.js");
  const {Model} = await import("http://stage.test/model/network.js");
  const stored = {weights: half ? Uint16Array.from(weights) : Float32Array.from(weights)};
  if (levels) Object.assign(stored, {levels: Int8Array.from(levels), scales: Float32Array.from(scales)});
  const model = new Model(header, allWeights(header.parts, stored));
  const found = {mean: [], logvar: [], picture: [], distortion: [], rate: [], kl: []};
  x.forEach((values, i) => {
    const image = Float32Array.from(values), code = Float32Array.from(z[i]), label = y ? y[i] : null;
    const q = model.encode(image, label);
    found.mean.push([...q.mean]);
    found.logvar.push(q.logvar && [...q.logvar]);
    found.picture.push([...model.decode(code, label)]);
    const {distortion, rate, kl} = model.terms(image, q, code, label);
    found.distortion.push(distortion);
    found.rate.push(rate);
    found.kl.push([...kl]);
  });
  return JSON.stringify(found);
}"""


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Page]:
    """An empty page that may import the stage's files."""

    def answer(route: Route) -> None:
        name = urlsplit(route.request.url).path.lstrip("/")
        page = {"body": "<!doctype html>", "content_type": "text/html"}
        route.fulfill(**page if not name else {"path": SOURCES / name, "content_type": "text/javascript"})

    page = browser.new_page()
    page.route("http://stage.test/**", answer)
    page.goto("http://stage.test/")
    yield page
    page.close()


@pytest.mark.parametrize("precision", WITHIN)
@pytest.mark.parametrize(("network", "likelihood"), networks_and_likelihoods())
def test_the_browser_agrees_with_torch(stage, network, likelihood, precision):
    for posterior, classes in product(in_browser(POSTERIORS), [0, 4]):
        vae = lively(network=network, posterior=posterior, classes=classes, **of_likelihood(likelihood))
        agrees(stage, vae, precision)


@pytest.mark.parametrize("shape", [(3, 9, 14), (1, 28, 28), (3, 16, 16)])
@pytest.mark.parametrize("network", of_pictures())
def test_it_agrees_at_every_shape_and_activation(stage, network, shape):
    for activation, precision in product(ACTIVATIONS, WITHIN):
        agrees(stage, lively(network=network, activation=activation, shape=shape), precision)


def test_it_agrees_on_points(stage):
    agrees(stage, lively(shape=(2,), latent_dim=2, likelihood="gaussian_learned"), "float32")


def test_the_ends_of_every_likelihood_and_of_the_variance(stage):
    raw = torch.cat(
        [
            torch.linspace(-40, 40, 49),
            torch.tensor([-500.0, 188.0, 500.0, 0.0, 1e-30, 1e-6, -1e-3, 0.0099, 0.0101, -0.02, 0.1]),
        ]
    )
    for likelihood in [name for name in in_browser(LIKELIHOODS) if name not in ("columns", "tokens")]:
        vae = lively(shape=(1, 1, len(raw)), latent_dim=1, hidden=(), likelihood=likelihood)
        every = torch.cat([raw.roll(7 * n) for n in range(vae.likelihood.raw_numbers)])
        with torch.no_grad():
            vae.decoder.layers[0].weight.copy_(every[:, None])
            vae.decoder.layers[0].bias.zero_()
            vae.encoder.layers[0].weight.zero_()
        for log_variance in (-30.0, 30.0):
            with torch.no_grad():
                vae.encoder.layers[0].bias.copy_(torch.tensor([0.5, log_variance]))
            agrees(stage, vae, "float32", z=torch.ones(64, 1))


def agrees(stage, vae, precision, z=None):
    vae, exported = in_eight_bits(vae) if precision == "8 bits" else (vae, browser_model(vae, precision))
    x, codes, y = case_inputs(vae)
    z = codes if z is None else z
    expected = reference(vae, x, z, y)
    found = work(stage, exported, x, z, y)
    within = WITHIN[precision]
    assert exported.weights.dtype == (precision if exported.levels is None else "float16")
    assert np.isfinite(found["picture"]).all()
    close(found["mean"], expected.mean, within)
    close(found["picture"], expected.picture.reshape(len(x), -1), within)
    if expected.logvar is None:
        assert found["rate"] == found["logvar"] == [None] * len(x)
    else:
        close(found["logvar"], expected.logvar, within)
        # Relative: the KL holds the variance itself, which reaches e^8.
        np.testing.assert_allclose(found["rate"], expected.kl.sum(1), rtol=2 * within, atol=within * z.shape[1])
    np.testing.assert_allclose(found["kl"], expected.kl, rtol=2 * within, atol=within)
    # Relative, and by the pixel: a sum of as many nats as there are pixels, each off by as much as its picture's
    # pixel, times 1 / sigma where there is one.
    pixels, sigma = x[0].numel(), min(1, exported.header["likelihood"]["sigma"] or 1)
    np.testing.assert_allclose(found["distortion"], expected.distortion, rtol=within, atol=within * pixels / sigma)


def work(stage, exported, x, z, y):
    """What the browser finds, from JSON to JSON: Playwright's own way to carry arrays takes ten times as long."""
    given = {
        "header": exported.header,
        **stored(exported),
        "x": x.flatten(1).tolist(),
        "z": z.tolist(),
        "y": None if y is None else y.tolist(),
    }
    return json.loads(stage.evaluate(WORK, json.dumps(given)))


def close(found, expected, within):
    np.testing.assert_allclose(np.array(found), expected, rtol=0, atol=within)
