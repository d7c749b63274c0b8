// The words beside a picture in a model of pairs: what they make of the code, and the code of them (vae_core/models/pairs).

import {logOfSum} from "./likelihoods.js";

/** @import {Layer, LayerRecord, Posterior, Vector} from "../types.d.ts" */

/**
 * `sizes`: how many values each word can have; `both` encodes picture and words together, null where each has a posterior of its own
 * and their product is taken.
 *
 * @typedef {{sizes: number[], encoder: LayerRecord[], decoder: LayerRecord[], both: LayerRecord[] | null}} WordsRecord
 */

export class Words {
  /**
   * @param {WordsRecord} record
   * @param {(records: LayerRecord[]) => Layer[]} make
   */
  constructor({sizes, encoder, decoder, both}, make) {
    this.sizes = sizes;
    this.starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
    this.encoder = make(encoder);
    this.decoder = make(decoder);
    this.both = both && make(both);
    const total = sizes.reduce((a, b) => a + b, 0);
    this.oneHot = new Float32Array(total);
    this.probabilities = new Float32Array(total);
  }

  /** The rows of the one-hot words, one for each word. @param {number[]} said the value of each word */
  rows(said) {
    return said.map((value, i) => this.starts[i] + value);
  }

  /** The encoder's raw numbers for these words. @param {number[]} said */
  encode(said) {
    this.oneHot.fill(0);
    for (const row of this.rows(said)) this.oneHot[row] = 1;
    return run(this.encoder, this.oneHot);
  }

  /** The probability of each value of each word, word after word: the same array at every call. @param {Vector} z */
  decode(z) {
    const raw = run(this.decoder, z), {probabilities} = this;
    this.starts.forEach((start, i) => {
      const total = logOfSum(raw, start, this.sizes[i]);
      for (let k = start; k < start + this.sizes[i]; k++) probabilities[k] = Math.exp(raw[k] - total);
    });
    return probabilities;
  }

  /** -ln p(words|z) in nats. @param {Vector} z @param {number[]} said */
  nats(z, said) {
    const raw = run(this.decoder, z);
    return this.rows(said).reduce((sum, row, i) => sum + logOfSum(raw, this.starts[i], this.sizes[i]) - raw[row], 0);
  }
}

/**
 * q(z) given two parts: the product of that given each over the prior, as vae_core/models/pairs/experts.py has it. Written into `q`.
 *
 * @param {{mean: Float32Array, logvar: Float32Array}} q of one part @param {Posterior} other of the other part
 */
export function multiply(q, {mean, logvar}) {
  for (let i = 0; i < q.mean.length; i++) {
    const a = Math.exp(-q.logvar[i]), b = Math.exp(-(logvar?.[i] ?? 0));
    const precision = 1 + Math.max(0, a - 1) + Math.max(0, b - 1);
    q.mean[i] = (a * q.mean[i] + b * mean[i]) / precision;
    q.logvar[i] = -Math.log(precision);
  }
}

/** @param {Layer[]} layers @param {Vector} x */
const run = (layers, x) => layers.reduce((/** @type {Vector} */ values, layer) => layer(values, 0), x);
