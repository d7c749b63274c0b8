// The slopes of the decoder: how fast each pixel changes with a number of the code, by central differences. A decoded picture is
// accurate to about 1e-6, so that with this step a slope is accurate to about 1e-3 of a full pixel (vae_core's explore/slopes.py has
// the exact ones).

/** @import {Model} from "./network.js" */

const STEP = 1 / 512;  // of z on either side

/**
 * The change of each pixel per unit of z for each of some numbers of the code. The model's picture is that of z again afterwards.
 *
 * @param {Model} model @param {Float32Array} z @param {number} label @param {number[]} dimensions
 */
export function slopesAt(model, z, label, dimensions) {
  const found = dimensions.map((d) => {
    const high = model.decode(moved(z, d, STEP), label).slice(), low = model.decode(moved(z, d, -STEP), label);
    return high.map((value, i) => (value - low[i]) / (2 * STEP));
  });
  model.decode(z, label);
  return found;
}

/** @param {Float32Array} z @param {number} d @param {number} by */
function moved(z, d, by) {
  const code = z.slice();
  code[d] += by;
  return code;
}
