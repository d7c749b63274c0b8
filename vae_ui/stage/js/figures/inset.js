// A magnified view in a corner of the map, of a figure that is too small there to be read: contours beside q's ellipse.

import {t} from "../host/words.js";
import {halo} from "../map/background.js";
import {drawEllipse} from "../map/marks.js";
import {Viewport} from "../map/viewport.js";
import {trace} from "./lines.js";

/** @import {Ellipse, Extent, Theme} from "../types.d.ts" */
/** @import {LatentMap} from "../map/latent_map.js" */
/** @typedef {CanvasRenderingContext2D} Context */

const SIDE = 168, AWAY = 7, BELOW = 46;  // pixels: the zoom's buttons may lie over the upper corner
const LEAST = 2;  // times as large, for an inset to be worth its place
const READABLE = 150;  // pixels of the figure's longer side above which no inset is needed

/**
 * @param {Context} ctx @param {LatentMap} map @param {number[]} outer the points of the outermost line @param {Path2D[]} paths in data
 * units @param {string} colour @param {Theme} theme
 */
export function drawInset(ctx, map, outer, paths, colour, theme) {
  const {view, overlay, live} = map, ellipses = live ? [live] : overlay?.ellipses ?? [];
  const bounds = boundsOf(outer, ellipses), longer = Math.max(bounds[1] - bounds[0], bounds[3] - bounds[2]);
  if (longer * view.scale > READABLE || view.x1 - view.x0 < 2 * SIDE) return;
  const near = new Viewport(bounds);
  near.place(view.x1 - SIDE - AWAY, view.y0 + BELOW, SIDE, SIDE);
  if (near.scale < LEAST * view.scale) return;
  ctx.save();
  ctx.beginPath();
  ctx.roundRect(near.x0, near.y0, SIDE, SIDE, 8);
  ctx.fillStyle = theme.back;
  ctx.fill();
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.clip();
  for (const ellipse of ellipses) drawEllipse(ctx, ([x, y]) => [near.sx(x), near.sy(y)], ellipse, theme.paint.q);
  paths.forEach((path, i) => trace(ctx, near, path, colour, i ? 2 : 3));
  ctx.font = `600 14px ${theme.font}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  halo(ctx, t("{n} times as large", {n: Math.round(near.scale / view.scale)}), near.x0 + 8, near.y0 + 8, theme.text, theme.back, 4);
  ctx.restore();
}

/** A rectangle around the line and the ellipses at 2 standard deviations. @param {number[]} outer @param {Ellipse[]} ellipses
 * @returns {Extent} */
function boundsOf(outer, ellipses) {
  /** @type {Extent} */
  const found = [Infinity, -Infinity, Infinity, -Infinity];
  const hold = (/** @type {number} */ x, /** @type {number} */ y) => {
    found[0] = Math.min(found[0], x);
    found[1] = Math.max(found[1], x);
    found[2] = Math.min(found[2], y);
    found[3] = Math.max(found[3], y);
  };
  for (let i = 0; i < outer.length; i += 2) hold(outer[i], outer[i + 1]);
  for (const {mean: [x, y], std: [sx, sy]} of ellipses) {
    hold(x - 2 * sx, y - 2 * sy);
    hold(x + 2 * sx, y + 2 * sy);
  }
  return found;
}
