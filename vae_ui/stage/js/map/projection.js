// From the flat map to the model's code and back: by a plane through the latent space, or, on a map that has no plane (t-SNE),
// by the nearest dot.

import {halfToFloat} from "../model/stored_weights.js";
import {nearestRow} from "../model/neighbours.js";

/** @import {Ellipse, PlaneRecord, Point, Posterior, Vector} from "../types.d.ts" */

export class Projection {
  /** @param {PlaneRecord | null} plane @param {Float32Array} points @param {Uint16Array} [codes] of the points, in float16 */
  constructor(plane, points, codes) {
    this.plane = plane;
    this.points = points;
    /** The codes of the dots, one after the other; null where the plane gives them. */
    this.codes = codes ? halfToFloat(codes) : null;
    this.length = plane ? plane.centre.length : this.codes ? this.codes.length / (points.length / 2) : 2;
  }

  /** Where dot `i` lies. @param {number} i @returns {Point} */
  dot(i) {
    return [this.points[2 * i], this.points[2 * i + 1]];
  }

  /** The code of dot `i`. @param {number} i @returns {Float32Array} */
  codeOfDot(i) {
    return this.codes ? this.codes.subarray(i * this.length, (i + 1) * this.length) : this.code(this.dot(i));
  }

  /** The code of a place on the map. @param {Point} place @returns {Float32Array} */
  code([x, y]) {
    if (!this.plane) return this.codes ? this.codeOfDot(nearestRow(this.points, [x, y])) : Float32Array.of(x, y);
    const {centre, axes} = this.plane;
    return Float32Array.from(centre, (c, i) => c + axes[2 * i] * x + axes[2 * i + 1] * y);
  }

  /** Where a code lies on the map: its orthogonal projection on the plane. @param {Vector} z @returns {Point} */
  place(z) {
    if (!this.plane) {
      const i = this.codes ? nearestRow(this.codes, z) : -1;
      return i < 0 ? [z[0], z[1]] : this.dot(i);
    }
    const {centre, axes} = this.plane;
    /** @type {Point} */
    const at = [0, 0];
    for (let i = 0; i < z.length; i++) for (const k of [0, 1]) at[k] += (z[i] - centre[i]) * axes[2 * i + k];
    return at;
  }

  /**
   * N(mean, exp(logvar)) as it falls on the plane, `spread` times as wide; null on a map that has no plane.
   *
   * @param {Posterior} q @param {number} [spread] @returns {Ellipse | null}
   */
  ellipse({mean, logvar}, spread = 1) {
    if (!this.plane || !logvar) return null;
    const {axes} = this.plane;
    let a = 0, b = 0, c = 0;
    for (let i = 0; i < mean.length; i++) {
      const v = Math.exp(logvar[i]), p = axes[2 * i], q = axes[2 * i + 1];
      [a, b, c] = [a + v * p * p, b + v * p * q, c + v * q * q];
    }
    /** @type {Point} */
    const std = [spread * Math.sqrt(a), spread * Math.sqrt(c)];
    return {mean: this.place(mean), std, rho: Math.max(-0.999, Math.min(0.999, (spread * spread * b) / (std[0] * std[1] || 1)))};
  }
}
