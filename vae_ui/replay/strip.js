// Reconstructions above their originals, hard pixels; the green frame is x', the rose one x, as on every page.

import {sheet} from "./charts.js";

const tiles = new WeakMap();

function tile(pixels, [, height, width, channels = 1]) {
  const canvas = new OffscreenCanvas(width, height), ctx = canvas.getContext("2d"), image = ctx.createImageData(width, height);
  for (let i = 0, o = 0; i < width * height; i++, o += 4) {
    for (let c = 0; c < 3; c++) image.data[o + c] = pixels[channels === 3 ? 3 * i + c : i];
    image.data[o + 3] = 255;
  }
  ctx.putImageData(image, 0, 0);
  return canvas;
}

function cut(pixels, shape) {
  if (!tiles.has(pixels)) {
    const size = pixels.length / shape[0];
    tiles.set(pixels, Array.from({length: shape[0]}, (_, r) => tile(pixels.subarray(r * size, (r + 1) * size), shape)));
  }
  return tiles.get(pixels);
}

export function drawStrip(canvas, pictures, originals, shape, theme) {
  const {ctx, width, height} = sheet(canvas), left = 26, gap = 4, count = shape ? shape[0] : 10;
  const side = Math.max(4, Math.min((width - left - gap * count) / count, (height - 3 * gap) / 2));
  ctx.imageSmoothingEnabled = false;
  ctx.font = `600 15px ${theme.font}`;
  ctx.textBaseline = "middle";
  [["x\u2032", pictures, theme.paint.out], ["x", originals, theme.paint.x]].forEach(([name, pixels, colour], row) => {
    const y = gap + row * (side + gap);
    ctx.fillStyle = colour;
    ctx.fillText(name, 0, y + side / 2);
    const drawn = pixels ? cut(pixels, shape) : [];
    for (let r = 0; r < count; r++) {
      const x = left + r * (side + gap);
      if (drawn[r]) ctx.drawImage(drawn[r], x, y, side, side);
      ctx.strokeStyle = colour;
      ctx.globalAlpha = drawn[r] ? 1 : 0.35;
      ctx.lineWidth = 2;
      ctx.strokeRect(x, y, side, side);
      ctx.globalAlpha = 1;
    }
  });
}
