// The cloud q(z|x) under a magnifying glass: its ellipses at 1 and 2 standard deviations as wide as they are drawn, the true one
// inside where they are exaggerated, the codes drawn from it, and the step from the mean to z.

import {context} from "../host/elements.js";

/** @import {Ellipse, Point, Theme} from "../types.d.ts" */

/**
 * `ellipse` is the true one; `drawn`: z was drawn from it.
 *
 * @typedef {{ellipse: Ellipse, spread: number, z: Point, drawn: boolean, codes: Point[]}} Marks
 */

const REACH = 2.6;  // standard deviations from the middle to the edge

/** Pixels for each unit of the map. @param {HTMLCanvasElement} canvas @param {Theme} theme @param {Marks} marks */
export function paintLens(canvas, theme, {ellipse, spread, z, drawn, codes}) {
  const side = canvas.clientWidth || 1, ratio = globalThis.devicePixelRatio || 1, ctx = context(canvas), {mean, std} = ellipse;
  const scale = side / 2 / (REACH * spread * Math.max(...std, 1e-9));
  const at = (/** @type {Point} */ [x, y]) => /** @type {Point} */ ([side / 2 + (x - mean[0]) * scale, side / 2 - (y - mean[1]) * scale]);
  if (canvas.width !== Math.round(side * ratio)) canvas.width = canvas.height = Math.round(side * ratio);
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, side, side);
  ctx.beginPath();
  ctx.arc(side / 2, side / 2, side / 2, 0, 7);
  ctx.save();
  ctx.clip();
  for (const k of [2, 1]) oval(ctx, at, ellipse, k * spread, theme.paint.q);
  if (spread > 1) oval(ctx, at, ellipse, 1, theme.paint.q);
  ctx.fillStyle = theme.paint.eps;
  for (const code of codes) disc(ctx, at(code), 3);
  if (drawn) arrow(ctx, at(mean), at(z), theme.paint.eps);
  ctx.fillStyle = theme.paint.q;
  disc(ctx, at(mean), 3.5);
  if (drawn) ring(ctx, at(z), theme);
  ctx.restore();
  return scale;
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {(place: Point) => Point} at @param {Ellipse} ellipse @param {number} k
 * @param {string} colour
 */
function oval(ctx, at, {mean: [mx, my], std: [sx, sy], rho}, k, colour) {
  ctx.beginPath();
  for (let n = 0; n <= 64; n++) {
    const u = k * Math.cos((n * Math.PI) / 32), v = k * Math.sin((n * Math.PI) / 32);
    ctx.lineTo(...at([mx + sx * u, my + sy * (rho * u + Math.sqrt(1 - rho * rho) * v)]));
  }
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.globalAlpha = 0.16;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 2;
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {Point} place @param {number} radius */
function disc(ctx, place, radius) {
  ctx.beginPath();
  ctx.arc(...place, radius, 0, 7);
  ctx.fill();
}

/** @param {CanvasRenderingContext2D} ctx @param {Point} from @param {Point} to @param {string} colour */
function arrow(ctx, from, to, colour) {
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 3;
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {Point} place @param {Theme} theme */
function ring(ctx, place, theme) {
  ctx.fillStyle = ctx.strokeStyle = theme.paint.z;
  disc(ctx, place, 4.5);
  ctx.beginPath();
  ctx.arc(...place, 8, 0, 7);
  ctx.lineWidth = 2;
  ctx.stroke();
}
