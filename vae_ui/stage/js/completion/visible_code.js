// A mixture of Gaussians q(z) fitted to the visible pixels alone, step by step; and what the hidden pixels cost under codes of it. The
// Python side is vae_core/completion, with the same steps, numbers of components and draws, and the same estimate.

import {normals, seeded} from "../model/random.js";

/** @import {Posterior} from "../types.d.ts" */
/** @import {DecoderGradient} from "./decoder_gradient.js" */

export const FEW = 20, MANY = 150;  // steps while a hand moves, and in all
export const SAMPLES = 200;  // codes for the nats of the hidden part
export const COMPONENTS = 4;
const RATE = 0.1, DRAWS = 1, BETAS = [0.9, 0.999], SMALL = 1e-8;

export class VisibleCode {
  /** Steps taken. */ taken = 0;

  /**
   * @param {DecoderGradient} decoder
   * @param {Posterior} start the encoder's q(z|x) of the picture with a guess in its hidden part
   * @param {Float32Array} x @param {Int32Array} visible pixels that count @param {number} label @param {number} [seed]
   */
  constructor(decoder, {mean, logvar}, x, visible, label, seed = 1) {
    this.decoder = decoder;
    this.x = x;
    this.visible = visible;
    this.label = label;
    this.size = mean.length;
    /** Means, then logs of standard deviations. */
    this.numbers = new Float64Array(2 * this.size);
    for (let i = 0; i < this.size; i++) {
      this.numbers[i] = mean[i];
      this.numbers[this.size + i] = logvar ? logvar[i] / 2 : 0;
    }
    this.by = new Float64Array(2 * this.size);
    this.first = new Float64Array(2 * this.size);
    this.second = new Float64Array(2 * this.size);
    this.uniform = seeded(seed);  // the same chance for every picture and mask, so that a hand that moves sees no flicker
  }

  /** z = mean + std eps. @param {Float32Array} eps */
  code(eps) {
    const {numbers, size} = this;
    return eps.map((e, i) => numbers[i] + Math.exp(numbers[size + i]) * e);
  }

  /** One step of Adam on -E_q[ln p(x_visible|z)] + KL(q to N(0, I)), its gradient from DRAWS codes. */
  step() {
    const {numbers, by, size} = this;
    for (let i = 0; i < size; i++) {
      by[i] = numbers[i];  // of the KL
      by[size + i] = Math.exp(2 * numbers[size + i]) - 1;
    }
    for (let draw = 0; draw < DRAWS; draw++) {
      const eps = normals(size, this.uniform);
      this.decoder.forward(this.code(eps), this.label);
      const slope = this.decoder.backward(this.x, this.visible);
      for (let i = 0; i < size; i++) {
        by[i] += slope[i] / DRAWS;
        by[size + i] += (slope[i] * Math.exp(numbers[size + i]) * eps[i]) / DRAWS;
      }
    }
    this.#adam();
  }

  #adam() {
    const {numbers, by, first, second} = this, rate = RATE * Math.max(0, 1 - this.taken / MANY), [one, two] = BETAS;
    this.taken += 1;
    for (let i = 0; i < numbers.length; i++) {
      first[i] += (1 - one) * (by[i] - first[i]);
      second[i] += (1 - two) * (by[i] ** 2 - second[i]);
      const mean = first[i] / (1 - one ** this.taken), square = second[i] / (1 - two ** this.taken);
      numbers[i] -= (rate * mean) / (Math.sqrt(square) + SMALL);
    }
  }
}

/** -ln of the mean of p over codes, from each code's -ln p. @param {number[]} nats */
export function natsOfMean(nats) {
  const least = Math.min(...nats);
  return least - Math.log(nats.reduce((sum, each) => sum + Math.exp(least - each), 0) / nats.length);
}
