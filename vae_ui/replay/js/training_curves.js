// The training curves: distortion with the rate stacked on it, in nats per image over seconds; and the KL of each dimension.

import {t} from "../../stage/js/host/words.js";
import {sheet, stroke} from "./canvas.js";

/** @import {Point, Theme} from "../../stage/js/types.d.ts" */

/** Rows of four numbers: seconds, loss, distortion, rate. @typedef {Float32Array} Rows */
/** @typedef {{train: Rows, val: Rows}} Curves */
/** @typedef {(rows: Rows, i: number) => number} Value */
/** @typedef {(v: number) => number} Scale */
/** The vertical axis: from, to, and the distance of its lines. @typedef {{low: number, high: number, step: number}} Range */
/**
 * Where the curves lie on the canvas.
 *
 * @typedef {{x0: number, x1: number, y0: number, y1: number, last: number, sx: Scale, sy: Scale}} Frame
 */

const PAD = {left: 50, right: 12, top: 26, bottom: 24};

/** A number in few characters: 137.2, 6.05, 1.4e+30. @param {number} v */
function brief(v, digits = Math.abs(v) < 100 ? 2 : 1) {
  return !Number.isFinite(v) ? "\u2013" : Math.abs(v) < 1e5 ? v.toFixed(digits) : v.toExponential(1);
}

/**
 * A distance of 1, 2 or 5 times a power of ten that divides `span` into about `count`.
 *
 * @param {number} span @param {number} count
 */
function nice(span, count) {
  const raw = span / count || 1, power = 10 ** Math.floor(Math.log10(raw)), part = raw / power;
  return power * (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10);
}

/**
 * What the vertical axis shows: everything but the first steep fall, so that what comes after can be read.
 *
 * @param {Curves} curves @returns {Range}
 */
function reach(curves) {
  /** @type {number[]} */
  const lows = [], /** @type {number[]} */ tops = [];
  for (const rows of [curves.train, curves.val]) {
    for (let i = 0; i < rows.length; i += 4) {
      if (!Number.isFinite(rows[i + 2])) continue;
      lows.push(rows[i + 2]);
      tops.push(rows[i + 2] + (rows[i + 3] || 0));
    }
  }
  if (!lows.length) return {low: 0, high: 1, step: 0};
  lows.sort((a, b) => a - b);
  tops.sort((a, b) => a - b);
  const low = lows[0], high = Math.max(tops[Math.floor(0.96 * (tops.length - 1))], low + 1e-3);
  const step = nice((high - low) * 1.1, 4);
  return {low: Math.floor((low - 0.04 * (high - low)) / step) * step, high: Math.ceil(high / step) * step, step};
}

/** @type {Value} */
const distortionOf = (rows, i) => rows[i + 2];
/** @type {Value} */
const lossOf = (rows, i) => rows[i + 1];
/** @type {Value} */
const sum = (rows, i) => rows[i + 2] + (Number.isFinite(rows[i + 3]) ? rows[i + 3] : 0);

/**
 * Gives `at`, which says what time a pixel of the canvas stands for.
 *
 * @param {HTMLCanvasElement} canvas @param {Curves} curves @param {number} now in seconds @param {Theme} theme @param {boolean} hasRate
 */
export function drawCurves(canvas, curves, now, theme, hasRate) {
  const {ctx, width, height} = sheet(canvas), range = reach(curves), entries = legendOf(ctx, theme, curves, now, hasRate, width);
  const place = frameOf(curves, range, width, height, PAD.top + (entries[entries.length - 1].y - entries[0].y));
  const {x0, x1, y0, y1, last, sx} = place;
  axes(ctx, theme, place, range);
  ctx.save();
  ctx.beginPath();
  ctx.rect(x0, y0 - 1, x1 - x0 + 1, y1 - y0 + 2);
  ctx.clip();
  stack(ctx, theme, curves, place, range.low, hasRate);
  ctx.restore();
  marker(ctx, theme, sx(Math.min(now, last)), y0, y1);
  legend(ctx, theme, entries);
  return {at: (/** @type {number} */ px) => Math.max(0, Math.min(last, ((px - x0) / (x1 - x0)) * last))};
}

/** @param {Curves} curves @param {Range} range @param {number} width @param {number} height @param {number} top @returns {Frame} */
function frameOf(curves, {low, high}, width, height, top) {
  const last = Math.max(curves.train.at(-4) ?? 0, curves.val.at(-4) ?? 0, 1);
  const x0 = PAD.left, x1 = width - PAD.right, y0 = top, y1 = height - PAD.bottom;
  return {x0, x1, y0, y1, last, sx: (v) => x0 + (v / last) * (x1 - x0), sy: (v) => y1 - ((v - low) / (high - low)) * (y1 - y0)};
}

/**
 * Distortion with the rate on it: training filled and solid, validation dashed.
 *
 * @param {CanvasRenderingContext2D} ctx @param {Theme} theme @param {Curves} curves @param {Frame} place @param {number} low
 * @param {boolean} hasRate
 */
function stack(ctx, {paint: {distortion, rate, loss}}, {train, val}, place, low, hasRate) {
  area(ctx, train, () => low, distortionOf, distortion, 0.14, place);
  if (hasRate) area(ctx, train, distortionOf, sum, rate, 0.4, place);
  line(ctx, train, distortionOf, distortion, [], place);
  if (hasRate) {
    line(ctx, train, lossOf, loss, [], place, 1.5);  // under the stack, where beta = 1 makes them equal
    line(ctx, train, sum, rate, [], place);
    line(ctx, val, sum, rate, [6, 4], place);
  }
  line(ctx, val, distortionOf, distortion, [6, 4], place);
}

/** @param {CanvasRenderingContext2D} ctx @param {Theme} theme @param {Frame} place @param {Range} range */
function axes(ctx, theme, {x0, x1, y1, last, sx, sy}, {low, high, step}) {
  ctx.font = `13px ${theme.font}`;
  ctx.fillStyle = theme.text;
  ctx.strokeStyle = theme.border;
  ctx.lineWidth = 1;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  const digits = Math.max(0, Math.ceil(-Math.log10(step || 1) - 1e-9));
  const lines = step ? Math.floor((high - low) / step + 1e-9) : -1;
  for (let i = 0; i <= lines; i++) {
    const v = low + i * step, y = Math.round(sy(v)) + 0.5;
    ctx.globalAlpha = 0.5;
    stroke(ctx, [[x0, y], [x1, y]]);
    ctx.globalAlpha = 0.85;
    ctx.fillText(brief(v, digits), x0 - 7, y);
  }
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  const gap = nice(last, 6), unit = t("seconds");
  const room = x1 - ctx.measureText(unit).width - 20;  // the last number does not run into the unit
  for (let time = 0; sx(time) <= room; time += gap) ctx.fillText(`${+time.toFixed(2)}`, sx(time), y1 + 6);
  ctx.textAlign = "right";
  ctx.fillText(unit, x1, y1 + 6);
  ctx.globalAlpha = 1;
}

/** The curve as points on the canvas; a NaN is left out. @param {Rows} rows @param {Value} value @param {Frame} place */
function path(rows, value, {sx, sy}) {
  /** @type {Point[]} */
  const points = [];
  for (let i = 0; i < rows.length; i += 4) {
    const v = value(rows, i);
    if (Number.isFinite(v)) points.push([sx(rows[i]), sy(v)]);
  }
  return points;
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Rows} rows @param {Value} value @param {string} colour @param {number[]} dash
 * @param {Frame} place
 */
function line(ctx, rows, value, colour, dash, place, width = 2.5) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.setLineDash(dash);
  stroke(ctx, path(rows, value, place));
  ctx.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Rows} rows @param {Value} below @param {Value} above @param {string} colour
 * @param {number} alpha @param {Frame} place
 */
function area(ctx, rows, below, above, colour, alpha, place) {
  ctx.globalAlpha = alpha;
  ctx.fillStyle = colour;
  ctx.beginPath();
  [...path(rows, above, place), ...path(rows, below, place).reverse()].forEach(([x, y]) => ctx.lineTo(x, y));
  ctx.fill();
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {Theme} theme @param {number} x @param {number} y0 @param {number} y1 */
function marker(ctx, theme, x, y0, y1) {
  ctx.strokeStyle = theme.paint.z;
  ctx.lineWidth = 2;
  stroke(ctx, [[x, y0], [x, y1]]);
  ctx.fillStyle = theme.paint.z;
  ctx.beginPath();
  ctx.arc(x, y0, 5, 0, 7);
  ctx.fill();
}

/**
 * Where the row in force at a time begins: the last one that is not later; -1 without rows.
 *
 * @param {Rows} rows @param {number} now
 */
export function rowAt(rows, now) {
  let found = rows.length ? 0 : -1;
  for (let i = 0; i < rows.length && rows[i] <= now + 1e-6; i += 4) found = i;
  return found;
}

const GAP = 24, LINE = 18;  // pixels between two entries of the legend, and from line to line

/**
 * The entries of the legend with their places, in as many lines as they need.
 *
 * @param {CanvasRenderingContext2D} ctx @param {Theme} theme @param {Curves} curves @param {number} now @param {boolean} hasRate
 * @param {number} width
 * @returns {{text: string, colour: string, dash: number[], x: number, y: number}[]}
 */
function legendOf(ctx, theme, {train, val}, now, hasRate, width) {
  const i = rowAt(train, now), j = rowAt(val, now), {distortion, rate, loss} = theme.paint;
  const at = (/** @type {Rows} */ rows, /** @type {number} */ k, /** @type {number} */ column) =>
    (k < 0 || rows[k] > now + 0.3 ? NaN : rows[k + column]);
  /** @type {[string, string, number[], number][]} */
  const parts = [[t("distortion"), distortion, [], at(train, i, 2)]];
  if (hasRate) parts.push([t("rate"), rate, [], at(train, i, 3)], [t("loss"), loss, [], at(train, i, 1)]);
  parts.push([t("validation"), theme.text, [5, 3], at(val, j, 1)]);
  let x = PAD.left, y = 11;
  ctx.font = `14px ${theme.font}`;
  return parts.map(([name, colour, dash, value]) => {
    const text = `${name} ${brief(value)}`, wide = 18 + ctx.measureText(`${name} 000.00`).width;
    if (x + wide > width && x > PAD.left) [x, y] = [PAD.left, y + LINE];
    x += wide + GAP;
    return {text, colour, dash, x: x - wide - GAP, y};
  });
}

/** @param {CanvasRenderingContext2D} ctx @param {Theme} theme @param {ReturnType<typeof legendOf>} entries */
function legend(ctx, theme, entries) {
  ctx.font = `14px ${theme.font}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.lineWidth = 3;
  ctx.fillStyle = theme.text;
  for (const {text, colour, dash, x, y} of entries) {
    ctx.strokeStyle = colour;
    ctx.setLineDash(dash);
    stroke(ctx, [[x, y], [x + 14, y]]);
    ctx.fillText(text, x + 18, y);
  }
  ctx.setLineDash([]);
}

/**
 * One bar a dimension: the nats it carries, on the validation images, after the epoch before `now`.
 *
 * @param {HTMLCanvasElement} canvas @param {Float32Array | null} kl @param {number} count of dimensions
 * @param {number} top where the axis ends, in nats @param {Theme} theme
 */
export function drawBars(canvas, kl, count, top, theme) {
  const {ctx, width, height} = sheet(canvas), x0 = 34, y0 = 24, y1 = height - 20;
  ctx.font = `14px ${theme.font}`;
  ctx.fillStyle = theme.text;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.fillText(kl ? t("KL by dimension, nats") : t("KL by dimension: after epoch 1"), 0, 10, width);
  const room = (width - x0) / Math.max(count, 1), sy = (/** @type {number} */ v) => y1 - (Math.min(v, top) / top) * (y1 - y0);
  ctx.font = `13px ${theme.font}`;
  ctx.textAlign = "right";
  ctx.strokeStyle = theme.border;
  const step = nice(top, 2);
  for (let v = 0; v <= top * 1.001; v += step) {
    ctx.fillText(Math.abs(v) < 1e4 ? `${+v.toFixed(2)}` : brief(v), x0 - 6, sy(v));
    stroke(ctx, [[x0, sy(v)], [width, sy(v)]]);
  }
  ctx.textAlign = "center";
  for (let d = 0; d < count; d++) {
    const x = x0 + d * room, bar = Math.min(room * 0.8, 46);
    ctx.fillStyle = theme.paint.rate;
    if (kl) ctx.fillRect(x + (room - bar) / 2, sy(kl[d]), bar, y1 - sy(kl[d]));
    ctx.fillStyle = theme.text;
    if (d % Math.ceil(30 / room) === 0) ctx.fillText(`z${d + 1}`, x + room / 2, y1 + 11);
  }
}
