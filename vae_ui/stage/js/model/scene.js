// What is on the stage: a model, and the numbers that run through it, x -> q(z|x) -> eps -> z -> x'. It knows no screen.
//
// A setter changes an input and marks the rest as out of date; whoever shows the scene hears of it once through `onStale`.
// `compute` then works everything out, once a frame, however many setters were called.

import {SLICE} from "../likelihoods/paced.js";
import {sizeOf} from "./network.js";
import {PosteriorSamples, reparametrised} from "./posterior_samples.js";
import {normals} from "./random.js";

/** @import {Posterior, Terms, Vector} from "../types.d.ts" */
/** @import {Model} from "./network.js" */
/** @import {RemoteModel} from "./remote_model.js" */

export class Scene {
  /** @type {Model | RemoteModel | null} */ model = null;
  label = 0;
  /** What goes in, in [0, 1], channels first. @type {Float32Array | null} */ x = null;
  /** The words that are given beside x or in its place, the value of each. @type {number[] | null} */ said = null;
  /** @type {Posterior | null} */ q = null;
  /** @type {Float32Array | null} */ eps = null;
  /** The chosen code. @type {Float32Array | null} */ z = null;
  /** The code under the pointer. @type {Float32Array | null} */ peek = null;
  /** The decoded picture, in the model's own buffer: true until the next `compute`. @type {Float32Array | null} */ out = null;
  /** The probability of each value of each word beside it, true as long. @type {Vector | null} */ words = null;
  /** Set while x, q and z belong together. @type {Terms | null} */ terms = null;
  /** Where z comes from: chosen by hand ("z"), or from the posterior ("q"). @type {"z" | "q"} */ from = "z";
  /** z is the posterior's mean, without eps. */ meanOnly = true;
  /** How many times as wide as q the codes are drawn; the terms are measured at 1, the truth. */ spread = 1;
  /** Codes drawn from q beside z, where a part shows them. */ samples = new PosteriorSamples();
  stale = false;
  /** How often the numbers were worked out. */ turn = 0;
  /** Called when a setter has made the numbers out of date. */ onStale = () => {};
  /** Whether `q` is the posterior of what is given. */ encoded = false;

  /** Another model: what was on the stage stays where it fits. @param {Model | RemoteModel} model */
  load(model) {
    if (model === this.model) return;
    this.model = model;
    this.q = this.terms = this.out = this.words = this.peek = null;
    this.eps = normals(model.latentDim);
    if (this.x?.length !== sizeOf(model.shape)) this.x = null;
    if (this.z?.length !== model.latentDim) this.z = null;
    if (!model.caption) this.said = null;
    if (!this.given && this.from === "q") this.from = "z";
    this.recompute();
  }

  /** Whether there is anything that q is the posterior of. */
  get given() { return Boolean(this.x ?? this.said); }

  /** The code drawn at this moment: the one under the pointer, else the chosen one. */
  get shown() { return this.peek ?? this.z; }

  /** @param {Float32Array | null} x */
  setX(x) {
    this.setGiven(x, this.said);
  }

  /** A pair, either part of which may be missing. @param {Float32Array | null} x @param {number[] | null} said */
  setGiven(x, said) {
    this.x = x;
    this.said = said;
    this.from = this.given ? "q" : "z";
    this.recompute();
  }

  /** Whether this is the chosen code already, as far as an answer tells it, which is rounded. @param {Vector} z */
  isAt(z) {
    return z.length === this.z?.length && this.z.every((value, i) => Math.abs(value - z[i]) <= 1e-5);
  }

  /** @param {Vector} z */
  setZ(z) {
    this.z = Float32Array.from(z);
    this.from = "z";
    this.#markStale();
  }

  /** @param {Float32Array | null} z */
  setPeek(z) {
    if (!z && !this.peek) return;
    this.peek = z;
    this.#markStale();
  }

  /** @param {number} k */
  setLabel(k) {
    this.label = k;
    this.recompute();
  }

  /** Another eps; z is drawn from q again, no longer its mean. */
  resample() {
    if (this.model) this.eps = normals(this.model.latentDim);
    this.setMeanOnly(false);
  }

  /** z is drawn from q with this eps. @param {Float32Array} eps */
  setEps(eps) {
    this.eps = eps;
    this.setMeanOnly(false);
  }

  /** @param {number} spread */
  setSpread(spread) {
    this.spread = spread;
    this.#markStale();
  }

  /** @param {boolean} on */
  setMeanOnly(on) {
    this.meanOnly = on;
    this.from = this.given ? "q" : "z";
    this.#markStale();
  }

  /** Everything again from x on: an input has changed, a map has come that shows z, or a remote model has answered. */
  recompute() {
    this.encoded = false;
    this.#markStale();
  }

  #markStale() {
    this.stale = true;
    this.onStale();
  }

  /** True when something was worked out. The pictures live in the model's own buffers until the next call. */
  compute() {
    const {model} = this;
    if (!this.stale || !model) return false;
    this.stale = model.behind = false;
    this.#encode(model);
    const eps = this.meanOnly ? null : this.eps, drawn = this.from === "q" ? this.q : null;
    if (drawn) this.z = reparametrised(drawn, eps, this.spread);
    this.terms = this.peek ? null : this.#measure(model, drawn && this.spread !== 1 ? reparametrised(drawn, eps) : this.z);
    this.samples.compute(model, this);
    this.out = this.shown ? model.decode(this.shown, this.label, performance.now() + SLICE) : null;  // last, so that the layers' buffers belong to it
    this.words = this.shown ? model.speak(this.shown) : null;
    this.turn += 1;
    if (model.behind) this.#markStale();
    return true;
  }

  /** @param {Model | RemoteModel} model */
  #encode(model) {
    if (!this.given) this.q = null;
    if (!this.given || this.encoded) return;
    const {mean, logvar} = model.encode(this.x, this.label, this.said);
    this.q = {mean: mean.slice(), logvar: logvar && logvar.slice()};
    this.encoded = true;
  }

  /** @param {Model | RemoteModel} model @param {Float32Array | null} z @returns {Terms | null} */
  #measure(model, z) {
    if (!this.given || !this.q || !z) return null;
    const {distortion, rate, kl} = model.terms(this.x, this.q, z, this.label, performance.now() + SLICE, this.said);
    return {distortion, rate, kl: kl && kl.slice()};
  }
}

