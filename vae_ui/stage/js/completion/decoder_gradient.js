// -ln p of some pixels given a code, and its gradient by the code: the decoder forwards with what each layer gave before its
// activation, then backwards. All in buffers that are made once.

import {outputsOf} from "../model/layers/javascript_backend.js";
import {sizeOf} from "../model/network.js";
import {backwardLayers} from "./layer_gradients.js";

/** @import {Layer, LayerRecord, Vector} from "../types.d.ts" */
/** @import {Backend} from "../model/layers/javascript_backend.js" */
/** @import {Model} from "../model/network.js" */
/** @typedef {{forward: Layer, backward: Layer, activation: string, before: Float32Array, after: Float32Array}} Step */

const STEP = 1e-3;  // on either side of a raw number, for the slope of a pixel's loss

/** Of an activation: its value, and its slope, at what goes in. @type {{[name: string]: [(v: number) => number, (v: number) => number]}} */
const ACTIVATIONS = {
  none: [(v) => v, () => 1],
  relu: [(v) => Math.max(v, 0), (v) => (v > 0 ? 1 : 0)],
  tanh: [Math.tanh, (v) => 1 - Math.tanh(v) ** 2],
  silu: [(v) => v * sigmoid(v), (v) => sigmoid(v) * (1 + v * (1 - sigmoid(v)))],
};
const sigmoid = (/** @type {number} */ v) => 1 / (1 + Math.exp(-v));

export class DecoderGradient {
  /** @param {Model} model */
  constructor(model) {
    const backwards = backwardLayers(model.records.decoder, model.weights);
    this.likelihood = model.likelihood;
    this.size = sizeOf(model.shape);
    /** @type {Step[]} */
    this.steps = model.records.decoder.map((record, i) => stepOf(record, model.backend, backwards[i]));
    /** @type {Float32Array} */
    this.bySlope = new Float32Array(0);
    /** The raw numbers of one pixel, not in float32, since slopes are differences. @type {number[]} */
    this.one = [];
  }

  /** The decoder's raw numbers for a code. @param {Vector} z @param {number} label */
  forward(z, label) {
    let values = z;
    for (const {forward, activation, before, after} of this.steps) {
      before.set(forward(values, label));
      const [value] = ACTIVATIONS[activation];
      for (let i = 0; i < before.length; i++) after[i] = value(before[i]);
      values = after;
    }
    return /** @type {Float32Array} */ (values);
  }

  /**
   * The gradient by z, at the code that `forward` had last, of -ln p(pixels|z); `used` are the pixels that count.
   *
   * @param {Float32Array} x @param {Int32Array} used @returns {Float32Array}
   */
  backward(x, used) {
    /** @type {Float32Array} */
    let by = this.#slopes(x, used);
    for (const {backward, activation, before} of this.steps.toReversed()) {
      const [, slope] = ACTIVATIONS[activation];
      if (activation !== "none") for (let i = 0; i < by.length; i++) by[i] *= slope(before[i]);
      by = backward(by, 0);
    }
    return by;
  }

  /**
   * -ln p of the pixels `used` in nats, given raw numbers: those of the code that `forward` had last, or `raw`.
   *
   * @param {Float32Array} x @param {Int32Array} used
   */
  nats(x, used, raw = this.raw()) {
    let sum = 0;
    for (const i of used) sum += this.#pixel(raw, i, x);
    return sum;
  }

  /** Where raw number r of pixel i stands: r maps come one after the other. @param {Float32Array} x @param {Int32Array} used */
  #slopes(x, used) {
    const raw = this.raw(), {size, one} = this;
    if (this.bySlope.length !== raw.length) this.bySlope = new Float32Array(raw.length);
    this.bySlope.fill(0);
    for (const i of used) {
      this.#pixel(raw, i, x);
      for (let r = 0; r < one.length; r++) {
        const at = one[r];
        one[r] = at + STEP;
        const high = this.#loss(x[i]);
        one[r] = at - STEP;
        this.bySlope[i + r * size] = (high - this.#loss(x[i])) / (2 * STEP);
        one[r] = at;
      }
    }
    return this.bySlope;
  }

  /** The raw numbers of the code that `forward` had last, in the array that the next one overwrites. */
  raw() {
    const raw = this.steps[this.steps.length - 1].after, count = raw.length / this.size;
    if (this.one.length !== count) this.one = Array.from({length: count}, () => 0);
    return raw;
  }

  /** @param {Float32Array} raw @param {number} i @param {Float32Array} x */
  #pixel(raw, i, x) {
    for (let r = 0; r < this.one.length; r++) this.one[r] = raw[i + r * this.size];
    return this.#loss(x[i]);
  }

  #value = [0];
  /** @param {number} value */
  #loss(value) {
    this.#value[0] = value;
    return this.likelihood.loss(this.one, this.#value);
  }
}

/** @param {LayerRecord} record @param {Backend} backend @param {Layer} backward @returns {Step} */
function stepOf(record, backend, backward) {
  const size = outputsOf(record), forward = backend.layer({...record, activation: null}), activation = record.activation ?? "none";
  return {forward, backward, activation, before: new Float32Array(size), after: new Float32Array(size)};
}
