// The rows of a table that are nearest to a vector (Euclidean distance), and how often each class occurs among them.

/** @import {Vector} from "../types.d.ts" */

/**
 * Index of the row of `table` nearest to z, or -1 in an empty table.
 *
 * @param {Float32Array} table rows of z.length numbers, one after the other @param {Vector} z
 */
export function nearestRow(table, z) {
  let best = -1, least = Infinity;
  for (let i = 0, o = 0; o < table.length; i++, o += z.length) {
    const d = squaredDistance(table, o, z, least);
    if (d < least) [best, least] = [i, d];
  }
  return best;
}

/**
 * Indices of the `count` rows of `table` nearest to z, the nearest first: one pass with a short sorted list.
 *
 * @param {Float32Array} table @param {Vector} z @param {number} count
 */
export function nearestRows(table, z, count) {
  /** @type {number[]} */
  const found = [], /** @type {number[]} */ distances = [];
  for (let i = 0, o = 0; o < table.length; i++, o += z.length) {
    const limit = found.length < count ? Infinity : distances[count - 1];
    const d = squaredDistance(table, o, z, limit);
    if (d >= limit) continue;
    let at = found.length;
    while (at > 0 && distances[at - 1] > d) at--;
    found.splice(at, 0, i);
    distances.splice(at, 0, d);
    if (found.length > count) found.length = distances.length = count;
  }
  return found;
}

/**
 * Stops early once the sum has reached `limit`.
 *
 * @param {Float32Array} table @param {number} start @param {Vector} z @param {number} limit
 */
function squaredDistance(table, start, z, limit) {
  let d = 0;
  for (let k = 0; k < z.length && d < limit; k++) d += (table[start + k] - z[k]) ** 2;
  return d;
}

/**
 * [class, how many], the most frequent first.
 *
 * @param {number[]} indices @param {Uint8Array} classes @returns {[number, number][]}
 */
export function countClasses(indices, classes) {
  const counts = new Map();
  for (const i of indices) counts.set(classes[i], (counts.get(classes[i]) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
