// How each kind of figure is painted: what lies under the dots, and the lines above them. A figure's lines and picture are worked
// out once for a theme; a pan or a zoom only paints them again.

import {context} from "../host/elements.js";
import {halo} from "../map/background.js";
import {halfToFloat} from "../model/stored_weights.js";
import {borderLines, contourLines} from "./contours.js";
import {drawInset} from "./inset.js";
import {asPath, trace} from "./lines.js";
import {scaleOf} from "./value_scale.js";

/** @import {Extent, FigureBlock, Point, Theme} from "../types.d.ts" */
/** @import {LatentMap} from "../map/latent_map.js" */
/** @import {Viewport} from "../map/viewport.js" */
/** @typedef {CanvasRenderingContext2D} Context */
/** Below the dots, above them, and above the names. @typedef {Partial<Record<"under" | "over" | "top", Paint>>} Painter */
/** @typedef {(ctx: Context, map: LatentMap) => void} Paint */

export const MOST = 500;  // ellipses at once
const TAU = 2 * Math.PI, GROUND = 100;  // opacity of what is predicted, out of 255
/** In which direction the name of each line stands, so that names do not lie over each other. @type {Point[]} */
const WAYS = [[0, -1], [-1, 0.4], [0.6, 1]];

/** @type {Record<FigureBlock["header"]["kind"], (block: FigureBlock, theme: Theme, colours: string[]) => Painter>} */
export const PAINTERS = {contours, heat, regions, ellipses, guesses, property};

/** @param {FigureBlock} block @param {Theme} theme @returns {Painter} */
function contours({header: {extent, levels, names, paint, inset}, arrays, shapes}, theme) {
  const [rows, columns] = shapes.values, values = halfToFloat(/** @type {Uint16Array} */ (arrays.values));
  const rings = levels.map((level) => contourLines(values, rows, columns, extent, level)), paths = rings.map(asPath);
  const colour = theme.paint[paint] ?? theme.text;
  return {
    over(ctx, {view}) {
      paths.forEach((path, i) => {
        trace(ctx, view, path, theme.back, 5 - i);
        trace(ctx, view, path, colour, i ? 2 : 3);
      });
      rings.forEach((lines, i) => name(ctx, view, lines, WAYS[i % WAYS.length], names[i], colour, theme));
    },
    top(ctx, map) {
      if (inset) drawInset(ctx, map, rings[rings.length - 1], paths, colour, theme);
    },
  };
}

/** @param {FigureBlock} block @param {Theme} theme @returns {Painter} */
function heat({header: {extent, levels, most, paint}, arrays, shapes}, theme) {
  const [rows, columns] = shapes.values, values = halfToFloat(/** @type {Uint16Array} */ (arrays.values));
  const colour = theme.paint[paint], [r, g, b] = rgb(colour);
  const path = asPath(contourLines(values, rows, columns, extent, levels[0]));
  const picture = pictureOf(rows, columns, (i) => [r, g, b, 200 * Math.min(1, values[i] / most)]);
  return {
    under: (ctx, {view}) => lay(ctx, view, extent, picture, true),
    over: (ctx, {view}) => trace(ctx, view, path, colour, 2),
  };
}

/** @param {FigureBlock} block @param {Theme} theme @param {string[]} colours of the classes @returns {Painter} */
function regions({header: {extent}, arrays, shapes}, theme, colours) {
  const [rows, columns] = shapes.classes, {classes, sure} = /** @type {{[name: string]: Uint8Array}} */ (arrays);
  const paints = colours.map(rgb), path = asPath(borderLines(classes, rows, columns, extent));
  const picture = pictureOf(rows, columns, (i) => {
    const [r, g, b] = paints[classes[i] % paints.length];
    return [r, g, b, 20 + 0.35 * sure[i]];
  });
  return {
    under(ctx, {view}) {
      lay(ctx, view, extent, picture, false);
      trace(ctx, view, path, theme.text, 1.5);
    },
  };
}

/** Those of the first MOST dots in sight, in an order that a pan does not change. @param {FigureBlock} block @param {Theme} theme */
function ellipses({arrays}, theme) {
  const values = halfToFloat(/** @type {Uint16Array} */ (arrays.values)), order = shuffled(values.length / 3);
  return {
    /** @param {Context} ctx @param {LatentMap} map */
    over(ctx, {view, points, classes, shown}) {
      let left = MOST;
      ctx.beginPath();
      for (const i of order) {
        const x = view.sx(points[2 * i]), y = view.sy(points[2 * i + 1]);
        if (!shown[classes[i]] || !view.inside(x, y)) continue;
        const [wide, high, turn] = principal(values[3 * i], values[3 * i + 1], values[3 * i + 2]);
        ctx.moveTo(x + wide * view.scale * Math.cos(turn), y - wide * view.scale * Math.sin(turn));
        ctx.ellipse(x, y, wide * view.scale, high * view.scale, -turn, 0, TAU);
        if (--left === 0) break;
      }
      ctx.strokeStyle = theme.paint.q;
      ctx.lineWidth = 1.25;
      ctx.globalAlpha = 0.75;
      ctx.stroke();
      ctx.globalAlpha = 1;
    },
  };
}

/** The dots take the classes of this figure (map_figures.js); those that were labelled by hand stand out. @param {FigureBlock} block
 * @param {Theme} theme @param {string[]} colours of the classes @returns {Painter} */
function guesses({arrays}, theme, colours) {
  const {classes, labelled} = /** @type {{[name: string]: Uint8Array}} */ (arrays);
  return {
    over(ctx, {view, points}) {
      for (let i = 0; i < classes.length; i++) {
        const x = view.sx(points[2 * i]), y = view.sy(points[2 * i + 1]);
        if (!labelled[i] || !view.inside(x, y)) continue;
        for (const [radius, colour] of /** @type {[number, string][]} */ ([[9, theme.back], [7.5, theme.text], [5, colours[classes[i]]]])) {
          ctx.beginPath();
          ctx.arc(x, y, radius, 0, TAU);
          ctx.fillStyle = colour;
          ctx.fill();
        }
      }
    },
  };
}

/** The dots take the colours of their values (map_figures.js); below them lies what is predicted, where a plane leads to codes.
 * @param {FigureBlock} block @param {Theme} theme @returns {Painter} */
function property(block, theme) {
  const {header: {extent}, arrays: {predicted}, shapes} = block, [rows, columns] = shapes.predicted ?? [];
  const scale = scaleOf(block), found = predicted && halfToFloat(/** @type {Uint16Array} */ (predicted));
  const picture = found && pictureOf(rows, columns, (i) => [...scale.colour(found[i]), GROUND]);
  return {
    under: (ctx, {view}) => picture && lay(ctx, view, extent, picture, true),
    top: (ctx, {view}) => scale.legend(ctx, view, theme),
  };
}

/**
 * Half axes and turn (counter-clockwise) of an ellipse with these standard deviations and this correlation.
 *
 * @param {number} sx @param {number} sy @param {number} rho
 */
export function principal(sx, sy, rho) {
  const a = sx * sx, c = sy * sy, b = rho * sx * sy, middle = (a + c) / 2, root = Math.hypot((a - c) / 2, b);
  return [Math.sqrt(middle + root), Math.sqrt(Math.max(0, middle - root)), Math.atan2(2 * b, a - c) / 2];
}

/** 0 to count - 1 in an order that is always the same and has no pattern. @param {number} count */
function shuffled(count) {
  const order = Int32Array.from({length: count}, (_, i) => i);
  let state = 1;
  for (let i = count - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const k = state % (i + 1);
    [order[i], order[k]] = [order[k], order[i]];
  }
  return order;
}

/** @param {string} hex */
const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

/** @param {number} rows @param {number} columns @param {(i: number) => number[]} colour red, green, blue and opacity of a cell */
function pictureOf(rows, columns, colour) {
  const canvas = new OffscreenCanvas(columns, rows), ctx = context(canvas), image = ctx.createImageData(columns, rows);
  for (let i = 0; i < rows * columns; i++) image.data.set(colour(i), 4 * i);
  ctx.putImageData(image, 0, 0);
  return canvas;
}

/** @param {Context} ctx @param {Viewport} view @param {Extent} extent @param {OffscreenCanvas} picture @param {boolean} smooth */
function lay(ctx, view, [x0, x1, y0, y1], picture, smooth) {
  ctx.imageSmoothingEnabled = smooth;
  ctx.drawImage(picture, view.sx(x0), view.sy(y1), (x1 - x0) * view.scale, (y1 - y0) * view.scale);
}

/**
 * A line's name, at its place in sight that lies farthest in one direction.
 *
 * @param {Context} ctx @param {Viewport} view @param {number[]} lines @param {Point} way @param {string} text @param {string} colour
 * @param {Theme} theme
 */
function name(ctx, view, lines, [right, down], text, colour, theme) {
  let best = [0, 0], most = -Infinity;
  for (let i = 0; i < lines.length; i += 2) {
    const x = view.sx(lines[i]), y = view.sy(lines[i + 1]), far = x * right + y * down;
    if (far > most && view.inside(x - 20, y - 10) && view.inside(x + 20, y + 10)) [best, most] = [[x, y], far];
  }
  if (most === -Infinity) return;
  ctx.font = `600 14px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  halo(ctx, text, best[0], best[1], colour, theme.back, 5);
}
