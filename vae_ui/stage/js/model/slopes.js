// The slopes of the decoder: how fast each pixel changes with a number of the code, or along a direction, by central differences. A
// decoded picture is accurate to about 1e-6, so that with this step a slope is accurate to about 1e-3 of a full pixel (vae_core's
// explore/slopes.py has the exact ones).

/** @import {Vector} from "../types.d.ts" */
/** @import {Model} from "./network.js" */

const STEP = 1 / 512;  // of z on either side

/**
 * The change of each pixel per unit of z for each of some numbers of the code.
 *
 * @param {Model} model @param {Float32Array} z @param {number} label @param {number[]} dimensions
 */
export function slopesAt(model, z, label, dimensions) {
  return slopesAlong(model, z, label, dimensions.map((d) => Float32Array.from(z, (_, i) => Number(i === d))));
}

/**
 * The change of each pixel per unit of each of some directions. The model's picture is that of z again afterwards.
 *
 * @param {Model} model @param {Float32Array} z @param {number} label @param {Vector[]} directions
 */
export function slopesAlong(model, z, label, directions) {
  const found = directions.map((direction) => {
    const at = (/** @type {number} */ by) => model.decode(z.map((value, i) => value + by * direction[i]), label);
    const high = at(STEP).slice(), low = at(-STEP);
    return high.map((value, i) => (value - low[i]) / (2 * STEP));
  });
  model.decode(z, label);
  return found;
}
