// What lies behind the dots: grid, decoded lattice, prior contours; and before them: axes and class names.

import {context} from "../host/elements.js";
import {inDigits, t} from "../host/words.js";
import {niceStep} from "./viewport.js";

/** @import {Point, Shape, Theme} from "../types.d.ts" */
/** @import {Viewport} from "./viewport.js" */
/** @typedef {CanvasRenderingContext2D} Context */

/** The rectangle of the plane as a path. @param {Context} ctx @param {Viewport} view */
export function frame(ctx, view) {
  ctx.beginPath();
  ctx.rect(view.x0, view.y0, view.x1 - view.x0, view.y1 - view.y0);
}

/** @param {number} from @param {number} to @param {number} step */
function ticks(from, to, step) {
  /** @type {number[]} */
  const found = [];
  for (let k = Math.ceil(from / step); k * step <= to; k++) found.push(k * step);
  return found;
}

/** The numbers on both axes, and how many digits they need after the point. @param {Viewport} view */
function axisTicks(view) {
  const step = niceStep(view.scale, 72);
  return {
    xs: ticks(view.dx(view.x0), view.dx(view.x1), step),
    ys: ticks(view.dy(view.y1), view.dy(view.y0), step),
    digits: Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)),
  };
}

/** @param {Context} ctx @param {Viewport} view @param {Theme} theme */
export function drawGrid(ctx, view, theme) {
  const {xs, ys} = axisTicks(view);
  ctx.strokeStyle = theme.border;
  for (const v of xs) line(ctx, view.sx(v), view.y0, view.sx(v), view.y1, Math.abs(v) < 1e-9 ? 0.9 : 0.35);
  for (const v of ys) line(ctx, view.x0, view.sy(v), view.x1, view.sy(v), Math.abs(v) < 1e-9 ? 0.9 : 0.35);
  ctx.globalAlpha = 1;
}

/** @param {Context} ctx @param {number} x0 @param {number} y0 @param {number} x1 @param {number} y1 @param {number} alpha */
function line(ctx, x0, y0, x1, y1, alpha) {
  ctx.globalAlpha = alpha;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(Math.round(x0) + 0.5, Math.round(y0) + 0.5);
  ctx.lineTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  ctx.stroke();
}

/**
 * A grey picture becomes ink of the theme's text colour, so that the map keeps its background; a coloured one stays.
 *
 * @param {Uint8Array} pixels @param {Shape} shape @param {Theme} theme
 */
export function latticeCanvas(pixels, [height, width, channels], theme) {
  const canvas = new OffscreenCanvas(width, height), ctx = context(canvas);
  const image = ctx.createImageData(width, height), ink = theme.dark ? 255 : 20;
  for (let i = 0, o = 0; i < width * height; i++, o += 4) {
    for (let c = 0; c < 3; c++) image.data[o + c] = channels === 3 ? pixels[3 * i + c] : ink;
    image.data[o + 3] = channels === 3 ? 255 : pixels[i];
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Strong while its tiles can be read, pale once one of its pixels is a large block on the screen.
 *
 * @param {Context} ctx @param {number} block pixels on the screen of one of its pixels @param {boolean} dots whether dots lie over it
 */
export function latticeLook(ctx, block, dots) {
  ctx.globalAlpha = (dots ? 0.42 : 0.9) * Math.min(1, Math.max(0.22, 1.25 - block / 9));
  ctx.imageSmoothingEnabled = block < 1;  // hard pixels, except where several share one on the screen
  ctx.imageSmoothingQuality = "high";
}

/**
 * @param {Context} ctx @param {Viewport} view @param {OffscreenCanvas} canvas @param {[number, number, number, number]} extent
 * @param {boolean} dots whether dots lie over it
 */
export function drawLattice(ctx, view, canvas, [x0, x1, y0, y1], dots) {
  const left = view.sx(x0), top = view.sy(y1), width = (x1 - x0) * view.scale, height = (y1 - y0) * view.scale;
  latticeLook(ctx, width / canvas.width, dots);
  ctx.drawImage(canvas, left, top, width, height);
  ctx.globalAlpha = 1;
}

/** Circles at 1, 2 and 3 standard deviations of the prior. @param {Context} ctx @param {Viewport} view @param {Theme} theme */
export function drawContours(ctx, view, theme) {
  ctx.strokeStyle = ctx.fillStyle = theme.paint.prior;
  ctx.lineWidth = 2;
  ctx.setLineDash([7, 6]);
  for (const sd of [1, 2, 3]) {
    ctx.beginPath();
    ctx.arc(view.sx(0), view.sy(0), sd * view.scale, 0, 7);
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

const DIRECTIONS = [[1, -1], [-1, -1], [-1, 1], [1, 1], [0, -1], [0, 1], [1, 0], [-1, 0]].map(([x, y]) => [x / Math.hypot(x, y), y / Math.hypot(x, y)]);

/**
 * How far out each circle is, in the first direction where no name of a class covers it.
 *
 * @param {Context} ctx @param {Viewport} view @param {Theme} theme @param {Point[]} taken where names of classes stand, in pixels
 */
export function drawContourNames(ctx, view, theme, taken) {
  ctx.font = `600 14px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const sd of [1, 2, 3]) {
    const text = t("{n} sd", {n: sd}), half = ctx.measureText(text).width / 2;
    const places = DIRECTIONS.map(([across, down]) => [view.sx(sd * across), view.sy(-sd * down)]);
    const inside = places.filter(([x, y]) => view.inside(x - half, y) && view.inside(x + half, y));
    const free = inside.find(([x, y]) => !taken.some(([a, b]) => Math.abs(a - x) < half + 12 && Math.abs(b - y) < 20)) ?? inside[0];
    if (free) halo(ctx, text, free[0], free[1], theme.paint.prior, theme.back, 4);
  }
}

/**
 * Text with an outline that sets it off from what lies behind.
 *
 * @param {Context} ctx @param {string} text @param {number} x @param {number} y
 * @param {string} colour @param {string} ground @param {number} width of the outline
 */
export function halo(ctx, text, x, y, colour, ground, width) {
  ctx.lineJoin = "round";
  ctx.lineWidth = width;
  ctx.strokeStyle = ground;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

/**
 * The name of each class at its middle.
 *
 * @param {Context} ctx @param {Viewport} view @param {Theme} theme @param {string[]} names
 * @param {(Point | null)[]} centres @param {number[]} shown @param {boolean} many smaller letters
 */
export function drawNames(ctx, view, theme, names, centres, shown, many) {
  ctx.font = `700 ${many ? 15 : 19}px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  centres.forEach((centre, k) => {
    if (centre && shown[k]) halo(ctx, names[k], view.sx(centre[0]), view.sy(centre[1]), theme.text, theme.back, 5);
  });
}

/** @param {Context} ctx @param {Viewport} view @param {Theme} theme @param {[string, string]} names */
export function drawAxes(ctx, view, theme, [across, up]) {
  const {xs, ys, digits} = axisTicks(view), text = (/** @type {number} */ v) => inDigits(Math.abs(v) < 1e-9 ? 0 : v, digits);
  ctx.strokeStyle = theme.border;
  ctx.lineWidth = 1;
  ctx.strokeRect(view.x0 + 0.5, view.y0 + 0.5, view.x1 - view.x0 - 1, view.y1 - view.y0 - 1);
  if (view.small) return nameAxes(ctx, view, theme, across, up);
  ctx.font = `14px ${theme.font}`;
  ctx.fillStyle = theme.text;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.globalAlpha = 0.8;
  const room = ctx.measureText(across).width + 24;
  for (const v of xs) if (view.sx(v) < view.x1 - room) ctx.fillText(text(v), view.sx(v), view.y1 + 8);
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const v of ys) if (view.sy(v) > view.y0 + 30) ctx.fillText(text(v), view.x0 - 8, view.sy(v));
  ctx.globalAlpha = 1;
  ctx.font = `600 15px ${theme.font}`;
  ctx.textBaseline = "top";
  ctx.fillText(across, view.x1, view.y1 + 8);
  if (ctx.measureText(up).width < view.x0 - 8) ctx.fillText(up, view.x0 - 8, view.y0 + 2);
  else sideways(ctx, view, up);
}

/** On a small map the names stand inside. @param {Context} ctx @param {Viewport} view @param {Theme} theme @param {string} across @param {string} up */
function nameAxes(ctx, view, theme, across, up) {
  ctx.font = `600 14px ${theme.font}`;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  halo(ctx, `${up} \u2191`, view.x0 + 6, view.y0 + 5, theme.text, theme.back, 4);
  ctx.textBaseline = "bottom";
  ctx.textAlign = "right";
  halo(ctx, `${across} \u2192`, view.x1 - 6, view.y1 - 5, theme.text, theme.back, 4);
}

/** @param {Context} ctx @param {Viewport} view @param {string} text */
function sideways(ctx, view, text) {
  ctx.save();
  ctx.translate(2, view.y0);
  ctx.rotate(-Math.PI / 2);
  ctx.textAlign = "right";
  ctx.fillText(text, 0, 0);
  ctx.restore();
}
