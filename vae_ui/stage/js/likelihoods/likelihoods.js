// p(x|z): what the decoder's raw numbers mean. `mean(raw, out)` writes the mean of p(x|z) into `out`, `loss(raw, x)` is
// -log p(x|z) in nats, summed over all numbers. The Python side is vae_core's likelihoods; their names are the keys of LIKELIHOODS.

import {betaBinomial, discretisedLogistic} from "./level_likelihoods.js";
import {tokens} from "./tokens.js";

/** @import {ColumnsRecord, LikelihoodRecord, Vector} from "../types.d.ts" */
/** @import {Backend} from "../model/layers/javascript_backend.js" */
/** @import {WriterRecord} from "./tokens.js" */

/**
 * `inSteps`: the same two where they take long, a step at a time; `out` changes at the last one.
 *
 * @typedef {object} Likelihood
 * @property {(raw: Float32Array, out: Float32Array) => void} mean
 * @property {(raw: Vector, x: Vector) => number} loss
 * @property {{write: (raw: Vector, out: Float32Array) => Generator<void, void>,
 *   measure: (raw: Vector, x: Vector) => Generator<void, number>}} [inSteps]
 */
/** Of one pixel. @typedef {{mean: (raw: number) => number, loss: (raw: number, x: number) => number}} PixelLikelihood */

const sigmoid = (/** @type {number} */ raw) => 1 / (1 + Math.exp(-raw));

/** @type {PixelLikelihood["loss"]} */
const crossEntropy = (raw, x) => Math.max(raw, 0) - raw * x + Math.log1p(Math.exp(-Math.abs(raw)));

/** Pixels that are independent given the code. @param {PixelLikelihood} pixel @returns {Likelihood} */
function eachPixel({mean, loss}) {
  return {
    mean(raw, out) {
      for (let i = 0; i < out.length; i++) out[i] = mean(raw[i]);
    },
    loss(raw, x) {
      let sum = 0;
      for (let i = 0; i < raw.length; i++) sum += loss(raw[i], x[i]);
      return sum;
    },
  };
}

/** @param {number} sigma @returns {PixelLikelihood} */
function normal(sigma) {
  const scale = 0.5 / sigma ** 2, constant = Math.log(sigma) + 0.5 * Math.log(2 * Math.PI);
  return {mean: (raw) => raw, loss: (raw, x) => scale * (x - raw) ** 2 + constant};
}

/** @param {number} sigma @returns {PixelLikelihood} */
function laplace(sigma) {
  return {mean: (raw) => raw, loss: (raw, x) => Math.abs(x - raw) / sigma + Math.log(2 * sigma)};
}

/**
 * Columns of a table: a normal for each number, a categorical distribution for each category, nothing for what is missing. The
 * numbers behind the columns say which values are missing, in the order of `missing`.
 *
 * @param {ColumnsRecord} record @returns {Likelihood}
 */
function columns({widths, missing, sigmas}) {
  const starts = widths.map((_, i) => widths.slice(0, i).reduce((a, b) => a + b, 0)), end = starts[starts.length - 1] + widths[widths.length - 1];
  const numbers = widths.flatMap((width, i) => (width === 1 ? [i] : []));
  const normals = new Map(numbers.map((column, i) => [column, normal(sigmas[i])]));
  return {
    mean(raw, out) {
      widths.forEach((width, i) => (width === 1 ? (out[starts[i]] = raw[starts[i]]) : softmax(raw, starts[i], width, out)));
      out.fill(0, end);
    },
    loss(raw, x) {
      let sum = 0;
      for (const [i, width] of widths.entries()) {
        const flag = missing.indexOf(i), seen = flag < 0 ? 1 : 1 - x[end + flag], known = normals.get(i);
        if (!seen) continue;
        sum += seen * (known ? known.loss(raw[starts[i]], x[starts[i]]) : categorical(raw, starts[i], width, x));
      }
      return sum;
    },
  };
}

/** ln of the sum of exp over a part of `raw`. @param {Vector} raw @param {number} start @param {number} width */
export function logOfSum(raw, start, width) {
  let most = -Infinity, sum = 0;
  for (let i = start; i < start + width; i++) most = Math.max(most, raw[i]);
  for (let i = start; i < start + width; i++) sum += Math.exp(raw[i] - most);
  return most + Math.log(sum);
}

/** @param {Float32Array} raw @param {number} start @param {number} width @param {Float32Array} out */
function softmax(raw, start, width, out) {
  const total = logOfSum(raw, start, width);
  for (let i = start; i < start + width; i++) out[i] = Math.exp(raw[i] - total);
}

/** @param {Vector} raw @param {number} start @param {number} width @param {Vector} x */
function categorical(raw, start, width, x) {
  const total = logOfSum(raw, start, width);
  let sum = 0;
  for (let i = start; i < start + width; i++) sum += x[i] * (total - raw[i]);
  return sum;
}

/** @param {(sigma: number) => PixelLikelihood} make @returns {(record: LikelihoodRecord) => Likelihood} */
const withSigma = (make) => ({sigma}) => eachPixel(make(sigma ?? NaN));

/** @type {{[name: string]: (record: LikelihoodRecord, backend: Backend) => Likelihood}} */
export const LIKELIHOODS = {
  bernoulli: () => eachPixel({mean: sigmoid, loss: crossEntropy}),
  continuous_bernoulli: () => eachPixel({mean: continuousMean, loss: continuousLoss}),
  gaussian: withSigma(normal),
  gaussian_learned: withSigma(normal),
  gaussian_optimal: withSigma(normal),
  laplace: withSigma(laplace),
  beta_binomial: betaBinomial,
  discretised_logistic: discretisedLogistic,
  columns: ({columns: record}) => columns(/** @type {ColumnsRecord} */ (record)),
  tokens: ({writer}, backend) => tokens(/** @type {WriterRecord} */ (writer), backend),
};

// The continuous Bernoulli (Loaiza-Ganem and Cunningham 2019) in its logit l: its density is l exp(l x) / (exp(l) - 1). With
// a = |l| and the distance `away` of x from the end that l favours. Near l = 0 numerator and denominator vanish, so a Taylor
// series takes over.
const NEAR = 0.01;
const HALF_LEVEL = 0.5 / 255;  // how far from the end a pixel that is exactly 0 or 1 is taken to be

/** @param {number} l */
function continuousMean(l) {
  if (Math.abs(l) < NEAR) return 0.5 + l / 12 - l ** 3 / 720;
  const a = Math.abs(l), away = 1 / a - 1 / Math.expm1(a);
  return l > 0 ? 1 - away : away;
}

/** @type {PixelLikelihood["loss"]} */
function continuousLoss(l, pixel) {
  const x = pixel <= 0 ? HALF_LEVEL : pixel >= 1 ? 1 - HALF_LEVEL : pixel;
  if (Math.abs(l) < NEAR) return l ** 2 / 24 - l * (x - 0.5);
  const a = Math.abs(l), away = l > 0 ? 1 - x : x;
  return a * away - Math.log(a) + Math.log1p(-Math.exp(-a));
}
