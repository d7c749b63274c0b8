// The model in the browser: encode, decode and the two terms of the loss, all in buffers that are made once.
// Python's side is vae_core/export/browser.py; the words are those of vae_core: x, z, q, distortion, rate, nats.

import {columnsOf, convLayer, deconvLayer, linearLayer} from "./kernels.js";

const LAYER_KINDS = {linear: linearLayer, conv: convLayer, deconv: deconvLayer};

export class Model {
  // `header` as vae_core.export.browser makes it, `weights` a Float32Array.
  constructor(header, weights) {
    const {shape, latent_dim: codes, classes, posterior, likelihood, encoder, decoder} = header;
    const columns = new Float32Array(Math.max(...[...encoder, ...decoder].map(columnsOf)));
    const built = (layers) => layers.map((layer) => LAYER_KINDS[layer.kind](layer, weights, columns));
    Object.assign(this, {header, shape, latentDim: codes, classes, encoder: built(encoder), decoder: built(decoder)});
    this.density = DENSITY[likelihood.name](likelihood.sigma);
    this.sure = posterior === "point";
    this.size = shape.reduce((a, b) => a * b, 1);
    this.out = new Float32Array(this.size);
    this.q = {mean: new Float32Array(codes), logvar: this.sure ? null : new Float32Array(codes)};
    this.told = {distortion: 0, rate: null, kl: new Float32Array(codes)};
    this.decoded = {z: new Float32Array(codes).fill(NaN), label: null};
  }

  // q(z|x) of x in [0, 1]: mean and log-variance (null for a plain autoencoder). The same two arrays at every call.
  encode(x, label) {
    const raw = runLayers(this.encoder, x, label ?? 0), {mean, logvar} = this.q;
    for (let i = 0; i < this.latentDim; i++) {
      mean[i] = raw[i];
      if (logvar) logvar[i] = Math.min(8, Math.max(-20, raw[this.latentDim + i]));  // posteriors.LOG_VARIANCE
    }
    return this.q;
  }

  // The mean of p(x|z), channel by channel; the same array at every call. `raw` is the decoder's output before it.
  decode(z, label) {
    if (this.isDecoded(z, label ?? 0)) return this.out;
    const raw = (this.raw = runLayers(this.decoder, z, label ?? 0)), {mean} = this.density, out = this.out;
    for (let i = 0; i < out.length; i++) out[i] = mean(raw[i]);
    return out;
  }

  // In nats for one image: distortion = -log p(x|z), kl of q to N(0, 1) for each dimension, rate = their sum. A plain
  // autoencoder has no rate.
  terms(x, q, z, label) {
    this.decode(z, label);
    const {told, raw} = this, {loss} = this.density;
    told.distortion = 0;
    for (let i = 0; i < raw.length; i++) told.distortion += loss(raw[i], x[i]);
    if (this.sure) return told;
    told.rate = 0;
    for (let i = 0; i < this.latentDim; i++) {
      const kl = 0.5 * (q.mean[i] ** 2 + Math.exp(q.logvar[i]) - 1 - q.logvar[i]);
      told.kl[i] = kl;
      told.rate += kl;
    }
    return told;
  }

  // Whether `out` is the picture of this very code already: a frame asks for the picture and for the terms.
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

function runLayers(layers, x, label) {
  for (const layer of layers) x = layer(x, label);
  return x;
}

const sigmoid = (raw) => 1 / (1 + Math.exp(-raw));
const crossEntropy = (raw, x) => Math.max(raw, 0) - raw * x + Math.log1p(Math.exp(-Math.abs(raw)));

// What the decoder's numbers mean, pixel by pixel: mean(raw), and loss(raw, x) = -log p(x|raw).
const gaussianDensity = (sigma) => {
  const scale = 0.5 / sigma ** 2, constant = Math.log(sigma) + 0.5 * Math.log(2 * Math.PI);
  return {mean: (raw) => raw, loss: (raw, x) => scale * (x - raw) ** 2 + constant};
};
const DENSITY = {
  bernoulli: () => ({mean: sigmoid, loss: crossEntropy}),
  continuous_bernoulli: () => ({mean: continuousMean, loss: continuousLoss}),
  gaussian: gaussianDensity,
  gaussian_learned: gaussianDensity,
  gaussian_optimal: gaussianDensity,
  laplace: (sigma) => ({mean: (raw) => raw, loss: (raw, x) => Math.abs(x - raw) / sigma + Math.log(2 * sigma)}),
};

// The continuous Bernoulli in its logit l, as in vae_core/distributions/pixels.py: l exp(l x) / (exp(l) - 1), with a = |l| and the distance
// `away` of x from the end that l favours. Near l = 0 all of it is a quotient of zeros, so a Taylor series takes over.
const NEAR = 0.01;
const HALF_LEVEL = 0.5 / 255;  // where pixels that are exactly 0 or 1 are taken to be, seen from the end

function continuousMean(l) {
  if (Math.abs(l) < NEAR) return 0.5 + l / 12 - l ** 3 / 720;
  const a = Math.abs(l), away = 1 / a - 1 / Math.expm1(a);
  return l > 0 ? 1 - away : away;
}

function continuousLoss(l, pixel) {
  const x = pixel <= 0 ? HALF_LEVEL : pixel >= 1 ? 1 - HALF_LEVEL : pixel;
  if (Math.abs(l) < NEAR) return l ** 2 / 24 - l * (x - 0.5);
  const a = Math.abs(l), away = l > 0 ? 1 - x : x;
  return a * away - Math.log(a) + Math.log1p(-Math.exp(-a));
}

// The numbers behind float16's bits: shifted into a float32's place, they are 2^112 times too small.
export function halfToFloat(halves) {
  const floats = new Float32Array(halves.length), bits = new Uint32Array(floats.buffer);
  for (let i = 0; i < halves.length; i++) {
    bits[i] = (halves[i] & 0x7fff) << 13;
    floats[i] *= 2 ** 112;
    bits[i] |= (halves[i] & 0x8000) << 16;
  }
  return floats;
}
