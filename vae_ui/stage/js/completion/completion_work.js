// All that is worked out for one picture and one mask, in small pieces: the first steps of q, on which pictures can be shown, then the
// rest of the steps, and the nats of the hidden part under q and under the methods that it is compared with.

import {normals, seeded} from "../model/random.js";
import {reparametrised} from "../model/posterior_samples.js";
import {DecoderGradient} from "./decoder_gradient.js";
import {PriorDraws} from "./prior_draws.js";
import {COMPONENTS, FEW, MANY, SAMPLES, VisibleCode, natsOfMean} from "./visible_code.js";

/** @import {Posterior} from "../types.d.ts" */
/** @import {Model} from "../model/network.js" */
/** @import {HiddenMask} from "./hidden_mask.js" */

const BURN_IN = 20, SHOWN = 10;  // rounds of pseudo-Gibbs before its codes count; steps between two pictures
const AT_ONCE = 5;  // codes of an estimate between two looks at the clock

/** @type {WeakMap<Model, DecoderGradient>} */
const gradients = new WeakMap();

/** @param {Model} model */
function gradientOf(model) {
  const known = gradients.get(model) ?? new DecoderGradient(model);
  gradients.set(model, known);
  return known;
}

/** By model, then by label. @type {WeakMap<Model, Map<number, PriorDraws>>} */
const draws = new WeakMap();

/** @param {Model} model @param {number} label */
function drawsOf(model, label) {
  const labels = draws.get(model) ?? new Map(), known = labels.get(label) ?? new PriorDraws(gradientOf(model), model.latentDim, label);
  draws.set(model, labels.set(label, known));
  return known;
}

/** Methods in the order in which they are shown. @typedef {"few" | "many" | "gibbs" | "once" | "all"} Method */

export class CompletionWork {
  done = false;
  /** Whether the first steps are taken and seen. */ shown = false;
  /** ms of work for the steps of q. */ ms = 0;
  /** The components of q. @type {VisibleCode[]} */ codes = [];

  /**
   * @param {Model} model @param {Float32Array} x @param {Float32Array} fill @param {HiddenMask} mask @param {number} label
   * @param {{code: () => void, nats: (method: Method, nats: number) => void}} tell
   */
  constructor(model, x, fill, mask, label, tell) {
    this.model = model;
    this.x = x;
    this.label = label;
    this.tell = tell;
    this.decoder = gradientOf(model);
    this.hidden = mask.places(true);
    this.visible = mask.places(false);
    this.start = this.#encoded(this.#filled(fill));
    this.out = new Float32Array(x.length);
    this.pieces = this.#all();
  }

  get taken() { return this.codes.length ? this.codes[0].taken : 0; }

  /** The next piece of the work. */
  advance() {
    this.done = Boolean(this.pieces.next().done);
  }

  /** x with the hidden part decoded from the k-th code of q; the same array at every call. @param {Float32Array} eps @param {number} k */
  complete(eps, k) {
    const {model, codes, out, x, label} = this;
    out.set(x);
    if (!codes.length) return out;
    const decoded = model.decode(this.#code(eps, k), label);
    for (const i of this.hidden) out[i] = decoded[i];
    return out;
  }

  /** The k-th code of q: the components take turns. @param {Float32Array} eps @param {number} k */
  #code(eps, k) {
    return this.codes[k % this.codes.length].code(eps);
  }

  * #all() {
    yield* this.#begin();
    yield* this.#steps(FEW);
    this.shown = true;
    this.tell.code();
    yield;
    this.tell.nats("few", yield* this.#nats((eps, k) => this.#code(eps, k)));
    yield* this.#steps(MANY);
    this.tell.code();
    this.tell.nats("many", yield* this.#nats((eps, k) => this.#code(eps, k)));
    this.tell.nats("gibbs", yield* this.#gibbs());
    this.tell.nats("once", yield* this.#nats((eps) => reparametrised(this.start, eps)));
    const seen = this.#encoded(this.x);
    this.tell.nats("all", yield* this.#nats((eps) => reparametrised(seen, eps)));
  }

  /** The components of q where they start: at the encoder's guess, and at draws of the prior that explain the visible pixels best. */
  * #begin() {
    const {model, decoder, start, x, visible, label} = this, prior = drawsOf(model, label);
    yield* prior.decode();
    const began = performance.now(), means = [start.mean, ...prior.likeliest(x, visible, COMPONENTS - 1)];
    this.codes = means.map((mean, i) => new VisibleCode(decoder, {mean, logvar: start.logvar}, x, visible, label, i + 1));
    this.ms += performance.now() - began;
  }

  /** @param {number} until */
  * #steps(until) {
    while (this.taken < until) {
      const began = performance.now();
      for (const code of this.codes) code.step();
      this.ms += performance.now() - began;
      if (this.shown && this.taken % SHOWN === 0) this.tell.code();
      yield;
    }
  }

  /** The nats of the hidden part under SAMPLES codes. @param {(eps: Float32Array, k: number) => Float32Array} draw */
  * #nats(draw) {
    const uniform = seeded(2), found = [];
    for (let k = 0; k < SAMPLES; k++) {
      found.push(this.#cost(draw(normals(this.model.latentDim, uniform), k)));
      if (k % AT_ONCE === 0) yield;
    }
    return natsOfMean(found);
  }

  /** The codes of a chain that fills the hidden part with what is decoded, and encodes it again. */
  * #gibbs() {
    const {model, label} = this, uniform = seeded(3), found = [];
    let q = this.start;
    for (let k = 0; k < BURN_IN + SAMPLES; k++) {
      const z = reparametrised(q, normals(model.latentDim, uniform));
      if (k >= BURN_IN) found.push(this.#cost(z));
      q = this.#encoded(this.#filled(model.decode(z, label)));
      if (k % AT_ONCE === 0) yield;
    }
    return natsOfMean(found);
  }

  /** -ln p(x_hidden|z). @param {Float32Array} z */
  #cost(z) {
    this.decoder.forward(z, this.label);
    return this.decoder.nats(this.x, this.hidden);
  }

  /** x with this guess in the hidden part. @param {Float32Array} guess */
  #filled(guess) {
    const filled = this.x.slice();
    for (const i of this.hidden) filled[i] = guess[i];
    return filled;
  }

  /** @param {Float32Array} x @returns {Posterior} */
  #encoded(x) {
    const {mean, logvar} = this.model.encode(x, this.label);
    return {mean: mean.slice(), logvar: logvar && logvar.slice()};
  }
}
