// The marks that seldom move: q's ellipses, the path from A to B, neighbours, the picked image, a lasso.

import {normals} from "../model/random.js";
import {halo} from "./background.js";

/** @import {Ellipse, Overlay, Point, Theme} from "../types.d.ts" */
/** @import {Projection} from "./projection.js" */
/** @import {Viewport} from "./viewport.js" */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {(place: Point) => Point} ToScreen */

const FEW = 60;  // found points that have rings; of more only those that are not found are dimmed
const CLOUD = normals(2 * 150);  // the same eps for every ellipse, so that a cloud moves and does not flicker

/**
 * `live` is q's ellipse as the browser works it out, in place of Python's; `outline` a lasso or box in pixels.
 *
 * @typedef {object} Marks
 * @property {Overlay} overlay
 * @property {Ellipse | null} live
 * @property {number | null} pick
 * @property {number[] | null} outline
 * @property {boolean} cloud
 * @property {number[]} found points that were searched for
 */

/** @param {Context} ctx @param {Viewport} view @param {Theme} theme @param {Projection} projection @param {Marks} marks */
export function drawMarks(ctx, view, theme, projection, {overlay, live, pick, outline, cloud, found}) {
  const {paint} = theme, at = /** @type {ToScreen} */ (([x, y]) => [view.sx(x), view.sy(y)]);
  const dotAt = (/** @type {number} */ i) => at(projection.dot(i));
  for (const e of live ? [live] : overlay.ellipses) {
    drawEllipse(ctx, at, e, paint.q);
    if (cloud) drawCloud(ctx, at, e, paint.eps);
  }
  if (found.length <= FEW) for (const i of found) ring(ctx, dotAt(i), 8, theme.text, theme.back);
  if (overlay.path.length > 1) drawPath(ctx, overlay.path.map(at), overlay.at, theme);
  for (const i of overlay.neighbours) ring(ctx, dotAt(i), 8, theme.text, theme.back);
  if (pick !== null) ring(ctx, dotAt(pick), 10, paint.x, theme.back);
  if (overlay.a) badge(ctx, at(overlay.a), "A", theme);
  if (overlay.b) badge(ctx, at(overlay.b), "B", theme);
  if (outline) drawOutline(ctx, outline, paint.z);
}

/**
 * @param {Context} ctx @param {Point} place @param {number} radius @param {string} colour @param {string | null} ground
 * @param {number} alpha
 */
function dot(ctx, [x, y], radius, colour, ground, alpha) {
  ctx.globalAlpha = alpha;
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 7);
  if (ground) {
    ctx.lineWidth = 4;
    ctx.strokeStyle = ground;
    ctx.stroke();
  }
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.globalAlpha = 1;
}

/** @param {Context} ctx @param {Point} place @param {number} radius @param {string} colour @param {string} ground */
function ring(ctx, [x, y], radius, colour, ground) {
  for (const [width, stroke] of /** @type {[number, string][]} */ ([[5, ground], [2.5, colour]])) {
    ctx.beginPath();
    ctx.arc(x, y, radius, 0, 7);
    ctx.lineWidth = width;
    ctx.strokeStyle = stroke;
    ctx.stroke();
  }
}

/** @param {Context} ctx @param {Point} place @param {Theme} theme */
function drawZ(ctx, place, theme) {
  ring(ctx, place, 13, theme.paint.z, theme.back);
  dot(ctx, place, 6, theme.paint.z, theme.back, 1);
}

/**
 * Mean + L * (u, v), where L is the Cholesky factor of the covariance: in the map's own scale.
 *
 * @param {Ellipse} ellipse @param {number} u @param {number} v @returns {Point}
 */
const spread = ({mean: [mx, my], std: [sx, sy], rho}, u, v) => [mx + sx * u, my + sy * (rho * u + Math.sqrt(1 - rho * rho) * v)];

/**
 * Codes drawn from q, as they fall on the map.
 *
 * @param {Context} ctx @param {ToScreen} at @param {Ellipse} ellipse @param {string} colour
 */
function drawCloud(ctx, at, ellipse, colour) {
  for (let i = 0; i < CLOUD.length; i += 2) dot(ctx, at(spread(ellipse, CLOUD[i], CLOUD[i + 1])), 2.5, colour, null, 0.75);
}

/** @param {Context} ctx @param {ToScreen} at @param {Ellipse} ellipse @param {string} colour */
export function drawEllipse(ctx, at, ellipse, colour) {
  ctx.strokeStyle = ctx.fillStyle = colour;
  for (const k of [2, 1]) {
    ctx.beginPath();
    for (let t = 0; t <= 64; t++) {
      const c = Math.cos((t * Math.PI) / 32), s = Math.sin((t * Math.PI) / 32);
      ctx.lineTo(...at(spread(ellipse, k * c, k * s)));
    }
    ctx.globalAlpha = 0.16;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.lineWidth = k === 1 ? 3 : 2;
    ctx.stroke();
  }
  dot(ctx, at(ellipse.mean), 4, colour, null, 1);
}

/** @param {Context} ctx @param {Point[]} places @param {number | null} now the place that is shown large @param {Theme} theme */
function drawPath(ctx, places, now, theme) {
  for (const [width, colour] of /** @type {[number, string][]} */ ([[8, theme.back], [3.5, theme.paint.z]])) {
    ctx.beginPath();
    for (const place of places) ctx.lineTo(...place);
    ctx.lineWidth = width;
    ctx.lineJoin = ctx.lineCap = "round";
    ctx.strokeStyle = colour;
    ctx.stroke();
  }
  if (places.length <= 40) for (const place of places) dot(ctx, place, 4, theme.paint.z, theme.back, 1);
  if (now !== null && places[now]) drawZ(ctx, places[now], theme);
}

/** @param {Context} ctx @param {Point} place @param {string} name @param {Theme} theme */
function badge(ctx, place, name, theme) {
  dot(ctx, place, 13, theme.paint.z, theme.back, 1);
  ctx.font = `700 16px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  halo(ctx, name, place[0], place[1] + 1, theme.back, theme.paint.z, 2);
}

/** @param {Context} ctx @param {number[]} outline @param {string} colour */
function drawOutline(ctx, outline, colour) {
  ctx.beginPath();
  for (let i = 0; i < outline.length; i += 2) ctx.lineTo(outline[i], outline[i + 1]);
  ctx.closePath();
  ctx.fillStyle = ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.14;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 2;
  ctx.setLineDash([6, 4]);
  ctx.stroke();
  ctx.setLineDash([]);
}
