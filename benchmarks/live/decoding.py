"""Pictures decoded in the browser: milliseconds of the WebAssembly kernels beside those of JavaScript, in turn on the same page."""

import base64
import json
import math
from collections.abc import Iterator

import numpy as np
from playwright.sync_api import Browser

from benchmarks.live.browser_control import empty_page
from benchmarks.result_row import Row, judged
from tests.helpers.export_helpers import lively
from vae_core.export.browser import browser_model

SLOWER, FRAME = 4, 16.0  # a slower processor, and ms of a frame of 60 a second
WORK = """async ([given, rounds]) => {
  const {header, weights} = JSON.parse(given), {Model} = await import("http://stage.test/model/network.js");
  const {javascriptBackend, recordsOf} = await import("http://stage.test/model/layers/javascript_backend.js");
  const {allWeights} = await import("http://stage.test/model/stored_weights.js");
  const halves = new Uint16Array(Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0)).buffer);
  const all = () => allWeights(undefined, {weights: halves});
  const kernels = new Model(header, all()), took = [[], []];
  const script = new Model(header, all(), javascriptBackend(recordsOf(header), all()));
  if (!("memory" in kernels.backend)) throw new Error("This browser has no WebAssembly with SIMD.");
  let off = 0;
  for (let i = 0; i < rounds; i++) {
    const z = Float32Array.from({length: header.latent_dim}, () => 4 * Math.random() - 2);
    const [a, b] = [kernels, script].map((model, which) => {
      const began = performance.now(), picture = model.decode(z, 0);
      took[which].push(performance.now() - began);
      return picture;
    });
    for (let j = 0; j < a.length; j++) off = Math.max(off, Math.abs(a[j] - b[j]));
    await new Promise((done) => requestAnimationFrame(done));
  }
  return [...took, off];
}"""


def decoding(browser: Browser, rounds: int) -> Iterator[Row]:
    """A decoder of 64 x 64 colour pictures with random weights."""
    vae = lively(shape=(3, 64, 64), network="conv", hidden=(48, 128, 160), latent_dim=10, activation="relu")
    exported = browser_model(vae)
    given = json.dumps({"header": exported.header, "weights": base64.b64encode(exported.weights.tobytes()).decode()})
    millions = sum(map(products, exported.header["decoder"])) / 1e6
    for slower in (1, SLOWER):
        page = empty_page(browser, slower)
        kernels, script, off = page.evaluate(WORK, [given, rounds])
        page.context.close()
        p95 = float(np.quantile(kernels[5:], 0.95))
        words = f"WebAssembly {told(kernels[5:])}, the first five up to {max(kernels[:5]):.1f}; JavaScript {told(script[5:])}"
        words += f"; pixels differ by {off:.0e} at most"
        what = f"64 x 64 colour pictures, {millions:.0f} M products"
        if slower == 1:
            yield Row(what, words)
        else:
            yield judged(
                f"{what}, decoded in the browser, CPU slowed {slower} times: 95th percentile", words, p95, FRAME, "ms"
            )


def told(took: list[float]) -> str:
    return f"median {np.median(took):.1f} ms, p95 {np.quantile(took, 0.95):.1f}"


def products(layer: dict) -> int:
    """How many numbers a layer multiplies."""
    if layer["kind"] == "linear":
        return layer["inputs"] * layer["outputs"]
    places = math.prod(layer["to"] if layer["kind"] == "conv" else layer["from"])
    return places * layer["kernel"] ** 2 * layer["inputs"] * layer["outputs"]
