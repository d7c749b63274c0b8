// The model in the browser: encode, decode and the two terms of the bound, all in buffers that are made once. The Python side
// is vae_core's export; the words are the same: x, z, q, distortion, rate, nats.

import {backendOf} from "./layers/wasm_backend.js";
import {recordsOf} from "./layers/javascript_backend.js";
import {LIKELIHOODS} from "../likelihoods/likelihoods.js";
import {reader} from "../likelihoods/gru.js";
import {Paced, SLICE} from "../likelihoods/paced.js";
import {Words, multiply} from "../likelihoods/words.js";

/** @import {Layer, LayerRecord, ModelHeader, Posterior, Shape, Terms, Vector} from "../types.d.ts" */
/** @import {Backend} from "./layers/javascript_backend.js" */
/** @import {Likelihood} from "../likelihoods/likelihoods.js" */

/** How many numbers an array of this shape holds. @param {Shape} shape */
export const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);

export class Model {
  remote = false;
  /** Something that was asked for is not ready yet, and is to be asked for again. */ behind = false;
  /** The decoder's output before the likelihood's mean. @type {Float32Array} */
  raw = new Float32Array(0);
  /** The code and label that `raw` belongs to. @type {{z: Float32Array, label: number | null}} */
  decoded;
  /** How often `raw` was worked out, and for which of these times `out` is. */
  #turn = 0;
  #shown = 0;
  /** What a likelihood works out in steps: `out`, and the distortion. @type {Paced<number, void>} */ #written = new Paced(0);
  /** @type {Paced<string, number>} */ #measured = new Paced("");

  /**
   * @param {ModelHeader} header as Python's export makes it
   * @param {Float32Array} weights
   * @param {Backend} [backend] what runs the layers
   */
  constructor(header, weights, backend = backendOf(recordsOf(header), weights, header.words?.sizes.length)) {
    const {shape, latent_dim: codes, classes, posterior, likelihood, encoder, decoder} = header;
    this.backend = backend;
    this.reader = header.reader ? reader(header.reader, backend) : null;
    this.shape = shape;
    this.latentDim = codes;
    this.classes = classes;
    this.weights = backend.weights;
    /** What each layer is, for those who look inside. */
    this.records = {encoder, decoder};
    /** What each layer gave last, in the layer's own buffer. @type {{encoder: Float32Array[], decoder: Float32Array[]}} */
    this.activations = {encoder: [], decoder: []};
    const make = (/** @type {LayerRecord[]} */ records) => records.map((record) => backend.layer(record));
    this.encoder = make(encoder);
    this.decoder = make(decoder);
    /** Of a model of pairs: the networks of the words beside a picture. */
    this.words = header.words ? new Words(header.words, make) : null;
    this.likelihood = LIKELIHOODS[likelihood.name](likelihood, backend);
    this.columns = header.columns ?? null;
    this.vocabulary = header.vocabulary ?? null;
    this.caption = header.caption ?? null;
    this.isPoint = posterior === "point";
    this.out = new Float32Array(sizeOf(shape));
    this.q = {mean: new Float32Array(codes), logvar: this.isPoint ? null : new Float32Array(codes)};
    /** @type {Terms & {kl: Float32Array}} */
    this.measured = {distortion: 0, rate: null, kl: new Float32Array(codes)};
    this.decoded = {z: new Float32Array(codes).fill(NaN), label: null};
  }

  /**
   * q(z|x) of x in [0, 1], or of token ids: mean and log-variance. The same two arrays at every call. Of a pair either part may be
   * missing: `said` is the value of each word.
   *
   * @param {Vector | null} x @param {number | null} [label] @param {number[] | null} [said] @returns {Posterior}
   */
  encode(x, label, said = null) {
    const {words} = this;
    if (!said || !words) return this.#posterior(x ?? [], label ?? 0);
    if (!x) return this.#read(words.encode(said));
    if (words.both) return this.#read(runLayers(words.both, x, words.rows(said), []));
    const {mean, logvar} = this.#posterior(x, 0), given = {mean: mean.slice(), logvar: logvar && logvar.slice()};
    const q = this.#read(words.encode(said));
    if (q.logvar) multiply({mean: q.mean, logvar: q.logvar}, given);
    return q;
  }

  /** @param {Vector} x @param {number} label */
  #posterior(x, label) {
    return this.#read(runLayers(this.encoder, this.reader ? this.reader(x, 0) : x, label, this.activations.encoder));
  }

  /** @param {Vector} raw an encoder's output @returns {Posterior} */
  #read(raw) {
    const {mean, logvar} = this.q;
    for (let i = 0; i < this.latentDim; i++) {
      mean[i] = raw[i];
      if (logvar) logvar[i] = Math.min(8, Math.max(-20, raw[this.latentDim + i]));  // as Python limits the log-variance
    }
    return this.q;
  }

  /** Of a model of pairs: the probability of each value of each word at z; the same array at every call. @param {Vector} z */
  speak(z) {
    return this.words && this.words.decode(z);
  }

  /**
   * The mean of p(x|z), channel by channel, or the likeliest words; the same array at every call. With a time `until`, in ms, what takes
   * longer goes on at the next call: until then `out` is that of an earlier code, and the model is `behind`.
   *
   * @param {Vector} z @param {number | null} [label] @param {number} [until]
   */
  decode(z, label, until = Infinity) {
    const {out, likelihood: {mean, inSteps}} = this;
    this.#run(z, label ?? 0);
    if (this.#shown === this.#turn) return out;
    if (inSteps && until < Infinity) {
      this.#shown = this.#written.follow(this.#turn, () => inSteps.write(this.raw, out), until);
      this.behind ||= this.#shown !== this.#turn;
    } else {
      mean(this.raw, out);
      this.#shown = this.#turn;
    }
    return out;
  }

  /** Whether a frame is too short for a sentence. */
  get slow() { return this.#written.least > SLICE; }

  /**
   * Distortion and rate in nats for one image; a plain autoencoder has no rate. The same record at every call; `until` as in `decode`.
   * Of a pair the distortion is that of the parts that are given.
   *
   * @param {Vector | null} x @param {Posterior} q @param {Vector} z @param {number | null} [label] @param {number} [until]
   * @param {number[] | null} [said]
   */
  terms(x, q, z, label, until = Infinity, said = null) {
    const {measured, likelihood: {loss, inSteps}} = this, {mean, logvar} = q;
    if (x) this.#run(z, label ?? 0);
    measured.distortion = !x ? 0 : inSteps && until < Infinity ? this.#distortion(inSteps, x, until) : loss(this.raw, x);
    if (said && this.words) measured.distortion += this.words.nats(z, said);
    if (!logvar) return measured;
    measured.rate = 0;
    for (let i = 0; i < this.latentDim; i++) {
      const kl = 0.5 * (mean[i] ** 2 + Math.exp(logvar[i]) - 1 - logvar[i]);
      measured.kl[i] = kl;
      measured.rate += kl;
    }
    return measured;
  }

  /**
   * The last one known; NaN before the first.
   *
   * @param {NonNullable<Likelihood["inSteps"]>} inSteps @param {Vector} x @param {number} until
   */
  #distortion({measure}, x, until) {
    const key = `${this.#turn}:${x.join()}`;
    this.behind ||= this.#measured.follow(key, () => measure(this.raw, x), until) !== key;
    return this.#measured.value ?? NaN;
  }

  /**
   * The decoder's output, unless it is that of this very code already: one frame asks for the picture and for the terms.
   *
   * @param {Vector} z @param {number} label
   */
  #run(z, label) {
    if (this.#isDecoded(z, label)) return;
    this.raw = runLayers(this.decoder, z, label, this.activations.decoder);
    this.#turn += 1;
  }

  /** @param {Vector} z @param {number} label */
  #isDecoded(z, label) {
    const {decoded} = this;
    let same = decoded.label === label;
    for (let i = 0; i < this.latentDim; i++) {
      same &&= decoded.z[i] === z[i];
      decoded.z[i] = z[i];
    }
    decoded.label = label;
    return same;
  }
}

/** @param {Layer[]} layers @param {Vector} x @param {number | number[]} label @param {Float32Array[]} kept each layer's output
 * @returns {Float32Array} */
function runLayers(layers, x, label, kept) {
  let values = x;
  layers.forEach((layer, i) => (values = kept[i] = layer(values, label)));
  return /** @type {Float32Array} */ (values);
}
