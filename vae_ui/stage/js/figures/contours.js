// Lines of equal value on a grid (marching squares, with linear interpolation), and the borders between the classes of its cells.
//
// The top row comes first. Lines are given as x0, y0, x1, y1 of each piece, in the units of the grid's extent.

/** @import {Extent} from "../types.d.ts" */

/** The edges of a square of four values that a line crosses, by which corners are above: 1 top left, 2 top right, 4 bottom right,
 * 8 bottom left; 0 top, 1 right, 2 bottom, 3 left. */
const CROSSED = [[], [3, 0], [0, 1], [3, 1], [1, 2], [3, 0, 1, 2], [0, 2], [3, 2], [2, 3], [2, 0], [0, 1, 2, 3], [2, 1], [1, 3], [1, 0],
  [0, 3], []];

/**
 * @param {Float32Array} values at the centres of the cells @param {number} rows @param {number} columns @param {Extent} extent
 * @param {number} level
 */
export function contourLines(values, rows, columns, [x0, x1, y0, y1], level) {
  const wide = (x1 - x0) / columns, high = (y1 - y0) / rows, lines = /** @type {number[]} */ ([]);
  for (let i = 0; i < rows - 1; i++) {
    for (let j = 0; j < columns - 1; j++) {
      const at = i * columns + j, a = values[at], b = values[at + 1], c = values[at + columns + 1], d = values[at + columns];
      const edges = CROSSED[Number(a >= level) + 2 * Number(b >= level) + 4 * Number(c >= level) + 8 * Number(d >= level)];
      for (const edge of edges) {
        const [u, v] = crossing(edge, a, b, c, d, level);
        lines.push(x0 + (j + 0.5 + u) * wide, y1 - (i + 0.5 + v) * high);
      }
    }
  }
  return lines;
}

/**
 * Where the line crosses an edge of the square, from 0 to 1 to the right and down.
 *
 * @param {number} edge @param {number} a @param {number} b @param {number} c @param {number} d @param {number} level
 */
function crossing(edge, a, b, c, d, level) {
  const part = (/** @type {number} */ from, /** @type {number} */ to) => (level - from) / (to - from);
  if (edge === 0) return [part(a, b), 0];
  if (edge === 1) return [1, part(b, c)];
  return edge === 2 ? [part(d, c), 1] : [0, part(a, d)];
}

/**
 * The edges between cells of different classes.
 *
 * @param {Uint8Array} classes @param {number} rows @param {number} columns @param {Extent} extent
 */
export function borderLines(classes, rows, columns, [x0, x1, y0, y1]) {
  const wide = (x1 - x0) / columns, high = (y1 - y0) / rows, lines = /** @type {number[]} */ ([]);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j, left = x0 + j * wide, top = y1 - i * high;
      if (j + 1 < columns && classes[at] !== classes[at + 1]) lines.push(left + wide, top, left + wide, top - high);
      if (i + 1 < rows && classes[at] !== classes[at + columns]) lines.push(left, top - high, left + wide, top - high);
    }
  }
  return lines;
}
