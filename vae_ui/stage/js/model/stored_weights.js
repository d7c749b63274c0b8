// Weights as they travel: in half precision (float16), as bits, or as integers of 8 bits with a scale for each row or column of a
// layer. Here all of them become float32 again, in the order that the layers refer to (vae_core/export/eight_bit_weights.py).

/** @import {ModelHeader} from "../types.d.ts" */
/** @typedef {{weights: Float32Array | Uint16Array, levels?: Int8Array, scales?: Float32Array}} WeightArrays */

/** All weights of a model. @param {ModelHeader["parts"]} parts @param {WeightArrays} arrays */
export function allWeights(parts, {weights, levels, scales}) {
  const exact = weights instanceof Uint16Array ? halfToFloat(weights) : weights;
  if (!parts || !levels || !scales) return exact;
  const all = new Float32Array(exact.length + levels.length);
  let at = 0, half = 0, level = 0, scale = 0;
  for (const [kind, rows, columns] of parts) {
    const count = rows * columns;
    if (kind === "half") {
      all.set(exact.subarray(half, half + count), at);
      half += count;
    } else {
      const perRow = kind === "rows";
      for (let row = 0, i = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, i++) all[at + i] = levels[level + i] * scales[scale + (perRow ? row : column)];
      }
      level += count;
      scale += perRow ? rows : columns;
    }
    at += count;
  }
  return all;
}

/**
 * The numbers behind float16's bits. Moved to where float32 keeps exponent and mantissa they are 2^112 times too small.
 *
 * @param {Uint16Array} halves
 */
export function halfToFloat(halves) {
  const floats = new Float32Array(halves.length), bits = new Uint32Array(floats.buffer);
  for (let i = 0; i < halves.length; i++) {
    bits[i] = (halves[i] & 0x7fff) << 13;
    floats[i] *= 2 ** 112;
    bits[i] |= (halves[i] & 0x8000) << 16;
  }
  return floats;
}
