// Ten thousands of dots, written into the pixels of an image: canvas calls take 54 ms for 60,000 dots, this loop a tenth.

/** @import {Viewport} from "./viewport.js" */

/**
 * A soft disc as a list of the pixels that it touches: where (bytes from its middle) and how much is covered, 0 to 1.
 *
 * @param {number} radius @param {number} width of the image, in pixels
 */
function disc(radius, width) {
  const half = Math.ceil(radius), where = /** @type {number[]} */ ([]), cover = /** @type {number[]} */ ([]);
  for (let y = -half; y <= half; y++) {
    for (let x = -half; x <= half; x++) {
      const part = Math.min(1, radius + 0.5 - Math.hypot(x, y));
      if (part <= 0.02) continue;
      where.push((y * width + x) * 4);
      cover.push(part);
    }
  }
  return {half, where: Int32Array.from(where), cover: Float32Array.from(cover)};
}

/** @param {string} hex */
const rgb = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

/**
 * @param {ImageData} image wiped first
 * @param {Viewport} view
 * @param {number} ratio device pixels for each CSS pixel
 * @param {Float32Array} points @param {Uint8Array} classes @param {number[]} shown 1 for each class that is visible
 * @param {string[]} colours @param {number} radius in CSS pixels @param {number} alpha
 * @param {Uint8Array | null} tone dims the points that are not in a selection: tone[i] is 1 for those in it
 * @param {Uint8Array} [dyes] the place of each point's colour, where that is not its class
 */
export function drawDots(image, view, ratio, points, classes, shown, colours, radius, alpha, tone, dyes = classes) {
  const {width, data} = image, {half, where, cover} = disc(radius * ratio, width), paints = colours.map(rgb);
  const scale = view.scale * ratio, x0 = view.sx(0) * ratio, y0 = view.sy(0) * ratio;
  const [left, right, top, bottom] = [view.x0, view.x1, view.y0, view.y1].map((edge) => edge * ratio);
  data.fill(0);
  for (let i = 0; i < classes.length; i++) {
    const k = classes[i], x = Math.round(x0 + points[2 * i] * scale), y = Math.round(y0 - points[2 * i + 1] * scale);
    if (!shown[k] || x < left + half || x > right - half || y < top + half || y > bottom - half) continue;
    const [r, g, b] = paints[dyes[i]], strength = (tone && !tone[i] ? 0.12 : alpha) * 255, middle = (y * width + x) * 4;
    for (let c = 0; c < where.length; c++) {
      const o = middle + where[c], over = cover[c] * strength, under = data[o + 3];
      const all = over + under * (1 - over / 255), share = over / all;  // "over", for pixels that are not premultiplied
      data[o] += (r - data[o]) * share;
      data[o + 1] += (g - data[o + 1]) * share;
      data[o + 2] += (b - data[o + 2]) * share;
      data[o + 3] = all;
    }
  }
}

const DENSE = 200_000;  // dots from which on they may be as many as pixels
const FEW = 50_000;  // of them in sight: a disc for each takes less than a frame

/** Whether a map shows how many dots each pixel has, in place of a disc for each dot. @param {number} count @param {number} zoom */
export const isDense = (count, zoom) => count > DENSE && count > FEW * zoom * zoom;

/**
 * As `drawDots`, for more dots than a frame has time for: each pixel has the mean colour of its dots, and is the stronger the more they are,
 * as if they lay one above another. A million dots take 20 ms; of a `stride` above 1 one dot in so many stands for all of them.
 *
 * @param {ImageData} image wiped first
 * @param {Viewport} view @param {number} ratio @param {Float32Array} points @param {Uint8Array} classes @param {number[]} shown
 * @param {string[]} colours @param {number} alpha @param {Uint8Array | null} tone @param {Uint8Array} [dyes] @param {number} [stride]
 */
export function drawDensity(image, view, ratio, points, classes, shown, colours, alpha, tone, dyes = classes, stride = 1) {
  const {width, height, data} = image, paints = colours.map(rgb), red = Float32Array.from(paints, ([r]) => r);
  const green = Float32Array.from(paints, ([, g]) => g), blue = Float32Array.from(paints, ([, , b]) => b), visible = Uint8Array.from(shown);
  const scale = view.scale * ratio, x0 = view.sx(0) * ratio + 0.5, y0 = view.sy(0) * ratio + 0.5;
  const left = view.x0 * ratio, right = view.x1 * ratio - 1, top = view.y0 * ratio, bottom = view.y1 * ratio - 1;
  const sums = sumsOf(width * height);
  for (let i = 0; i < classes.length; i += stride) {
    const x = x0 + points[2 * i] * scale, y = y0 - points[2 * i + 1] * scale;
    if (x < left || x > right || y < top || y > bottom || visible[classes[i]] === 0) continue;
    const o = ((y | 0) * width + (x | 0)) * 4, k = dyes[i], weight = tone !== null && tone[i] === 0 ? 0.12 * stride : stride;
    sums[o] += weight * red[k];
    sums[o + 1] += weight * green[k];
    sums[o + 2] += weight * blue[k];
    sums[o + 3] += weight;
  }
  data.fill(0);
  const clear = Math.log(1 - Math.min(alpha, 0.99));
  for (let o = 0; o < sums.length; o += 4) {
    const weight = sums[o + 3];
    if (weight === 0) continue;
    data[o] = sums[o] / weight;
    data[o + 1] = sums[o + 1] / weight;
    data[o + 2] = sums[o + 2] / weight;
    data[o + 3] = 255 * (1 - Math.exp(clear * weight));
  }
}

let kept = new Float32Array(0);

/** Zeros, four for each pixel; the same array from frame to frame. @param {number} pixels */
function sumsOf(pixels) {
  if (kept.length === 4 * pixels) kept.fill(0);
  else kept = new Float32Array(4 * pixels);
  return kept;
}

/** In CSS pixels: small when there are many, larger as one zooms in. @param {number} count @param {number} zoom */
export function dotRadius(count, zoom) {
  const base = count > 40000 ? 1.3 : count > 6000 ? 2 : count > 1500 ? 2.8 : 3.6;
  return Math.min(6.5, base * Math.max(1, zoom) ** 0.35);
}
