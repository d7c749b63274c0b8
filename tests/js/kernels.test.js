// The WebAssembly kernels against the layers in JavaScript, and their memory.

import assert from "node:assert/strict";
import {test} from "node:test";
import {KERNELS} from "../../vae_ui/stage/js/model/layers/compiled.js";
import {memoryOf} from "../../vae_ui/stage/js/model/layers/memory.js";
import {wasmBackend} from "../../vae_ui/stage/js/model/layers/wasm_backend.js";
import {DecoderGradient} from "../../vae_ui/stage/js/completion/decoder_gradient.js";
import {javascriptBackend, recordsOf} from "../../vae_ui/stage/js/model/layers/javascript_backend.js";
import {Model} from "../../vae_ui/stage/js/model/network.js";
import {normals, seeded} from "../../vae_ui/stage/js/model/random.js";
import {allWeights} from "../../vae_ui/stage/js/model/stored_weights.js";
import {close, fixtures, storedWeights} from "./fixtures.js";

/** @import {ConvolutionRecord, LayerRecord, LinearRecord} from "../../vae_ui/stage/js/types.d.ts" */
/** @import {Backend} from "../../vae_ui/stage/js/model/layers/javascript_backend.js" */

const WITHIN = 1e-5;  // of numbers of about one
const uniform = seeded(1);
const ACTIVATIONS = ["relu", "tanh", "silu", null];

/** @template T @param {T | null} value @returns {T} */
function there(value) {
  assert.ok(value);
  return value;
}

/** Both backends of a layer whose weights are so large that outputs are about one. @param {LayerRecord} record @param {number} count */
function both(record, count) {
  const weights = normals(count, uniform).map((v) => v / Math.sqrt(record.inputs * (record.kind === "linear" ? 1 : record.kernel)));
  return [there(wasmBackend([record], weights, 2)), javascriptBackend([record], weights)].map((backend) => backend.layer(record));
}

/** @param {Float32Array} x a third of whose numbers are then 0 */
const withZeros = (x) => x.map((v, i) => (i % 3 ? v : 0));

test("every browser compiles the kernels at once", () => {
  const bytes = Buffer.from(KERNELS, "base64");
  assert.ok(WebAssembly.validate(bytes) && bytes.length <= 4096, String(bytes.length));
});

for (const fixture of fixtures.models) {
  test(`${fixture.name}: the kernels encode and decode as JavaScript does`, () => {
    const {header} = fixture, records = recordsOf(header), weights = allWeights(header.parts, storedWeights(fixture));
    const found = new Model(header, weights, there(wasmBackend(records, weights)));
    const expected = new Model(header, weights, javascriptBackend(records, weights));
    fixture.x.forEach((values, i) => {
      const x = Float32Array.from(values), z = Float32Array.from(fixture.z[i]), label = fixture.y?.[i] ?? 0;
      close(found.encode(x, label).mean, expected.encode(x, label).mean, WITHIN, "mean");
      close(found.decode(z, label), expected.decode(z, label), WITHIN, "picture");
      for (const side of /** @type {const} */ (["encoder", "decoder"])) {
        found.activations[side].forEach((layer, n) => {
          const size = Math.max(1, ...expected.activations[side][n].map(Math.abs));
          close(layer, expected.activations[side][n], WITHIN * size, `${side} ${n}`);
        });
      }
    });
    assert.deepEqual([...found.weights], [...expected.weights]);
  });
}

for (const [inputs, outputs] of [[1, 1], [2, 3], [3, 4], [5, 7], [7, 9], [33, 130], [784, 17], [20, 785]]) {
  test(`a linear layer of ${inputs} numbers to ${outputs}, with and without labels`, () => {
    for (const activation of ACTIVATIONS) {
      const sizes = {inputs, outputs, weight: 0, bias: inputs * outputs, activation}, labels = (inputs + 1) * outputs;
      for (const label of [null, labels]) {
        const record = /** @type {LinearRecord} */ ({kind: "linear", ...sizes, label}), [found, expected] = both(record, labels + 3 * outputs);
        const x = withZeros(normals(inputs, uniform));
        for (const k of [0, 2, [0, 1]]) close(found(x, k), expected(x, k), WITHIN * 2, `label ${k}`);
      }
    }
  });
}

const SIZES = [[1, 1], [1, 8], [3, 5], [8, 3], [7, 9], [12, 16], [16, 1], [5, 33]];
for (const kind of /** @type {const} */ (["conv", "deconv"])) for (const [kernel, stride, padding] of [[4, 2, 1], [3, 1, 1], [3, 2, 0], [1, 1, 0], [2, 3, 1], [5, 2, 3]]) {
  test(`${kind}: kernel ${kernel}, stride ${stride}, padding ${padding}, odd sizes and numbers of channels`, () => {
    SIZES.forEach(([inputs, outputs], n) => {
      const /** @type {[number, number]} */ from = [5 + (n % 3), 9 - n], side = (/** @type {number} */ size) => (kind === "conv"
        ? Math.floor((size + 2 * padding - kernel) / stride) + 1 : (size - 1) * stride - 2 * padding + kernel);
      const /** @type {[number, number]} */ to = [side(from[0]), side(from[1])];
      if (Math.min(...to) < 1) return;
      const bias = kernel ** 2 * inputs * outputs, activation = ACTIVATIONS[n % 4];
      const record = {kind, inputs, outputs, from, to, kernel, stride, padding, planar: n % 2 === 1, weight: 0, bias, activation};
      const [found, expected] = both(record, bias + outputs), x = withZeros(normals(inputs * from[0] * from[1], uniform));
      for (let again = 0; again < 2; again++) close(found(x, 0), expected(x, 0), WITHIN * 3, `${inputs} to ${outputs} channels`);
    });
  });
}

test("tanh, and silu by its exponential, are as exact as float32 allows everywhere, and NaN stays NaN", () => {
  const count = 400_000, memory = there(memoryOf(count + 64)), values = memory.floats(count);
  const grid = Float32Array.from({length: count}, (_, i) => 200 * (i / count - 0.5) ** 3 * 4);  // close to 0 closer together
  for (const [n, exact] of /** @type {[number, (v: number) => number][]} */ ([[2, Math.tanh], [3, (v) => v / (1 + Math.exp(-v))]])) {
    values.set(grid);
    memory.kernels.activate(values.byteOffset, count, n);
    let worst = 0;
    for (let i = 0; i < count; i++) {
      const expected = exact(grid[i]);
      worst = Math.max(worst, Math.abs(values[i] - expected) / Math.max(Math.abs(expected), 1e-30));
    }
    assert.ok(worst < 5e-7, `${ACTIVATIONS[n - 1]}: off by ${worst}`);
  }
  for (const n of [1, 2, 3]) {
    values.set([NaN, Infinity, -1e30, 0]);
    memory.kernels.activate(values.byteOffset, 4, n);
    assert.ok(Number.isNaN(values[0]) && values[3] === 0, `${ACTIVATIONS[n - 1]} ${values.slice(0, 4)}`);
    assert.equal(values[1], n === 2 ? 1 : Infinity);
    assert.ok(n === 2 ? values[2] === -1 : Math.abs(values[2]) < 1e-6);
  }
});

test("a model that is too large for a memory runs in JavaScript, and so does a layer for which no room is left", () => {
  const vast = /** @type {ConvolutionRecord} */ ({kind: "deconv", inputs: 1, outputs: 1, from: [1, 1], to: [1e5, 1e5], kernel: 1,
    stride: 1, padding: 0, planar: false, weight: 0, bias: 1, activation: null});
  assert.equal(wasmBackend([vast], new Float32Array(2)), null);
  const record = /** @type {LinearRecord} */ ({kind: "linear", inputs: 3, outputs: 2000, weight: 0, bias: 6000, label: null, activation: "tanh"});
  const weights = normals(8000, uniform), backend = there(wasmBackend([record], weights)), x = Float32Array.of(1, 0, -1);
  const first = backend.layer(record)(x, 0);
  for (let i = 0; i < 100; i++) close(backend.layer(record)(x, 0), first, WITHIN);
  assert.ok(first.length === 2000 && backend.weights.length === 8000, "the arrays stay where they are");
});

test("the decoder's gradient has the same numbers from either backend, and leaves the model's alone", () => {
  for (const {header, weights, x, z, half} of fixtures.models.filter((each) => each.header.shape.length === 3 && !each.levels)) {
    if (half) continue;
    const made = Float32Array.from(weights), records = recordsOf(header), all = Int32Array.from(x[0], (_, i) => i);
    const [found, expected] = [there(wasmBackend(records, made)), javascriptBackend(records, made)].map((/** @type {Backend} */ backend) => {
      const model = new Model(header, made, backend), picture = model.decode(z[0], 0).slice(), gradient = new DecoderGradient(model);
      gradient.forward(z[1], 0);
      assert.deepEqual(model.decode(z[0], 0), picture);
      return gradient.backward(Float32Array.from(x[0]), all).slice();
    });
    const size = Math.max(...expected.map(Math.abs));
    close(found, expected, 1e-4 * size, "gradient");
  }
});
