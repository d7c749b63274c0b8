// The latent cloud: where some held-out images lie at one moment of the training, on axes that never move within a run.

import {sheet, stroke} from "./canvas.js";

/** @import {Theme} from "../../stage/js/types.d.ts" */
/** @typedef {CanvasRenderingContext2D} Context */
/** @typedef {(v: number) => number} Scale */

/**
 * `extent`: half the side of the square that is shown; `only`: the one class that is not dimmed.
 *
 * @typedef {object} CloudState
 * @property {number} extent
 * @property {boolean} prior
 * @property {[string, string]} axes
 * @property {string[]} names
 * @property {string[]} colours
 * @property {Uint8Array} labels
 * @property {number | null} only
 * @property {string} [invitation]
 * @property {{from: number[], to: number[], text: string} | null} [arrows]
 */

const STEPS = [4, 5, 6, 8, 10, 12, 16, 20, 25, 30, 40, 50, 70, 100, 150, 200, 300, 500, 1000];

/**
 * Half the side of the square that is shown: room for all but one point in a hundred of every frame, in coarse steps.
 *
 * @param {{points: Float32Array}[]} frames
 */
export function extentOf(frames) {
  let need = 0;
  for (const {points} of frames) {
    const far = Array.from(points, Math.abs).sort((a, b) => a - b);
    need = Math.max(need, far[Math.floor(0.99 * (far.length - 1))] ?? 0);
  }
  return STEPS.find((step) => step >= need * 1.04) ?? need * 1.1;
}

/** @param {HTMLCanvasElement} canvas @param {Float32Array | undefined} points @param {CloudState} state @param {Theme} theme */
export function drawCloud(canvas, points, state, theme) {
  const {ctx, width, height} = sheet(canvas), scale = Math.min(width, height) / (2 * state.extent);
  /** @type {Scale} */
  const sx = (x) => width / 2 + x * scale, /** @type {Scale} */ sy = (y) => height / 2 - y * scale;
  ctx.strokeStyle = theme.border;
  ctx.lineWidth = 1;
  ctx.strokeRect(0.5, 0.5, width - 1, height - 1);
  stroke(ctx, [[0, sy(0)], [width, sy(0)]]);
  stroke(ctx, [[sx(0), 0], [sx(0), height]]);
  if (state.prior) contours(ctx, sx, sy, scale, theme);
  if (points) dots(ctx, points, state, sx, sy, theme);
  if (state.arrows) arrows(ctx, state.arrows, sx, sy, theme);
  captions(ctx, state, width, height, theme);
  if (!points) invite(ctx, state.invitation ?? "", width, height, theme);
}

/** @param {Context} ctx @param {Scale} sx @param {Scale} sy @param {number} scale @param {Theme} theme */
function contours(ctx, sx, sy, scale, theme) {
  ctx.strokeStyle = theme.paint.prior;
  ctx.setLineDash([6, 5]);
  ctx.lineWidth = 1.5;
  for (const sd of [1, 2, 3]) {
    ctx.beginPath();
    ctx.arc(sx(0), sy(0), sd * scale, 0, 7);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

/**
 * @param {Context} ctx @param {Float32Array} points @param {CloudState} state @param {Scale} sx @param {Scale} sy
 * @param {Theme} theme
 */
function dots(ctx, points, {labels, colours, names, only}, sx, sy, theme) {
  const sums = names.map(() => ({x: 0, y: 0, n: 0}));
  for (let i = 0; 2 * i < points.length; i++) {
    const k = names.length ? labels[i] % names.length : 0, x = sx(points[2 * i]), y = sy(points[2 * i + 1]);
    if (names.length) sums[k] = {x: sums[k].x + x, y: sums[k].y + y, n: sums[k].n + 1};
    ctx.globalAlpha = only === null || only === k ? 0.85 : 0.08;
    ctx.fillStyle = colours[k % colours.length];
    ctx.fillRect(x - 2, y - 2, 4, 4);
  }
  ctx.globalAlpha = 1;
  if (names.length <= 12) classNames(ctx, names, sums, theme);
}

/**
 * Arrows from the codes before a step to those after it, with a rim that sets them off from the dots.
 *
 * @param {Context} ctx @param {{from: number[], to: number[], text: string}} ends @param {Scale} sx @param {Scale} sy @param {Theme} theme
 */
function arrows(ctx, {from, to, text}, sx, sy, theme) {
  ctx.lineCap = "round";
  for (const [width, colour] of /** @type {[number, string][]} */ ([[4.5, theme.back], [2, theme.paint.z]])) {
    ctx.lineWidth = width;
    ctx.strokeStyle = colour;
    for (let i = 0; i + 1 < from.length; i += 2) arrow(ctx, sx(from[i]), sy(from[i + 1]), sx(to[i]), sy(to[i + 1]));
  }
  ctx.lineCap = "butt";
  ctx.font = `600 14px ${theme.font}`;
  ctx.fillStyle = theme.paint.z;
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  ctx.fillText(text, 8, 26);  // below the name of the axis
}

const HEAD = 6;  // pixels of an arrow's head, or a third of a short arrow

/** @param {Context} ctx @param {number} x @param {number} y @param {number} u @param {number} v */
function arrow(ctx, x, y, u, v) {
  const length = Math.hypot(u - x, v - y), angle = Math.atan2(v - y, u - x), head = Math.min(HEAD, length / 3);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(u, v);
  for (const side of [-0.5, 0.5]) {
    ctx.moveTo(u, v);
    ctx.lineTo(u - head * Math.cos(angle + side), v - head * Math.sin(angle + side));
  }
  ctx.stroke();
}

/**
 * Each class's name at the mean of its dots.
 *
 * @param {Context} ctx @param {string[]} names @param {{x: number, y: number, n: number}[]} sums @param {Theme} theme
 */
function classNames(ctx, names, sums, theme) {
  ctx.font = `700 16px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 4;
  ctx.strokeStyle = theme.back;
  ctx.fillStyle = theme.text;
  sums.forEach(({x, y, n}, k) => {
    if (!n) return;
    ctx.strokeText(names[k], x / n, y / n);
    ctx.fillText(names[k], x / n, y / n);
  });
}

/** @param {Context} ctx @param {CloudState} state @param {number} width @param {number} height @param {Theme} theme */
function captions(ctx, {axes, extent}, width, height, theme) {
  ctx.font = `13px ${theme.font}`;
  ctx.fillStyle = theme.text;
  ctx.globalAlpha = 0.85;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "right";
  ctx.fillText(axes[0], width - 6, height / 2 - 4);
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.fillText(axes[1], width / 2 + 6, 5);
  ctx.textBaseline = "bottom";
  ctx.fillText(`\u00b1${extent}`, 6, height - 4);
  ctx.globalAlpha = 1;
}

/**
 * What to do while there is no run.
 *
 * @param {Context} ctx @param {string} text @param {number} width @param {number} height @param {Theme} theme
 */
function invite(ctx, text, width, height, theme) {
  ctx.font = `600 17px ${theme.font}`;
  ctx.fillStyle = theme.text;
  ctx.strokeStyle = theme.back;
  ctx.lineWidth = 6;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  text.split("\n").forEach((line, i, all) => {
    const y = height / 2 + (i - (all.length - 1) / 2) * 26;
    ctx.strokeText(line, width / 2, y, width - 20);
    ctx.fillText(line, width / 2, y, width - 20);
  });
}
