// Likelihoods that are probability masses on the 256 levels of a pixel. The Python side is vae_core's distributions/levels, with the same
// names and formulas; the raw numbers of a picture come map by map: the first number of every pixel, then the second.

/** @import {Likelihood} from "./likelihoods.js" */

const N = 255;

/**
 * -log of a mass at a pixel x in [0, 1]; between two levels the mean of both by distance.
 *
 * @param {number} x @param {(level: number) => number} logMass
 */
function lossAt(x, logMass) {
  const scaled = N * Math.min(1, Math.max(0, x)), nearest = Math.round(scaled);
  if (Math.abs(scaled - nearest) <= 1e-3) return -logMass(nearest);
  const low = Math.floor(scaled), share = scaled - low;
  return -((1 - share) * logMass(low) + share * logMass(low + 1));
}

// The beta-binomial: P(k) = (n over k) B(k + a, n - k + b) / B(a, b). Logs of rising factorials a (a + 1) ... (a + k - 1) by Stirling's
// series at a + 4.
const [SMALLEST_LOG, LARGEST_LOG] = [-12, 9];

/** @param {number} raw */
const limited = (raw) => Math.min(LARGEST_LOG, Math.max(SMALLEST_LOG, raw));

/** @param {number} u */
function stirling(u) {
  const w = 1 / (u * u);
  return (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w / 1680))) / u;
}

/** @param {number} a @param {number} k @param {number} unit */
function logRising(a, k, unit) {
  const u = a + 4, end = u + k, first = a * (a + 3), last = (a + k) * (a + k + 3);
  return (u - 0.5) * Math.log1p(k / u) + k * (Math.log(end / unit) - 1) + stirling(end) - stirling(u) + Math.log((first / last) * ((first + 2) / (last + 2)));
}

/** ln of 255 over k. */
const LOG_CHOICES = Float64Array.from({length: N + 1}, () => 0);
for (let k = 1; k <= N; k++) LOG_CHOICES[k] = LOG_CHOICES[k - 1] + Math.log((N - k + 1) / k);

/** @param {number} a @param {number} b @returns {(level: number) => number} */
function betaBinomialMass(a, b) {
  const total = a + b, unit = total + 4 + N, whole = logRising(total, N, unit);
  return (k) => LOG_CHOICES[k] + logRising(a, k, unit) + logRising(b, N - k, unit) - whole;
}

/** @returns {Likelihood} */
export function betaBinomial() {
  return {
    mean(raw, out) {
      for (let i = 0; i < out.length; i++) out[i] = 1 / (1 + Math.exp(limited(raw[out.length + i]) - limited(raw[i])));
    },
    loss(raw, x) {
      let sum = 0;
      for (let i = 0; i < x.length; i++) {
        sum += lossAt(x[i], betaBinomialMass(Math.exp(limited(raw[i])), Math.exp(limited(raw[x.length + i]))));
      }
      return sum;
    },
  };
}

// A mixture of logistics that are rounded to levels: logits of the weights, then means, then logs of the scales, each for every
// logistic.
const SMALLEST_SCALE = 0.1, LARGEST_LOG_SCALE = 6;

const softplus = (/** @type {number} */ v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));
const scaleOf = (/** @type {number} */ raw) => SMALLEST_SCALE + Math.exp(Math.min(LARGEST_LOG_SCALE, raw));

/** The mean in [0, 1] of a logistic that is cut off at levels 0 and 255. @param {number} centre @param {number} scale */
const cutMean = (centre, scale) => 1 - (scale / N) * (softplus((N - centre) / scale) - softplus(-centre / scale));

/** ln of the mass of one logistic. @param {number} level @param {number} centre @param {number} scale */
function logisticMass(level, centre, scale) {
  const upper = (level + 0.5 - centre) / scale, lower = upper - 1 / scale;
  if (level === 0) return -softplus(-upper);
  if (level === N) return -softplus(lower);
  return Math.log(-Math.expm1(-1 / scale)) - softplus(-upper) - softplus(lower);
}

/** @param {number} count @param {(j: number) => number} value */
function logOfSum(count, value) {
  let most = -Infinity, sum = 0;
  for (let j = 0; j < count; j++) most = Math.max(most, value(j));
  for (let j = 0; j < count; j++) sum += Math.exp(value(j) - most);
  return most + Math.log(sum);
}

/** @returns {Likelihood} */
export function discretisedLogistic() {
  return {
    mean(raw, out) {
      const size = out.length, count = raw.length / (3 * size);
      for (let i = 0; i < size; i++) {
        const total = logOfSum(count, (j) => raw[j * size + i]);
        out[i] = 0;
        for (let j = 0; j < count; j++) {
          const at = j * size + i, centre = N * raw[count * size + at], scale = scaleOf(raw[2 * count * size + at]);
          out[i] += Math.exp(raw[at] - total) * cutMean(centre, scale);
        }
      }
    },
    loss(raw, x) {
      const size = x.length, count = raw.length / (3 * size);
      let sum = 0;
      for (let i = 0; i < size; i++) {
        const total = logOfSum(count, (j) => raw[j * size + i]);
        sum += lossAt(x[i], (level) => logOfSum(count, (j) => {
          const at = j * size + i;
          return raw[at] - total + logisticMass(level, N * raw[count * size + at], scaleOf(raw[2 * count * size + at]));
        }));
      }
      return sum;
    },
  };
}
