// Reconstructions above their originals, hard pixels; the green frame is x', the rose one x, as on every page.

import {context} from "../../stage/js/host/elements.js";
import {sheet} from "./canvas.js";
import {writeTexts} from "./texts.js";

/** @import {Shape, Theme} from "../../stage/js/types.d.ts" */
/** @import {Frame, Shared} from "./frame_store.js" */

/** The pictures that an array holds, cut once. @type {WeakMap<Uint8Array, OffscreenCanvas[]>} */
const tiles = new WeakMap();

/** @param {Uint8Array} pixels @param {Shape} shape */
function tile(pixels, [, height, width, channels = 1]) {
  const canvas = new OffscreenCanvas(width, height), ctx = context(canvas), image = ctx.createImageData(width, height);
  for (let i = 0, o = 0; i < width * height; i++, o += 4) {
    for (let c = 0; c < 3; c++) image.data[o + c] = pixels[channels === 3 ? 3 * i + c : i];
    image.data[o + 3] = 255;
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}

/** @param {Uint8Array} pixels (R, height, width[, 3]) @param {Shape} shape */
function cut(pixels, shape) {
  const size = pixels.length / shape[0];
  const made = tiles.get(pixels) ?? Array.from({length: shape[0]}, (_, r) => tile(pixels.subarray(r * size, (r + 1) * size), shape));
  tiles.set(pixels, made);
  return made;
}

/**
 * As pictures on a canvas, or as texts below one another.
 *
 * @param {HTMLCanvasElement} strip @param {HTMLElement} said @param {Frame | undefined} moment @param {Shared} shared @param {Theme} theme
 */
export function drawReconstructions(strip, said, moment, {originals, shape, texts}, theme) {
  strip.hidden = texts.length > 0;
  said.hidden = !strip.hidden;
  if (strip.hidden) writeTexts(said, moment?.texts ?? [], texts, theme);
  else drawStrip(strip, moment?.pictures, originals, shape, theme);
}

/**
 * @param {HTMLCanvasElement} canvas @param {Uint8Array | undefined} pictures @param {Uint8Array | undefined} originals
 * @param {Shape | undefined} shape @param {Theme} theme
 */
function drawStrip(canvas, pictures, originals, shape, theme) {
  const {ctx, width, height} = sheet(canvas), left = 26, gap = 4, count = shape ? shape[0] : 10;
  const side = Math.max(4, Math.min((width - left - gap * count) / count, (height - 3 * gap) / 2));
  ctx.imageSmoothingEnabled = false;
  ctx.font = `600 15px ${theme.font}`;
  ctx.textBaseline = "middle";
  const rows = /** @type {[string, Uint8Array | undefined, string][]} */ ([["x\u2032", pictures, theme.paint.out],
    ["x", originals, theme.paint.x]]);
  rows.forEach(([name, pixels, colour], row) => {
    const y = gap + row * (side + gap), drawn = pixels && shape ? cut(pixels, shape) : [];
    ctx.fillStyle = colour;
    ctx.fillText(name, 0, y + side / 2);
    for (let r = 0; r < count; r++) frame(ctx, drawn[r], colour, left + r * (side + gap), y, side);
  });
}

/**
 * One picture in its frame; a pale frame where there is none.
 *
 * @param {CanvasRenderingContext2D} ctx @param {OffscreenCanvas | undefined} picture @param {string} colour @param {number} x
 * @param {number} y @param {number} side
 */
function frame(ctx, picture, colour, x, y, side) {
  if (picture) ctx.drawImage(picture, x, y, side, side);
  ctx.strokeStyle = colour;
  ctx.globalAlpha = picture ? 1 : 0.35;
  ctx.lineWidth = 2;
  ctx.strokeRect(x, y, side, side);
  ctx.globalAlpha = 1;
}
