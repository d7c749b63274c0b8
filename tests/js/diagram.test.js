// What the diagram of the Start page shows: draws from q, the weights of a unit, and how the numbers of a layer lie in a picture.

import assert from "node:assert/strict";
import {test} from "node:test";
import {channelLayout, codeLayout, kernelLayout, layoutOf, pictureLayout, unitLayout} from "../../vae_ui/stage/js/diagram/unit_layout.js";
import {Model} from "../../vae_ui/stage/js/model/network.js";
import {seeded} from "../../vae_ui/stage/js/model/random.js";
import {Scene} from "../../vae_ui/stage/js/model/scene.js";
import {incomingWeights, outgoingWeights} from "../../vae_ui/stage/js/model/unit_weights.js";
import {close, fixtures} from "./fixtures.js";

/** @import {ConvolutionRecord, LinearRecord} from "../../vae_ui/stage/js/types.d.ts" */
/** @import {ModelFixture} from "./fixtures.js" */

const whole = fixtures.models.filter(({half}) => !half);
const dense = /** @type {ModelFixture} */ (whole.find(({header: {encoder, posterior}}) => encoder[0].kind === "linear" && posterior !== "point"));
const modelOf = (/** @type {ModelFixture} */ {header, weights}) => new Model(header, Float32Array.from(weights));

/** A scene with one picture and four draws, of which the first is z. */
function drawn() {
  const scene = new Scene();
  scene.load(modelOf(dense));
  scene.setX(Float32Array.from(dense.x[0]));
  scene.samples.draw(4, dense.header.latent_dim, seeded(1));
  scene.setEps(scene.samples.noise[0]);
  scene.samples.wanted = true;
  scene.compute();
  return scene;
}

test("the spread widens the draws and z, and leaves the loss as it is", () => {
  const scene = drawn(), {q, z, terms, samples} = scene, first = samples.pictures[0].slice();
  assert.ok(q?.logvar && z && terms);
  close(samples.codes[0], z, 0);
  close(first, scene.out ?? [], 0);
  scene.setSpread(10);
  scene.compute();
  close(samples.codes[2], q.mean.map((m, i) => m + 10 * Math.exp((q.logvar ?? [])[i] / 2) * samples.noise[2][i]), 1e-4);
  close(samples.codes[0], scene.z ?? [], 0);
  assert.ok(first.some((value, i) => Math.abs(value - samples.pictures[0][i]) > 1e-4));
  close([scene.terms?.distortion ?? NaN, scene.terms?.rate ?? NaN], [terms.distortion, terms.rate ?? NaN], 1e-9);
});

test("draws are not decoded while nobody looks, nor again while nothing has changed", () => {
  const scene = drawn(), {samples} = scene, model = /** @type {Model} */ (scene.model);
  let decoded = 0;
  const decode = model.decode.bind(model);
  model.decode = (z, label) => {
    decoded += 1;
    return decode(z, label);
  };
  scene.setZ(new Float32Array(dense.header.latent_dim));
  scene.compute();
  assert.ok(decoded <= 2, "z moved, q did not");
  samples.wanted = false;
  scene.setX(Float32Array.from(dense.x[1]));
  scene.compute();
  assert.ok(decoded <= 4);
});

test("the kept activations of the decoder belong to the code that is shown", () => {
  const scene = drawn(), model = /** @type {Model} */ (scene.model), last = model.activations.decoder.at(-1);
  close(last ?? [], model.raw, 0);
  const out = new Float32Array(model.out.length);
  model.likelihood.mean(/** @type {Float32Array} */ (last), out);
  close(out, scene.out ?? [], 0);
});

test("a unit says its bias and the sum of its weights times what leads to it", () => {
  const model = modelOf(dense), x = Float32Array.from(dense.x[0]), records = model.records.encoder, at = records.length - 1;
  model.encode(x, dense.y?.[0]);
  const before = at ? model.activations.encoder[at - 1] : x, record = /** @type {LinearRecord} */ (records[at]);
  for (let unit = 0; unit < record.outputs; unit++) {
    const weights = incomingWeights(record, model.weights, unit);
    let sum = model.weights[record.bias + unit] + (record.label === null ? 0 : model.weights[record.label + (dense.y?.[0] ?? 0) * record.outputs + unit]);
    weights.forEach((w, i) => (sum += w * before[i]));
    close([sum], [model.activations.encoder[at][unit]], 1e-3);
    weights.forEach((w, i) => assert.equal(outgoingWeights(record, model.weights, i)[unit], w));
  }
});

test("a channel's kernels are those that the convolution multiplies with", () => {
  const conv = whole.find(({header: {encoder}}) => encoder[0].kind === "conv");
  assert.ok(conv);
  const model = modelOf(conv), record = /** @type {ConvolutionRecord} */ (model.records.encoder[0]), {inputs, kernel, to, from, padding, stride} = record;
  const x = Float32Array.from(conv.x[0]);
  model.encode(x, conv.y?.[0]);
  const v = Math.floor(to[0] / 2), u = Math.floor(to[1] / 2), weights = incomingWeights(record, model.weights, 1);
  let sum = model.weights[record.bias + 1];
  for (let j = 0; j < kernel; j++) for (let i = 0; i < kernel; i++) for (let c = 0; c < inputs; c++) {
    const row = v * stride - padding + j, column = u * stride - padding + i;
    if (row < 0 || column < 0 || row >= from[0] || column >= from[1]) continue;
    sum += weights[(j * kernel + i) * inputs + c] * x[c * from[0] * from[1] + row * from[1] + column];
  }
  const said = model.activations.encoder[0][(v * to[1] + u) * record.outputs + 1];
  const activated = {relu: Math.max(0, sum), tanh: Math.tanh(sum), silu: sum / (1 + Math.exp(-sum))}[String(record.activation)] ?? sum;
  close([activated], [said], 1e-3);
});

test("every number of a layer has one pixel, and every unit is found where its pixels are", () => {
  const record = /** @type {ConvolutionRecord} */ ({kind: "conv", inputs: 3, outputs: 5, to: [4, 6], kernel: 2, planar: false});
  const layouts = [unitLayout(1), unitLayout(128), unitLayout(17), codeLayout(10, 2), pictureLayout([3, 4, 5]), channelLayout(record), kernelLayout(record),
    ...dense.header.encoder.map((each, i, all) => layoutOf(each, i === all.length - 1, "encoder", modelOf(dense)))];
  const sizes = [1, 128, 17, 20, 60, 120, 12];
  layouts.forEach((layout, n) => {
    const values = [...layout.value].filter((i) => i >= 0);
    assert.equal(new Set(values).size, values.length);
    if (n < sizes.length) assert.equal(values.length, sizes[n]);
    for (let unit = 0; unit < layout.units; unit++) {
      const {left, top, width, height} = layout.box(unit);
      assert.equal(layout.unit[top * layout.columns + left], unit);
      assert.equal(layout.unit[(top + height - 1) * layout.columns + left + width - 1], unit);
    }
  });
  assert.deepEqual([unitLayout(128).columns, unitLayout(128).rows], [16, 8]);
});
