// p(x|z), pixel by pixel: what the decoder's raw numbers mean. `mean(raw)` is the pixel's mean, `loss(raw, x)` its
// -log p(x|z) in nats. The Python side is vae_core's likelihoods; their names are the keys of LIKELIHOODS.

/** @typedef {{mean: (raw: number) => number, loss: (raw: number, x: number) => number}} Likelihood */

const sigmoid = (/** @type {number} */ raw) => 1 / (1 + Math.exp(-raw));

/** @type {Likelihood["loss"]} */
const crossEntropy = (raw, x) => Math.max(raw, 0) - raw * x + Math.log1p(Math.exp(-Math.abs(raw)));

/** @param {number} sigma @returns {Likelihood} */
function gaussian(sigma) {
  const scale = 0.5 / sigma ** 2, constant = Math.log(sigma) + 0.5 * Math.log(2 * Math.PI);
  return {mean: (raw) => raw, loss: (raw, x) => scale * (x - raw) ** 2 + constant};
}

/** @param {number} sigma @returns {Likelihood} */
function laplace(sigma) {
  return {mean: (raw) => raw, loss: (raw, x) => Math.abs(x - raw) / sigma + Math.log(2 * sigma)};
}

/** @type {{[name: string]: (sigma: number) => Likelihood}} */
export const LIKELIHOODS = {
  bernoulli: () => ({mean: sigmoid, loss: crossEntropy}),
  continuous_bernoulli: () => ({mean: continuousMean, loss: continuousLoss}),
  gaussian,
  gaussian_learned: gaussian,
  gaussian_optimal: gaussian,
  laplace,
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

/** @type {Likelihood["loss"]} */
function continuousLoss(l, pixel) {
  const x = pixel <= 0 ? HALF_LEVEL : pixel >= 1 ? 1 - HALF_LEVEL : pixel;
  if (Math.abs(l) < NEAR) return l ** 2 / 24 - l * (x - 0.5);
  const a = Math.abs(l), away = l > 0 ? 1 - x : x;
  return a * away - Math.log(a) + Math.log1p(-Math.exp(-a));
}
