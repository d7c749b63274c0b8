// Pictures on a canvas of as many pixels as the picture has; the style sheets enlarge them without smoothing.

import {context} from "./elements.js";

/** @import {Shape} from "../types.d.ts" */

/** The image of each canvas, kept from frame to frame. @type {WeakMap<HTMLCanvasElement, ImageData>} */
const images = new WeakMap();

/** @param {HTMLCanvasElement} canvas @param {number} width @param {number} height */
function imageOf(canvas, width, height) {
  const known = images.get(canvas);
  if (known?.width === width && known.height === height && canvas.width === width && canvas.height === height) return known;
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  images.set(canvas, image);
  return image;
}

/**
 * Numbers in [0, 1], channels first, or a point (2).
 *
 * @param {HTMLCanvasElement} canvas @param {Float32Array} values @param {Shape} shape
 */
export function show(canvas, values, shape) {
  if (shape.length === 1) return showPoint(canvas, values);
  const [channels, height, width] = shape, size = height * width, image = imageOf(canvas, width, height), {data} = image;
  for (let i = 0, o = 0; i < size; i++, o += 4) {
    data[o] = 255 * values[i];
    data[o + 1] = 255 * values[channels === 3 ? size + i : i];
    data[o + 2] = 255 * values[channels === 3 ? 2 * size + i : i];
    data[o + 3] = 255;
  }
  context(canvas).putImageData(image, 0, 0);
}

const EDGE = 3, SIDE = 256;  // a point's plane reaches from -3 to 3

/** @param {HTMLCanvasElement} canvas @param {Float32Array} point */
function showPoint(canvas, [x, y]) {
  if (canvas.width !== SIDE) canvas.width = canvas.height = SIDE;
  const ctx = context(canvas), at = (/** @type {number} */ v) => Math.max(12, Math.min(SIDE - 12, SIDE / 2 + (v * SIDE) / (2 * EDGE)));
  ctx.fillStyle = "#000";
  ctx.fillRect(0, 0, SIDE, SIDE);
  ctx.fillStyle = "#383838";
  ctx.fillRect(SIDE / 2 - 4, 0, 8, SIDE);
  ctx.fillRect(0, SIDE / 2 - 4, SIDE, 8);
  ctx.fillStyle = "#fff";
  ctx.beginPath();
  ctx.arc(at(x), at(-y), 12, 0, 7);
  ctx.fill();
}

/**
 * Signed numbers as colours, the mean over the channels: the middle one of `colours` is 0, the first -most, the last +most.
 *
 * @param {HTMLCanvasElement} canvas @param {Float32Array} values channels first @param {Shape} shape
 * @param {number} most @param {[string, string, string]} colours as #rrggbb
 */
export function showSigned(canvas, values, [channels, height, width], most, colours) {
  const size = height * width, image = imageOf(canvas, width, height), [below, ground, above] = colours.map(levelsOf);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += values[c * size + i];
    const share = sum / channels / most, end = share < 0 ? below : above;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = ground[c] + Math.abs(share) * (end[c] - ground[c]);
    image.data[4 * i + 3] = 255;
  }
  context(canvas).putImageData(image, 0, 0);
}

/** Red, green and blue of a colour such as #2a809d. @param {string} colour */
const levelsOf = (colour) => [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));

/**
 * The mean of some thumbnails, one of them for itself.
 *
 * @param {HTMLCanvasElement} canvas @param {Uint8Array[]} thumbs grey levels or colours, row by row @param {Shape} shape height, width[, 3]
 */
export function showThumbs(canvas, thumbs, [height, width, channels = 1]) {
  const size = width * height, sum = new Float32Array(size * channels), image = imageOf(canvas, width, height);
  for (const one of thumbs) for (let k = 0; k < sum.length; k++) sum[k] += one[k];
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = sum[i * channels + (channels === 3 ? c : 0)] / thumbs.length;
    image.data[4 * i + 3] = 255;
  }
  context(canvas).putImageData(image, 0, 0);
}
