// Which points are meant: nearest, inside a box, inside a lasso. Plain loops: 60,000 points take 0.1 ms.
//
// `points` holds two numbers for each point, `classes` a class number, `shown` 1 for each class that is visible.

/** @import {Point} from "../types.d.ts" */

/**
 * Index of the visible point nearest to (x, y), or -1 when none is within `reach` (data units).
 *
 * @param {Float32Array} points @param {Uint8Array} classes @param {number[]} shown
 * @param {number} x @param {number} y @param {number} reach
 */
export function nearest(points, classes, shown, x, y, reach) {
  let best = -1, least = reach * reach;
  for (let i = 0, j = 0; i < classes.length; i++, j += 2) {
    const dx = points[j] - x, dy = points[j + 1] - y, d = dx * dx + dy * dy;
    if (d > least || !shown[classes[i]]) continue;
    best = i;
    least = d;
  }
  return best;
}

/**
 * Indices of the visible points inside a polygon [x, y, x, y, ...] in data units (even-odd rule).
 *
 * @param {Float32Array} points @param {Uint8Array} classes @param {number[]} shown @param {number[]} polygon
 */
export function inside(points, classes, shown, polygon) {
  const xs = polygon.filter((_, i) => i % 2 === 0), ys = polygon.filter((_, i) => i % 2 === 1);
  const x0 = Math.min(...xs), x1 = Math.max(...xs), y0 = Math.min(...ys), y1 = Math.max(...ys);
  /** @type {number[]} */
  const found = [];
  for (let i = 0; i < classes.length; i++) {
    const x = points[2 * i], y = points[2 * i + 1];
    if (x < x0 || x > x1 || y < y0 || y > y1 || !shown[classes[i]]) continue;
    let odd = false;
    for (let a = 0, b = xs.length - 1; a < xs.length; b = a++) {
      if (ys[a] > y !== ys[b] > y && x < ((xs[b] - xs[a]) * (y - ys[a])) / (ys[b] - ys[a]) + xs[a]) odd = !odd;
    }
    if (odd) found.push(i);
  }
  return found;
}

/** One bit a point, as base64: what Python's np.unpackbits reads. @param {number[]} indices @param {number} count */
export function mask(indices, count) {
  const bits = new Uint8Array(Math.ceil(count / 8));
  for (const i of indices) bits[i >> 3] |= 1 << (i & 7);
  let text = "";
  for (let i = 0; i < bits.length; i += 4096) text += String.fromCharCode(...bits.subarray(i, i + 4096));
  return btoa(text);
}

/**
 * The middle of each class, null for one without points: the median of each coordinate, since an outlier does not move it.
 *
 * @param {Float32Array} points @param {Uint8Array} classes @param {number} count @returns {(Point | null)[]}
 */
export function centres(points, classes, count) {
  const empty = () => Array.from({length: count}, () => /** @type {number[]} */ ([]));
  const xs = empty(), ys = empty();
  for (let i = 0; i < classes.length; i++) {
    xs[classes[i]].push(points[2 * i]);
    ys[classes[i]].push(points[2 * i + 1]);
  }
  const median = (/** @type {number[]} */ v) => Float32Array.from(v).sort()[v.length >> 1];
  return xs.map((v, k) => (v.length ? [median(v), median(ys[k])] : null));
}
