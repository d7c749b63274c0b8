// The way between the flat map and the model's code: a plane through the space, or (t-SNE, which has none) the nearest dot.

import {halfToFloat} from "./net.js";

export class Flat {
  constructor({header, arrays}) {
    Object.assign(this, {plane: header.plane, points: arrays.points, codes: arrays.codes && halfToFloat(arrays.codes)});
    this.length = header.plane ? header.plane.centre.length : this.codes ? this.codes.length / (this.points.length / 2) : 2;
  }

  // The code of dot `i`.
  dot(i) {
    if (this.codes) return this.codes.subarray(i * this.length, (i + 1) * this.length);
    return this.code([this.points[2 * i], this.points[2 * i + 1]]);
  }

  code([x, y]) {
    if (!this.plane) return this.codes ? this.dot(closest(this.points, [x, y], 2)) : Float32Array.of(x, y);
    const {centre, axes} = this.plane;
    return Float32Array.from(centre, (c, i) => c + axes[2 * i] * x + axes[2 * i + 1] * y);
  }

  place(z) {
    if (!this.plane) {
      const i = this.codes ? closest(this.codes, z, this.length) : -1;
      return i < 0 ? [z[0], z[1]] : [this.points[2 * i], this.points[2 * i + 1]];
    }
    const {centre, axes} = this.plane, at = [0, 0];
    for (let i = 0; i < z.length; i++) for (const k of [0, 1]) at[k] += (z[i] - centre[i]) * axes[2 * i + k];
    return at;
  }

  // N(mean, exp(logvar)) as it falls in the plane; none on a map that has no plane.
  ellipse({mean, logvar}) {
    if (!this.plane || !logvar) return null;
    const {axes} = this.plane;
    let a = 0, b = 0, c = 0;
    for (let i = 0; i < mean.length; i++) {
      const v = Math.exp(logvar[i]), p = axes[2 * i], q = axes[2 * i + 1];
      [a, b, c] = [a + v * p * p, b + v * p * q, c + v * q * q];
    }
    const std = [Math.sqrt(a), Math.sqrt(c)];
    return {mean: this.place(mean), std, rho: Math.max(-0.999, Math.min(0.999, b / (std[0] * std[1] || 1)))};
  }
}

function closest(table, z, length) {
  let best = -1, least = Infinity;
  for (let i = 0, o = 0; o < table.length; i++, o += length) {
    let d = 0;
    for (let k = 0; k < length && d < least; k++) d += (table[o + k] - z[k]) ** 2;
    if (d < least) [best, least] = [i, d];
  }
  return best;
}
