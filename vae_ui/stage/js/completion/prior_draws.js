// Draws of the prior and what a model decodes from them: where a fit to the visible pixels can begin, besides the encoder's guess.

import {normals, seeded} from "../model/random.js";

/** @import {DecoderGradient} from "./decoder_gradient.js" */

const COUNT = 64;  // as in vae_core/completion/weighted_codes.py

export class PriorDraws {
  /** @type {Float32Array[]} */ codes = [];
  /** The decoder's raw numbers of each. @type {Float32Array[]} */ raws = [];

  /** @param {DecoderGradient} decoder @param {number} latentDim @param {number} label */
  constructor(decoder, latentDim, label) {
    this.decoder = decoder;
    this.latentDim = latentDim;
    this.label = label;
    this.uniform = seeded(4);
  }

  /** Decodes those that are not decoded yet, one in each piece. */
  * decode() {
    while (this.codes.length < COUNT) {
      const z = normals(this.latentDim, this.uniform);
      this.decoder.forward(z, this.label);
      this.codes.push(z);
      this.raws.push(this.decoder.raw().slice());
      yield;
    }
  }

  /** The codes that explain these pixels best. @param {Float32Array} x @param {Int32Array} visible @param {number} count */
  likeliest(x, visible, count) {
    const nats = this.raws.map((raw) => this.decoder.nats(x, visible, raw));
    const order = nats.map((_, i) => i).sort((i, j) => nats[i] - nats[j]);
    return order.slice(0, count).map((i) => this.codes[i]);
  }
}
