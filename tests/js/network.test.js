// The layers of a network and the likelihoods against torch.

import assert from "node:assert/strict";
import {test} from "node:test";
import {LIKELIHOODS} from "../../vae_ui/stage/js/likelihoods/likelihoods.js";
import {allWeights, halfToFloat} from "../../vae_ui/stage/js/model/stored_weights.js";
import {javascriptBackend, recordsOf} from "../../vae_ui/stage/js/model/layers/javascript_backend.js";
import {Model} from "../../vae_ui/stage/js/model/network.js";
import {strengthAt} from "../../vae_ui/stage/js/edit/edit_slider.js";
import {slopesAlong, slopesAt} from "../../vae_ui/stage/js/model/slopes.js";
import {close, fixtures, storedWeights} from "./fixtures.js";

/** @import {ModelFixture} from "./fixtures.js" */

/** Of one pixel, where there are several. @type {{[likelihood: string]: number}} */
const NUMBERS = {beta_binomial: 2, discretised_logistic: 9};

/** For a likelihood without weights and layers. */
const none = {weights: new Float32Array(0), layer: () => () => new Float32Array(0)};

/** @param {ModelFixture} fixture @param {typeof javascriptBackend} [backend] */
function modelOf({header, ...stored}, backend) {
  const weights = allWeights(header.parts, storedWeights(stored));
  return new Model(header, weights, backend?.(recordsOf(header), weights));
}

for (const [fixture, backend] of fixtures.models.flatMap((each) => /** @type {const} */ ([[each, undefined], [each, javascriptBackend]]))) {
  test(`${fixture.name} encodes, decodes and measures as torch does, ${backend ? "in JavaScript" : "by the kernels"}`, () => {
    const model = modelOf(fixture, backend), {x, z, y, within, expected: {mean, logvar, picture, distortion, kl}} = fixture;
    x.forEach((values, i) => {
      const image = Float32Array.from(values), code = Float32Array.from(z[i]), label = y && y[i], q = model.encode(image, label);
      close(q.mean, mean[i], within, "mean");
      if (logvar && q.logvar) close(q.logvar, logvar[i], within, "logvar");
      assert.equal(q.logvar === null, logvar === null);
      close(model.decode(code, label), picture[i], within, "picture");
      const terms = model.terms(image, q, code, label), pixels = image.length / Math.min(1, fixture.header.likelihood.sigma ?? 1);
      close([terms.distortion], [distortion[i]], within * (Math.abs(distortion[i]) + pixels), "distortion");
      close(terms.kl, kl[i], within * 20, "kl");
      assert.equal(terms.rate === null, logvar === null);
    });
  });
}

for (const fixture of fixtures.models.filter(({header}) => header.shape.length === 3)) {
  test(`${fixture.name}: the slopes are the columns of torch's Jacobian, and the picture is that of z afterwards`, () => {
    const model = modelOf(fixture), code = Float32Array.from(fixture.z[0]), label = fixture.y?.[0] ?? 0;
    const {slopes, picture} = fixture.expected, found = slopesAt(model, code, label, slopes.map((_, d) => d));
    found.forEach((values, d) => close(values, slopes[d], Math.max(2e-3, 3 * fixture.within), `slope ${d}`));
    close(model.decode(code, label), picture[0], fixture.within, "picture");
    const direction = code.map((_, d) => (d % 2 ? -1 : 0.5)), [along] = slopesAlong(model, code, label, [direction]);
    const expected = slopes[0].map((_, i) => slopes.reduce((sum, column, d) => sum + direction[d] * column[i], 0));
    close(along, expected, slopes.length * Math.max(2e-3, 3 * fixture.within), "along a direction");
  });
}

test("where a code lies on a direction is its strength", () => {
  const told = {code: [1, 2], step: [2, -1], low: "", high: "", x: null};
  for (const strength of [-2, 0, 1.5]) assert.equal(strengthAt(told, [1 + 2 * strength, 2 - strength]), strength);
  assert.equal(strengthAt(told, [2, 4]), 0, "what is across the direction does not count");
});

test("a picture that is asked for again is not decoded again", () => {
  const fixture = fixtures.models[0], model = modelOf(fixture), code = Float32Array.from(fixture.z[0]);
  const first = model.decode(code), raw = model.raw;
  raw.fill(7);
  assert.equal(model.decode(code), first);
  assert.equal(model.raw[0], 7);
  model.decode(code.map((v) => v + 1));
  assert.notEqual(model.raw[0], 7);
});

test("float16 comes back from its bits, zeros, subnormals and the largest included", () => {
  close(halfToFloat(Uint16Array.from(fixtures.float16.halves)), fixtures.float16.values, 0);
});

test("every likelihood of numbers is finite far from zero and at the ends of a pixel's range", () => {
  for (const [name, make] of Object.entries(LIKELIHOODS).filter(([each]) => each !== "tokens")) {
    const {mean, loss} = make({name, sigma: 0.5, columns: {widths: [1], missing: [], sigmas: [0.5]}}, none), out = new Float32Array(1);
    for (const raw of [-500, -0.0101, 0, 1e-30, 0.0099, 500].map((value) => new Float32Array(NUMBERS[name] ?? 1).fill(value))) {
      mean(raw, out);
      assert.ok(Number.isFinite(out[0]));
      for (const x of [0, 0.3, 1]) assert.ok(Number.isFinite(loss(raw, [x])));
    }
  }
});

test("what a row lacks changes nothing, and the probabilities of a category add up to one", () => {
  const {mean, loss} = LIKELIHOODS.columns({name: "columns", sigma: null, columns: {widths: [1, 3], missing: [1], sigmas: [0.5]}}, none);
  const raw = Float32Array.of(0.3, 800, -800, 799, 5), out = new Float32Array(5);
  mean(raw, out);
  assert.ok(Math.abs(out[1] + out[2] + out[3] - 1) < 1e-6 && out[4] === 0);
  assert.equal(loss(raw, [0.1, 0, 0, 0, 1]), loss(raw, [0.1, 1, 7, 1, 1]));
  assert.ok(loss(raw, [0.1, 0, 1, 0, 0]) > 1000);
});
