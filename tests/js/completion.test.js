// Completion in the browser: the decoder's gradient against differences, and q against what it is meant to lower.

import assert from "node:assert/strict";
import {test} from "node:test";
import {CompletionWork} from "../../vae_ui/stage/js/completion/completion_work.js";
import {DecoderGradient} from "../../vae_ui/stage/js/completion/decoder_gradient.js";
import {backwardLayers} from "../../vae_ui/stage/js/completion/layer_gradients.js";
import {PriorDraws} from "../../vae_ui/stage/js/completion/prior_draws.js";
import {HiddenMask} from "../../vae_ui/stage/js/completion/hidden_mask.js";
import {COMPONENTS, FEW, MANY, VisibleCode, natsOfMean} from "../../vae_ui/stage/js/completion/visible_code.js";
import {javascriptBackend} from "../../vae_ui/stage/js/model/layers/javascript_backend.js";
import {Model} from "../../vae_ui/stage/js/model/network.js";
import {normals, seeded} from "../../vae_ui/stage/js/model/random.js";
import {fixtures, storedWeights} from "./fixtures.js";
import {allWeights} from "../../vae_ui/stage/js/model/stored_weights.js";

/** @import {ModelFixture} from "./fixtures.js" */

const STEP = 1 / 128;
const pictures = fixtures.models.filter(({name, header}) => header.shape.length === 3 && name.endsWith("float32"));

/** @param {ModelFixture} fixture */
function opened(fixture) {
  const model = new Model(fixture.header, allWeights(fixture.header.parts, storedWeights(fixture)));
  const mask = new HiddenMask(model.shape);
  mask.hide("lower-half");
  return {model, mask, x: Float32Array.from(fixture.x[0]), z: Float32Array.from(fixture.z[0]), label: fixture.y?.[0] ?? 0};
}

for (const fixture of pictures) {
  test(`${fixture.name}: the gradient of the visible pixels is that of differences`, () => {
    const {model, mask, x, z, label} = opened(fixture), decoder = new DecoderGradient(model), visible = mask.places(false);
    decoder.forward(z, label);
    const found = Array.from(decoder.backward(x, visible));
    const nats = (/** @type {Float32Array} */ code) => (decoder.forward(code, label), decoder.nats(x, visible));
    const expected = found.map((_, i) => {
      const [low, high] = [-STEP, STEP].map((by) => nats(z.map((v, k) => (k === i ? v + by : v))));
      return (high - low) / (2 * STEP);
    });
    const scale = Math.hypot(...expected), off = Math.hypot(...found.map((v, i) => v - expected[i]));
    assert.ok(scale > 0 && off < 0.03 * scale, `${found} is not ${expected}`);
  });
}

test("a layer's gradient is its adjoint: g (f(x) - f(0)) is x times what is handed back of g", () => {
  for (const {name, header, weights} of pictures) {
    const records = [...header.encoder, ...header.decoder], all = Float32Array.from(weights), backwards = backwardLayers(records, all);
    records.forEach((record, i) => {
      const forward = javascriptBackend([record], all).layer({...record, activation: null}), noise = seeded(i);
      const x = normals(record.kind === "linear" ? record.inputs : record.from[0] * record.from[1] * record.inputs, noise);
      const zero = forward(new Float32Array(x.length), 0).slice(), moved = forward(x, 0).map((v, k) => v - zero[k]), g = normals(zero.length, noise);
      const dot = (/** @type {Float32Array} */ a, /** @type {Float32Array} */ b) => a.reduce((sum, v, k) => sum + v * b[k], 0);
      const found = dot(x, backwards[i](g, 0)), expected = dot(g, moved);
      assert.ok(Math.abs(found - expected) < 1e-4 * Math.sqrt(dot(moved, moved) * dot(g, g)), `${name}, ${record.kind} ${i}: ${found}, expected ${expected}`);
    });
  }
});

test("visible and hidden pixels cost together what the model says of all", () => {
  for (const fixture of pictures) {
    const {model, mask, x, z, label} = opened(fixture), decoder = new DecoderGradient(model);
    decoder.forward(z, label);
    const sum = decoder.nats(x, mask.places(true)) + decoder.nats(x, mask.places(false));
    const {distortion} = model.terms(x, model.encode(x, label), z, label);
    assert.ok(Math.abs(sum - distortion) < 1e-3 * Math.abs(distortion) + 1e-3, fixture.name);
  }
});

test("the steps lower the bound's negative of what is visible", () => {
  const {model, mask, x, label} = opened(pictures[0]), decoder = new DecoderGradient(model), visible = mask.places(false);
  const start = {mean: new Float32Array(model.latentDim).fill(2), logvar: new Float32Array(model.latentDim).fill(-3)};
  const code = new VisibleCode(decoder, start, x, visible, label), loss = () => {
    const uniform = seeded(9), {numbers, size} = code;
    let sum = 0, kl = 0;
    for (let k = 0; k < 200; k++) {
      decoder.forward(code.code(normals(size, uniform)), label);
      sum += decoder.nats(x, visible) / 200;
    }
    for (let i = 0; i < size; i++) kl += 0.5 * (numbers[i] ** 2 + Math.exp(2 * numbers[size + i]) - 1) - numbers[size + i];
    return sum + kl;
  };
  const losses = [loss()];
  for (const steps of [FEW, MANY - FEW]) {
    for (let i = 0; i < steps; i++) code.step();
    losses.push(loss());
  }
  assert.ok(losses[1] < losses[0] && losses[2] < losses[1] && code.taken === MANY, String(losses));
});

test("a work in pieces shows first steps early, and gives nats of every method in order", () => {
  const {model, mask, x, label} = opened(pictures[0]), fill = new Float32Array(x.length).fill(0.3);
  /** @type {string[]} */ const said = [];
  let pieces = 0, early = 0;
  const first = new CompletionWork(model, x, fill, mask, label, {code: () => {}, nats: () => {}});
  while (!first.taken) first.advance();  // draws of the prior are decoded once for a model
  const work = new CompletionWork(model, x, fill, mask, label, {code: () => (early ||= pieces), nats: (method, nats) => {
    assert.ok(Number.isFinite(nats));
    said.push(method);
  }});
  while (!work.done) {
    work.advance();
    pieces += 1;
  }
  assert.deepEqual(said, ["few", "many", "gibbs", "once", "all"]);
  assert.ok(early >= FEW && early < 2 * FEW);
  const completed = work.complete(normals(model.latentDim, seeded(1)), 0);
  for (const i of mask.places(false)) assert.equal(completed[i], x[i]);
  const guesses = new Set(work.codes.map((_, k) => work.complete(new Float32Array(model.latentDim), k).join()));
  assert.equal(guesses.size, COMPONENTS, "each component has a middle of its own");
  assert.ok(mask.places(true).some((i) => completed[i] !== x[i]));
});

test("of the prior's draws those are the likeliest that cost the fewest nats", () => {
  const {model, mask, x, label} = opened(pictures[0]), decoder = new DecoderGradient(model), visible = mask.places(false);
  const prior = new PriorDraws(decoder, model.latentDim, label);
  while (!prior.decode().next().done);
  const nats = prior.codes.map((z) => (decoder.forward(z, label), decoder.nats(x, visible)));
  const found = prior.likeliest(x, visible, 3).map((z) => nats[prior.codes.indexOf(z)]);
  assert.deepEqual(found, nats.toSorted((a, b) => a - b).slice(0, 3));
});

test("nats of a mean of probabilities", () => {
  assert.ok(Math.abs(natsOfMean([Math.log(2), Math.log(4)]) - Math.log(8 / 3)) < 1e-12);
  assert.ok(Math.abs(natsOfMean([1000, 1000]) - 1000) < 1e-9);
});

test("what a hand paints is hidden, and revealed again", () => {
  const mask = new HiddenMask([1, 28, 28]);
  mask.hide("three-quarters");
  assert.equal(mask.count, 784 * 3 / 4);
  mask.hide("brush");
  assert.ok(!mask.useful);
  mask.stroke([4, 14], [24, 14], true);
  const painted = mask.count;
  assert.ok(painted > 60 && painted < 160 && mask.hidden[14 * 28 + 14] === 1 && mask.hidden[0] === 0);
  mask.stroke([4, 14], [14, 14], false);
  assert.ok(mask.count < painted && mask.count > 0);
  assert.equal(mask.places(true).length + mask.places(false).length, 784);
});
