"""Sentences that a GRU writes in the browser: milliseconds for each, how long a slice of one keeps the page waiting, and frames.

`dragged` opens the latent space of the included model of sentences in a browser whose processor is slowed down, and drags z.
"""

import json
from collections.abc import Iterator

import numpy as np
import torch
from playwright.sync_api import Browser

from benchmarks.live.browser_control import Visit, empty_page
from benchmarks.live.one_visitor import drag
from benchmarks.result_row import Row
from tests.browser.server import Server
from vae_core.config import ModelConfig
from vae_core.export.browser import browser_model
from vae_core.models.build import build
from vae_core.models.likelihoods import TokensLikelihood

# Hidden units, tokens, ids, and the milliseconds aimed at; a sentence of 64 characters at 256 units takes longer than a frame has.
CASES = {
    "9 words": (128, 9, 95, 1.0),
    "64 characters": (128, 64, 100, 8.0),
    "64 characters, 256 units": (256, 64, 100, None),
}
SLOWER, LONGEST = 4, 33.3  # a slower processor, and a frame of 30 a second
INCLUDED, FRAMES = "sentences-2d", 30
WORK = """async ([given, rounds]) => {
  const {header, weights} = JSON.parse(given), {Model} = await import("http://stage.test/model/network.js");
  const {SLICE} = await import("http://stage.test/likelihoods/paced.js");
  const model = new Model(header, Float32Array.from(weights)), whole = [], slices = [];
  const code = () => Float32Array.from({length: header.latent_dim}, () => 4 * Math.random() - 2);
  const timed = (kept, work) => { const began = performance.now(); work(); kept.push(performance.now() - began); };
  const pause = () => new Promise((done) => requestAnimationFrame(done));
  for (let i = 0; i < rounds; i++) {
    const z = code();
    timed(whole, () => model.decode(z, 0));
    await pause();
  }
  for (let i = 0; i < rounds; i++) {
    const z = code();
    do {
      model.behind = false;
      timed(slices, () => model.decode(z, 0, performance.now() + SLICE));
      await pause();
    } while (model.behind);
  }
  return [whole, slices, [...model.out].filter(Boolean).length];
}"""


def writing(browser: Browser, rounds: int) -> Iterator[Row]:
    for slower in (1, SLOWER):
        for name, (width, places, ids, aim) in CASES.items():
            page = empty_page(browser, slower)
            whole, slices, count = page.evaluate(WORK, [_model(width, places, ids), rounds])
            page.context.close()
            assert count == places
            words = f"median {np.median(whole[5:]):.2f} ms; in slices the 95th percentile of a frame's part is "
            words += f"{np.quantile(slices[5:], 0.95):.1f} ms"
            what = f"a GRU of {width} writes {name}" + (f", CPU slowed {slower} times" if slower > 1 else "")
            if slower == 1 and aim is not None:
                yield Row(what, words, f"{aim:g} ms", float(np.median(whole[5:])) <= aim)
            else:
                yield Row(what, words, "a frame of 33 ms", float(np.quantile(slices[5:], 0.95)) <= LONGEST)


def dragged(browser: Browser, server: Server, seconds: float) -> Iterator[Row]:
    """Frames per second while z is dragged over the map and the sentences follow."""
    visit = Visit(browser, server)
    held = drag(visit, INCLUDED, seconds, slower=SLOWER)
    visit.close()
    block = f"longest block {held.block:.0f} ms" if held.block else "no block of 50 ms"
    words = f"median {held.middle:.1f} frames/s, 5 % point {held.slow:.1f}; {block}; script p50 {held.p50:.1f} p95 {held.p95:.1f} ms"
    yield Row(f"drag z, {INCLUDED}, CPU slowed {SLOWER} times", words, f"{FRAMES} frames/s", held.middle >= FRAMES)


def _model(width: int, places: int, ids: int) -> str:
    """A GRU with random weights that never ends a sentence early, as JSON."""
    config = ModelConfig(
        shape=(places,), vocabulary=ids, network="gru", likelihood="tokens", hidden=(width,), latent_dim=2
    )
    vae = build(config, 0)
    assert isinstance(vae.likelihood, TokensLikelihood)
    with torch.no_grad():
        vae.likelihood.network.out.bias[0] = -1e4  # the logits begin with that of the end
    exported = browser_model(vae)
    return json.dumps({"header": exported.header, "weights": exported.weights.tolist()})
