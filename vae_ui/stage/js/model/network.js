// The model in the browser: encode, decode and the two terms of the bound, all in buffers that are made once. The Python side
// is vae_core's export; the words are the same: x, z, q, distortion, rate, nats.

import {columnsOf, convLayer, deconvLayer, linearLayer} from "./layers.js";
import {LIKELIHOODS} from "../likelihoods/likelihoods.js";

/** @import {Layer, LayerRecord, ModelHeader, Posterior, Shape, Terms, Vector} from "../types.d.ts" */

/** How many numbers an array of this shape holds. @param {Shape} shape */
export const sizeOf = (shape) => shape.reduce((a, b) => a * b, 1);

export class Model {
  remote = false;
  /** The decoder's output before the likelihood's mean. @type {Float32Array} */
  raw = new Float32Array(0);
  /** The code and label whose picture `out` holds. @type {{z: Float32Array, label: number | null}} */
  decoded;

  /**
   * @param {ModelHeader} header as Python's export makes it
   * @param {Float32Array} weights
   */
  constructor(header, weights) {
    const {shape, latent_dim: codes, classes, posterior, likelihood, encoder, decoder} = header;
    const columns = new Float32Array(Math.max(...[...encoder, ...decoder].map(columnsOf)));
    this.shape = shape;
    this.latentDim = codes;
    this.classes = classes;
    this.weights = weights;
    /** What each layer is, for those who look inside. */
    this.records = {encoder, decoder};
    /** What each layer gave last, in the layer's own buffer. @type {{encoder: Float32Array[], decoder: Float32Array[]}} */
    this.activations = {encoder: [], decoder: []};
    this.encoder = encoder.map((record) => layerOf(record, weights, columns));
    this.decoder = decoder.map((record) => layerOf(record, weights, columns));
    this.likelihood = LIKELIHOODS[likelihood.name](likelihood);
    this.columns = header.columns ?? null;
    /** Sentences are decoded by the server. @type {import("../types.d.ts").VocabularyRecord | null} */
    this.vocabulary = null;
    this.isPoint = posterior === "point";
    this.out = new Float32Array(sizeOf(shape));
    this.q = {mean: new Float32Array(codes), logvar: this.isPoint ? null : new Float32Array(codes)};
    /** @type {Terms & {kl: Float32Array}} */
    this.measured = {distortion: 0, rate: null, kl: new Float32Array(codes)};
    this.decoded = {z: new Float32Array(codes).fill(NaN), label: null};
  }

  /**
   * q(z|x) of x in [0, 1]: mean and log-variance. The same two arrays at every call.
   *
   * @param {Vector} x @param {number | null} [label] @returns {Posterior}
   */
  encode(x, label) {
    const raw = runLayers(this.encoder, x, label ?? 0, this.activations.encoder), {mean, logvar} = this.q;
    for (let i = 0; i < this.latentDim; i++) {
      mean[i] = raw[i];
      if (logvar) logvar[i] = Math.min(8, Math.max(-20, raw[this.latentDim + i]));  // as Python limits the log-variance
    }
    return this.q;
  }

  /**
   * The mean of p(x|z), channel by channel; the same array at every call.
   *
   * @param {Vector} z @param {number | null} [label]
   */
  decode(z, label) {
    if (this.isDecoded(z, label ?? 0)) return this.out;
    this.raw = runLayers(this.decoder, z, label ?? 0, this.activations.decoder);
    this.likelihood.mean(this.raw, this.out);
    return this.out;
  }

  /**
   * Distortion and rate in nats for one image; a plain autoencoder has no rate. The same record at every call.
   *
   * @param {Vector} x @param {Posterior} q @param {Vector} z @param {number | null} [label]
   */
  terms(x, q, z, label) {
    this.decode(z, label);
    const {measured, raw} = this, {mean, logvar} = q;
    measured.distortion = this.likelihood.loss(raw, x);
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
   * Whether `out` is the picture of this very code already: one frame asks for the picture and for the terms.
   *
   * @param {Vector} z @param {number} label
   */
  isDecoded(z, label) {
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

/** @param {LayerRecord} record @param {Float32Array} weights @param {Float32Array} columns @returns {Layer} */
function layerOf(record, weights, columns) {
  if (record.kind === "linear") return linearLayer(record, weights);
  return record.kind === "conv" ? convLayer(record, weights, columns) : deconvLayer(record, weights, columns);
}

/** @param {Layer[]} layers @param {Vector} x @param {number} label @param {Float32Array[]} kept each layer's output @returns {Float32Array} */
function runLayers(layers, x, label, kept) {
  let values = x;
  layers.forEach((layer, i) => (values = kept[i] = layer(values, label)));
  return /** @type {Float32Array} */ (values);
}
